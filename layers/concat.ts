// concat: several tensors side by side along the last axis.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { type Dims, showDims, type Size, unifyDims } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { ConcatOut } from '../src/types/shape.ts'

export interface Concat extends Callable {
  readonly kind: 'concat'
  readonly [OUT]: ConcatOut<this[typeof IN], 'concat'>
}

const sum = (a: Size, b: Size): Size => (a === null || b === null ? null : a + b)

/** Both side by side; `null` when they differ in more than the last axis. */
function join(a: Dims, b: Dims): Dims | null {
  if (a.length === 0 || b.length === 0) return null
  const front = unifyDims(a.slice(0, -1), b.slice(0, -1))
  return front === null ? null : [...front, sum(a.at(-1) as Size, b.at(-1) as Size)]
}

/**
 * Two or more tensors side by side along the last axis: `concat()([a, b])`, [h, w, 3] and [h, w, 5] → [h, w, 8].
 *
 * @throws LayergraphError from `graph()`: `shape/differ`, `shape/arity`.
 */
export const concat = withTypes<() => Concat>()(defineLayer({
  kind: 'concat',
  category: 'merge',
  arity: 'many',
  summary: 'Puts tensors side by side along the channels.',
  formula: 'out = [..., sum of the channels]; no parameters; no MACs',
  paper: {
    title: 'Going deeper with convolutions', authors: 'Szegedy et al.', year: 2015, url: 'https://arxiv.org/abs/1409.4842',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[4, 5, 3], [4, 5, 2]] },
    { config: {}, inputs: [[3], [1], [4]] },
  ],
  infer({ inputs }) {
    let joined = inputs[0] as Dims
    for (const input of inputs.slice(1)) {
      const next = join(joined, input)
      if (next === null) {
        return misfit(
          'shape/differ', `only the channels may differ, but ${showDims(joined)} meets ${showDims(input)}`,
          'bring them to one height and width with strides, padding or pooling',
        )
      }
      joined = next
    }
    return output(joined)
  },
  macs: () => 0,
  field: () => pointwise,
  forward: (op, _site, inputs) => op.concat(inputs),
}))
