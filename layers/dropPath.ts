// dropPath: in training, drops a branch for some of the images (stochastic depth).
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import type { KeepsShape } from '../src/types/layer.ts'

/** What dropPath takes. */
export interface DropPathConfig {
  /** Share of the images for which all numbers are set to zero, 0 ≤ rate < 1. */
  rate: number
}

export interface DropPath extends KeepsShape<'dropPath'> {}

/**
 * In training, sets all numbers of an image to zero with probability `rate` and divides those of the others by 1 − rate.
 *
 * At the end of the body of a residual it leaves the shortcut alone: the network is shallower for that image. Otherwise hands
 * its input on.
 */
export const dropPath = withTypes<(config: DropPathConfig) => DropPath>()(defineLayer({
  kind: 'dropPath',
  category: 'regularization',
  summary: 'Leaves a branch out for a share of the images in training.',
  summaryZh: '训练时对一部分图像略去某个分支。',
  formula: 'out = in; no parameters; no MACs',
  paper: {
    title: 'Deep networks with stochastic depth', authors: 'Huang, Sun, Liu, Sedra, Weinberger', year: 2016,
    url: 'https://arxiv.org/abs/1603.09382',
  },
  config: z.strictObject({ rate: z.number().min(0).lt(1) }),
  examples: [
    { config: { rate: 0.5 }, inputs: [[3, 4, 2]] },
    { config: { rate: 0.2 }, inputs: [[6]] },
  ],
  ...elementwise,
  forward(op, { config: { rate } }, [x], _weights, { training, seed }) {
    if (!training || rate === 0) return x!
    return op.dropout(x!, { rate, seed, noiseShape: x!.shape.map((size, axis) => (axis === 0 ? size : 1)) })
  },
}))
