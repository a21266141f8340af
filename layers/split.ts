// split: one tensor parted along an axis.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { misfit } from '../src/spec/layer.ts'
import { axisMisfit, placeOf } from '../src/spec/merge.ts'
import type { Dims, Size } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { SplitOut } from '../src/types/merge.ts'
import type { Ranked, Shape } from '../src/types/shape.ts'

/** What split takes. The words are TensorFlow's. */
export interface SplitConfig<N extends number | Shape = number | Shape, A extends number = number> {
  /** Number of equal parts, or the size of each; two parts at least. */
  numOrSizeSplits: N
  /** Along which axis, counted as in Keras: 1 is the first after the batch. Default −1, the channels. */
  axis?: A
}

export interface Split<N extends number | Shape, A extends number = -1> extends Callable {
  readonly kind: 'split'
  readonly [SETTINGS]: [N, A]
  readonly [OUT]: SplitOut<Ranked<this[typeof IN], 'split'>, N, A>
}

type Factory = <const N extends number | readonly number[], const A extends number = -1>(config: SplitConfig<N, A>) => Split<N, A>

const config = z.strictObject({
  numOrSizeSplits: z.union([z.int().min(2), z.array(size).min(2).readonly()]),
  axis: z.int().refine((axis) => axis !== 0, 'is the batch; the first axis after it is 1').default(-1),
})

const sum = (sizes: readonly number[]): number => sizes.reduce((total, one) => total + one, 0)

/** The parts of a size; a sentence when there are none. */
function partsOf(whole: Size, parts: number | readonly number[]): readonly Size[] | string {
  if (typeof parts !== 'number') {
    if (whole === null || sum(parts) === whole) return parts
    return `parts of ${sum(parts)} in all do not make up a size of ${whole}`
  }
  if (whole !== null && whole % parts !== 0) return `${parts} parts do not divide a size of ${whole}`
  return Array.from({ length: parts }, () => (whole === null ? null : whole / parts))
}

/**
 * A tensor parted along the last axis, or another one, into several: `const [a, b] = split({ numOrSizeSplits: 2 })(x)`.
 *
 * @throws LayergraphError from `graph()`: `shape/parts`, `shape/axis`, `shape/scalar`.
 */
export const split = withTypes<Factory>()(defineLayer({
  kind: 'split',
  category: 'merge',
  summary: 'Parts a tensor along the channels, or another axis.',
  summaryZh: '沿通道或其他轴把张量分开。',
  formula: 'out = [..., part of the axis, ...] several times; no parameters; no MACs',
  config,
  examples: [
    { config: { numOrSizeSplits: 2 }, inputs: [[3, 4, 6]] },
    { config: { numOrSizeSplits: [1, 4] }, inputs: [[5]] },
    { config: { numOrSizeSplits: [1, 2, 1], axis: 3 }, inputs: [[2, 3, 4]] },
  ],
  infer({ config: { numOrSizeSplits, axis }, inputs: [input] }) {
    const dims = input as Dims
    if (dims.length === 0) return misfit('shape/scalar', 'needs at least one dimension, but gets a scalar')
    const wrong = axisMisfit(axis, dims)
    if (wrong !== null) return { misfits: [wrong] }
    const place = placeOf(axis, dims.length)
    const parts = partsOf(dims[place] as Size, numOrSizeSplits)
    if (typeof parts === 'string') return misfit('shape/parts', parts, 'choose parts that make up the axis')
    return { outputs: parts.map((part) => dims.with(place, part)) }
  },
  macs: () => 0,
  field: ({ config: { axis }, inputs: [input] }) =>
    (placeOf(axis, (input as Dims).length) === (input as Dims).length - 1 ? pointwise : { rule: 'opaque' }),
  forward(op, { config: { axis }, outputs }, [x]) {
    const place = placeOf(axis, (outputs[0] as Dims).length)
    return { outputs: op.split(x!, outputs.map((part) => part[place] as number), place + 1) }
  },
}))
