// multiply: the element-wise product of several tensors, sizes of 1 repeated.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { globalField, type OneFieldRule, pointwise } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { productDims } from '../src/spec/merge.ts'
import type { Value } from '../src/spec/ops.ts'
import { type Dims, sameDims, showDims } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { ProductOut } from '../src/types/merge.ts'

export interface Multiply extends Callable {
  readonly kind: 'multiply'
  readonly [OUT]: ProductOut<this[typeof IN], 'multiply'>
}

/** [batch, …] with sizes of 1 behind the batch, up to so many axes. */
const lifted = ({ shape }: Value, rank: number): readonly number[] =>
  [shape[0]!, ...Array.from({ length: rank + 1 - shape.length }, () => 1), ...shape.slice(1)]

/** What each position of the output sees of an input: the same place of an image, all of a single position. */
function seen(input: Dims, whole: Dims): OneFieldRule {
  if (input.length === whole.length && (whole.length < 2 || sameDims(input.slice(0, -1), whole.slice(0, -1)))) return pointwise
  return input.slice(0, -1).every((size) => size === 1) ? globalField : { rule: 'opaque' }
}

/**
 * The product of two or more tensors, number by number: `multiply()([image, weights])`.
 *
 * Sizes of 1 are repeated, and so are axes that the shorter shape lacks in front: an image [h, w, c] times [h, w, c],
 * [1, 1, c], [c] (one factor for each channel, as in squeeze-and-excitation) or [h, w, 1] (one for each pixel).
 *
 * @throws LayergraphError from `graph()`: `shape/differ`, `shape/arity`.
 */
export const multiply = withTypes<() => Multiply>()(defineLayer({
  kind: 'multiply',
  category: 'merge',
  arity: 'many',
  summary: 'Multiplies tensors, repeating sizes of 1.',
  summaryZh: '把张量相乘，大小为 1 的轴自动重复。',
  formula: 'out = the larger of each size; no parameters; element-wise products count as no MACs',
  paper: { title: 'Squeeze-and-excitation networks', authors: 'Hu, Shen, Sun', year: 2018, url: 'https://arxiv.org/abs/1709.01507' },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[4, 5, 3], [4, 5, 3]] },
    { config: {}, inputs: [[4, 3, 5], [5]] },
    { config: {}, inputs: [[4, 3, 2], [1, 1, 2], [4, 3, 1]] },
  ],
  infer({ inputs }) {
    let common = inputs[0] as Dims
    for (const input of inputs.slice(1)) {
      const next = productDims(common, input)
      if (next === null) {
        return misfit(
          'shape/differ', `${showDims(common)} and ${showDims(input)} do not go together`,
          'make each size equal, or 1: a factor for each channel is [channels] or [1, 1, channels]',
        )
      }
      common = next
    }
    return output(common)
  },
  macs: () => 0,
  field: ({ inputs, outputs }) =>
    ({ rule: 'each', rules: inputs.map((input) => seen(input, outputs[0] as Dims)) }),
  forward(op, { outputs }, inputs) {
    const rank = (outputs[0] as Dims).length
    return inputs
      .map((input) => (input.shape.length === rank + 1 ? input : op.reshape(input, lifted(input, rank))))
      .reduce((a, b) => op.multiply(a, b))
  },
}))
