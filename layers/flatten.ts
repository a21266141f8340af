// flatten: all numbers in a row.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { output } from '../src/spec/layer.ts'
import { countOf, type Dims } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { Count, One } from '../src/types/shape.ts'

type FlattenOut<X> = X extends string ? X : [Count<X>]

export interface Flatten extends Callable {
  readonly kind: 'flatten'
  readonly [OUT]: FlattenOut<One<this[typeof IN], 'flatten'>>
}

/** All numbers of a tensor in a row, last axis fastest: [h, w, c] → [h · w · c]. */
export const flatten = withTypes<() => Flatten>()(defineLayer({
  kind: 'flatten',
  category: 'reshape',
  summary: 'Puts all numbers in a row.',
  summaryZh: '把所有的数排成一行。',
  formula: 'out = [product of the sizes]; no parameters; no MACs',
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[5]] },
  ],
  infer: ({ inputs: [input] }) => output([countOf(input as Dims)]),
  macs: () => 0,
  field: () => ({ rule: 'reshape' }),
  follows: () => ({ does: 'reshape' }),
  forward: (op, { outputs }, [x]) => op.reshape(x!, [x!.shape[0]!, ...(outputs[0] as number[])]),
}))
