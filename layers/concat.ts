// concat: several tensors side by side along an axis.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { axisMisfit, placeOf } from '../src/spec/merge.ts'
import { type Dims, showDims, type Size, unifyDims } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { ConcatAlong } from '../src/types/merge.ts'

/** What concat takes. */
export interface ConcatConfig<A extends number = number> {
  /** Along which axis, counted as in Keras: 1 is the first after the batch. Default −1, the channels. */
  axis?: A
}

export interface Concat<A extends number = -1> extends Callable {
  readonly kind: 'concat'
  readonly [SETTINGS]: A
  readonly [OUT]: ConcatAlong<this[typeof IN], A>
}

const sum = (a: Size, b: Size): Size => (a === null || b === null ? null : a + b)

/** Both side by side; `null` when they differ elsewhere than at the place. */
function join(a: Dims, b: Dims, place: number): Dims | null {
  if (a.length !== b.length || place >= a.length) return null
  const others = unifyDims(a.toSpliced(place, 1), b.toSpliced(place, 1))
  return others === null ? null : others.toSpliced(place, 0, sum(a[place] as Size, b[place] as Size))
}

/**
 * Two or more tensors side by side along the last axis, or another one: `concat()([a, b])`, [h, w, 3] and [h, w, 5] → [h, w, 8].
 *
 * @throws LayergraphError from `graph()`: `shape/differ`, `shape/axis`, `shape/arity`.
 */
export const concat = withTypes<<const A extends number = -1>(config?: ConcatConfig<A>) => Concat<A>>()(defineLayer({
  kind: 'concat',
  category: 'merge',
  arity: 'many',
  summary: 'Puts tensors side by side along the channels, or another axis.',
  summaryZh: '沿通道或其他轴拼接张量。',
  formula: 'out = [..., sum along the axis, ...]; no parameters; no MACs',
  paper: {
    title: 'Going deeper with convolutions', authors: 'Szegedy et al.', year: 2015, url: 'https://arxiv.org/abs/1409.4842',
  },
  config: z.strictObject({ axis: z.int().refine((axis) => axis !== 0, 'is the batch; the first axis after it is 1').default(-1) }),
  examples: [
    { config: {}, inputs: [[4, 5, 3], [4, 5, 2]] },
    { config: {}, inputs: [[3], [1], [4]] },
    { config: { axis: 3 }, inputs: [[2, 3, 2], [2, 3, 1]] },
  ],
  infer({ config: { axis }, inputs }) {
    let joined = inputs[0] as Dims
    const wrong = axis === -1 ? null : axisMisfit(axis, joined)
    if (wrong !== null) return { misfits: [wrong] }
    const place = Math.max(placeOf(axis, joined.length), 0)
    for (const input of inputs.slice(1)) {
      const next = join(joined, input, place)
      if (next === null) {
        return misfit(
          'shape/differ',
          `only ${axis === -1 ? 'the channels' : `axis ${axis}`} may differ, but ${showDims(joined)} meets ${showDims(input)}`,
          'bring them to one height and width with strides, padding or pooling',
        )
      }
      joined = next
    }
    return output(joined)
  },
  macs: () => 0,
  // Along another axis than the channels each half of the output sees another input.
  field: ({ config: { axis }, outputs: [joined] }) =>
    (placeOf(axis, (joined as Dims).length) === (joined as Dims).length - 1 ? pointwise : { rule: 'opaque' }),
  forward: (op, { config: { axis } }, inputs) => op.concat(inputs, axis),
}))
