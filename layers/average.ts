// average: the element-wise average of several tensors of one shape.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { sameShape } from '../src/spec/merge.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { SameOut } from '../src/types/shape.ts'

export interface Average extends Callable {
  readonly kind: 'average'
  readonly [OUT]: SameOut<this[typeof IN], 'average'>
}

/**
 * The mean of two or more tensors of one shape, number by number: `average()([a, b])`.
 *
 * @throws LayergraphError from `graph()`: `shape/differ`, `shape/arity`.
 */
export const average = withTypes<() => Average>()(defineLayer({
  kind: 'average',
  category: 'merge',
  arity: 'many',
  summary: 'Averages tensors of one shape.',
  summaryZh: '对形状相同的张量取平均。',
  formula: 'out = mean of the inputs; no parameters; no MACs',
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[4, 5, 3], [4, 5, 3]] },
    { config: {}, inputs: [[6], [6], [6]] },
  ],
  infer: ({ inputs }) => sameShape(inputs),
  macs: () => 0,
  field: () => pointwise,
  forward: (op, _site, inputs) => op.average(inputs),
}))
