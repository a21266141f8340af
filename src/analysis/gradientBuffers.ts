// What is held on the way back: from the last step to the first one, gradients by the outputs become gradients by the inputs.
import { type GraphData, showRef } from '../graph/graph.ts'
import type { Buffers } from './bufferPool.ts'
import type { Placed, PlacedStep } from './buffers.ts'
import { countParams } from './params.ts'

const BYTES = 4

/** Bytes of the weights of a step that are trained. */
const trainedBytes = ({ step: { node } }: PlacedStep): number => (countParams(node).trainableParams ?? 0) * BYTES

/** The names of values that a trained weight has a part in: they alone have gradients. */
function reachedBy(steps: readonly PlacedStep[]): ReadonlySet<string> {
  const reached = new Set<string>()
  for (const one of steps) {
    const { step: { node }, inputs, outputs } = one
    const learns = trainedBytes(one) > 0 || node.weights !== null
    if (learns || inputs.some(({ name }) => reached.has(name))) for (const { name } of outputs) reached.add(name)
  }
  return reached
}

/**
 * Bytes held while the gradients through each step are computed, after a forward pass whose outputs all lie in `buffers`;
 * `null` where there are none. The gradients by weights stay to the end.
 */
export function holdGradients(graph: GraphData, steps: readonly PlacedStep[], buffers: Buffers): readonly (number | null)[] {
  const reached = reachedBy(steps)
  const flowing = new Map<string, number>()
  const held: (number | null)[] = steps.map(() => null)
  const takeFor = ({ name, bytes }: Placed): void => {
    const before = flowing.get(name)
    const partial = buffers.take(bytes as number)
    if (before === undefined) {
      flowing.set(name, partial)
      return
    }
    // The sum of two gradients is there before they are let go of.
    flowing.set(name, buffers.take(bytes as number))
    peak = Math.max(peak, buffers.held)
    buffers.giveBack(before)
    buffers.giveBack(partial)
  }
  let peak = 0
  const placed = new Map(steps.flatMap(({ outputs }) => outputs).map((one) => [one.name, one]))
  for (const { from } of graph.outputs) {
    const output = placed.get(showRef(from))
    if (output !== undefined && reached.has(output.name)) takeFor(output)
  }
  for (const [index, one] of [...steps.entries()].reverse()) {
    const { inputs, outputs, view } = one
    const own = outputs.flatMap(({ name }) => flowing.get(name) ?? [])
    if (own.length > 0) {
      peak = buffers.held
      const weights = trainedBytes(one)
      if (weights > 0) buffers.take(weights)
      const [gradient] = own
      for (const input of inputs.filter(({ name }) => reached.has(name))) {
        if (view && !flowing.has(input.name)) flowing.set(input.name, buffers.share(gradient as number))
        else takeFor(input)
      }
      held[index] = Math.max(peak, buffers.held)
    }
    for (const buffer of own) buffers.giveBack(buffer)
    for (const { buffer } of outputs) buffers.giveBack(buffer as number)
  }
  return held
}
