// spatialPyramidPool: an image of any size becomes a vector of one size.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { globalField } from '../src/spec/field.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Add, Mul } from '../src/types/arith.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image } from '../src/types/shape.ts'

/** What spatialPyramidPool takes. */
export interface SpatialPyramidPoolConfig<B extends readonly number[] = readonly number[]> {
  /** Bins along each side of the levels of the pyramid, default [4, 2, 1]. */
  bins?: B
}

type Squares<B extends readonly number[], N extends number = 0> =
  B extends readonly [infer A extends number, ...infer R extends readonly number[]] ? Squares<R, Add<N, Mul<A, A>>>
  : B extends readonly [] ? N : number
type PyramidOut<I, B extends readonly number[]> = I extends readonly [unknown, unknown, infer C] ? [Mul<Squares<B>, C & number>] : I

export interface SpatialPyramidPool<B extends readonly number[] = readonly [4, 2, 1]> extends Callable {
  readonly kind: 'spatialPyramidPool'
  readonly [SETTINGS]: B
  readonly [OUT]: PyramidOut<Image<this[typeof IN], 'spatialPyramidPool'>, B>
}

type Factory = <const B extends readonly number[] = readonly [4, 2, 1]>(
  config?: SpatialPyramidPoolConfig<B>,
) => SpatialPyramidPool<B>

/**
 * The largest number of each bin of a pyramid of grids: [height, width, channels] → [Σ bins² · channels].
 *
 * One model takes images of any size: bins [4, 2, 1] of 256 channels give 5,376 numbers, level by level, row by row, channels
 * last. The bins are those of adaptiveMaxPool2d, so that an image smaller than the bins works too: its pixels then count in
 * several bins. (The paper rounds the windows of a fixed size instead; where the bins divide the image both are the same.)
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const spatialPyramidPool = withTypes<Factory>()(defineLayer({
  kind: 'spatialPyramidPool',
  category: 'pooling',
  summary: 'Pools an image of any size into a vector of one size.',
  summaryZh: '把任意尺寸的图像池化成固定长度的向量。',
  formula: 'out = [Σ bins²·C]; no parameters; no multiplications',
  paper: {
    title: 'Spatial pyramid pooling in deep convolutional networks for visual recognition', authors: 'He, Zhang, Ren, Sun',
    year: 2014, url: 'https://arxiv.org/abs/1406.4729',
  },
  config: z.strictObject({ bins: z.array(size).min(1).readonly().default([4, 2, 1]) }),
  examples: [
    { config: {}, inputs: [[6, 5, 2]] },
    { config: { bins: [3, 1] }, inputs: [[2, 5, 2]] },
    { config: { bins: [2] }, inputs: [[4, 4, 2]] },
  ],
  letters: ({ config: { bins }, inputs: [input] }) =>
    ({ letters: { 'Σ bins²': `(${bins.map((n) => n * n).join(' + ')})`, C: input?.[2] as number } }),
  infer({ config: { bins }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const channels = input?.[2] ?? null
    return output([channels === null ? null : bins.reduce((sum, n) => sum + n * n, 0) * channels])
  },
  macs: () => 0,
  field: () => globalField,
  forward(op, { config: { bins } }, [x]) {
    const [batch, , , channels] = x!.shape as readonly [number, number, number, number]
    const levels = bins.map((n) =>
      op.reshape(op.adaptivePool2d(x!, { outputSize: [n, n], mode: 'max' }), [batch, n * n * channels]))
    return levels.length === 1 ? levels[0]! : op.concat(levels)
  },
}))
