// localResponseNorm: neighbouring channels hold each other down.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise } from '../src/spec/elementwise.ts'
import type { KeepsRankedShape } from '../src/types/layer.ts'

/** What localResponseNorm takes: the letters of the paper, and its numbers as defaults. */
export interface LocalResponseNormConfig {
  /** How many neighbouring channels are summed, the paper's n, default 5. */
  size?: number
  /** Keeps the divisor from zero, default 2. PyTorch's default is 1. */
  k?: number
  /** Weight of the sum, default 0.0001. PyTorch and Caffe divide theirs by `size`: give alpha / size for those. */
  alpha?: number
  /** Exponent, default 0.75. */
  beta?: number
}

export interface LocalResponseNorm extends KeepsRankedShape<'localResponseNorm'> {}

const config = z.strictObject({
  size: size.default(5),
  k: z.number().positive().default(2),
  alpha: z.number().nonnegative().default(1e-4),
  beta: z.number().default(0.75),
})

/**
 * x / (k + alpha · Σ x²)^beta, the sum over `size` channels around each one, those there are. Keeps the shape; no parameters.
 *
 * What AlexNet and GoogLeNet did before batch normalization. Counts as no MACs.
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const localResponseNorm = withTypes<(config?: LocalResponseNormConfig) => LocalResponseNorm>()(defineLayer({
  kind: 'localResponseNorm',
  category: 'normalization',
  summary: 'Divides each number by the strength of its neighbours in the channels.',
  summaryZh: '把每个数除以相邻通道的强度。',
  formula: 'out = in / (k + alpha·Σ in²)^beta; no parameters; no MACs',
  paper: {
    title: 'ImageNet classification with deep convolutional neural networks', authors: 'Krizhevsky, Sutskever, Hinton',
    year: 2012, url: 'https://doi.org/10.1145/3065386',
  },
  config,
  examples: [
    { config: {}, inputs: [[3, 4, 7]] },
    { config: { size: 3, k: 1, alpha: 0.5, beta: 0.5 }, inputs: [[2, 3, 4]] },
    { config: { size: 4, alpha: 1 }, inputs: [[6]] },
  ],
  ...channelwise,
  forward: (op, { config }, [x]) => op.localResponseNorm(x!, config),
}))
