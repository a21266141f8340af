// Layers of sequences run as their siblings of images, on an image of one row.
import type { Ops, Value } from './ops.ts'
import type { Site } from './layer.ts'

/** What `act` makes of a batch of sequences [n, steps, channels] as images [n, 1, steps, channels], as sequences again. */
export function asRow(op: Ops, { inputs, outputs }: Site, x: Value, act: (row: Value) => Value): Value {
  const [batch] = x.shape
  const row = op.reshape(x, [batch as number, 1, ...inputs[0] as readonly number[]])
  return op.reshape(act(row), [batch as number, ...outputs[0] as readonly number[]])
}
