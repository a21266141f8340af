// maximum: the element-wise maximum of several tensors of one shape.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { sameShape } from '../src/spec/merge.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { SameOut } from '../src/types/shape.ts'

export interface Maximum extends Callable {
  readonly kind: 'maximum'
  readonly [OUT]: SameOut<this[typeof IN], 'maximum'>
}

/**
 * The largest of two or more tensors of one shape, number by number: a maxout unit; the gradient goes to the first of them: `maximum()([a, b])`.
 *
 * @throws LayergraphError from `graph()`: `shape/differ`, `shape/arity`.
 */
export const maximum = withTypes<() => Maximum>()(defineLayer({
  kind: 'maximum',
  category: 'merge',
  arity: 'many',
  summary: 'Keeps the largest of tensors of one shape.',
  summaryZh: '取形状相同的张量中的最大值。',
  formula: 'out = max of the inputs; no parameters; no MACs',
  paper: {
    title: 'Maxout networks', authors: 'Goodfellow, Warde-Farley, Mirza, Courville, Bengio', year: 2013,
    url: 'https://arxiv.org/abs/1302.4389',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[4, 5, 3], [4, 5, 3]] },
    { config: {}, inputs: [[6], [6], [6]] },
  ],
  infer: ({ inputs }) => sameShape(inputs),
  macs: () => 0,
  field: () => pointwise,
  forward: (op, _site, inputs) => op.maximum(inputs),
}))
