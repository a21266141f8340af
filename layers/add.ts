// add: the element-wise sum of several tensors of one shape.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { sameShape } from '../src/spec/merge.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { SameOut } from '../src/types/shape.ts'

export interface Add extends Callable {
  readonly kind: 'add'
  readonly [OUT]: SameOut<this[typeof IN], 'add'>
}

/**
 * The sum of two or more tensors of one shape: `add()([a, b])`.
 *
 * @throws LayergraphError from `graph()`: `shape/differ`, `shape/arity`.
 */
export const add = withTypes<() => Add>()(defineLayer({
  kind: 'add',
  category: 'merge',
  arity: 'many',
  summary: 'Adds tensors of one shape.',
  summaryZh: '把形状相同的张量相加。',
  formula: 'out = in; no parameters; no multiplications',
  paper: {
    title: 'Deep residual learning for image recognition', authors: 'He, Zhang, Ren, Sun', year: 2016,
    url: 'https://arxiv.org/abs/1512.03385',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[4, 5, 3], [4, 5, 3]] },
    { config: {}, inputs: [[6], [6], [6]] },
  ],
  infer: ({ inputs }) => sameShape(inputs),
  macs: () => 0,
  field: () => pointwise,
  activates: ['relu', 'relu6'],
  forward: (op, _site, inputs, _weights, { activation }) => op.add(inputs, activation),
}))
