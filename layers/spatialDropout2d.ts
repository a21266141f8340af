// spatialDropout2d: in training, drops whole channels of an image.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { Image } from '../src/types/shape.ts'

/** What spatialDropout2d takes. */
export interface SpatialDropout2dConfig {
  /** Share of the channels that are set to zero, 0 ≤ rate < 1. */
  rate: number
}

export interface SpatialDropout2d extends Callable {
  readonly kind: 'spatialDropout2d'
  readonly [OUT]: Image<this[typeof IN], 'spatialDropout2d'>
}

/**
 * In training, sets each channel of each image to zero with probability `rate` and divides the others by 1 − rate.
 *
 * Neighbouring pixels say much the same, so that dropping them one by one takes little away. Otherwise hands the image on.
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const spatialDropout2d = withTypes<(config: SpatialDropout2dConfig) => SpatialDropout2d>()(defineLayer({
  kind: 'spatialDropout2d',
  category: 'regularization',
  summary: 'Sets a share of the channels to zero in training.',
  summaryZh: '训练时把一部分通道置零。',
  formula: 'out = in; no parameters; no MACs',
  paper: {
    title: 'Efficient object localization using convolutional networks', authors: 'Tompson, Goroshin, Jain, LeCun, Bregler',
    year: 2015, url: 'https://arxiv.org/abs/1411.4280',
  },
  config: z.strictObject({ rate: z.number().min(0).lt(1) }),
  examples: [
    { config: { rate: 0.5 }, inputs: [[3, 4, 6]] },
    { config: { rate: 0 }, inputs: [[2, 2, 3]] },
  ],
  ...elementwise,
  infer({ inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    return wrong === null ? output(input as Dims) : { misfits: [wrong] }
  },
  forward(op, { config: { rate } }, [x], _weights, { training, seed }) {
    if (!training || rate === 0) return x!
    const [batch, , , channels] = x!.shape as readonly [number, number, number, number]
    return op.dropout(x!, { rate, seed, noiseShape: [batch, 1, 1, channels] })
  },
}))
