// layerNorm: brings the channels of each position to mean 0 and variance 1, then to a learned mean and scale.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise, normLetters } from '../src/spec/elementwise.ts'
import type { WeightSpec } from '../src/spec/weight.ts'
import type { KeepsRankedShape } from '../src/types/layer.ts'

/** What layerNorm takes. The words and the defaults are Keras'. */
export interface LayerNormConfig {
  /** Added to the variance before its root is taken, default 0.001. PyTorch's default is 0.00001. */
  epsilon?: number
  /** Adds a learned `beta` per channel, default true. */
  center?: boolean
  /** Multiplies by a learned `gamma` per channel, default true. */
  scale?: boolean
}

export interface LayerNorm extends KeepsRankedShape<'layerNorm'> {}

const config = z.strictObject({
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
})

/**
 * (x − mean) / √(variance + epsilon) · gamma + beta, with mean and variance over the last axis of each position.
 *
 * The same in training and evaluation, and for any size of batch. `groupNorm({ groups: 1 })` takes them over the whole image
 * instead. Weights, each [channels]: gamma, beta. Counts as no MACs.
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const layerNorm = withTypes<(config?: LayerNormConfig) => LayerNorm>()(defineLayer({
  kind: 'layerNorm',
  category: 'normalization',
  summary: 'Normalizes the channels of each position.',
  summaryZh: '对每个位置的通道做归一化。',
  formula: 'out = in; params = (scale + center)·C; no MACs',
  paper: { title: 'Layer normalization', authors: 'Ba, Kiros, Hinton', year: 2016, url: 'https://arxiv.org/abs/1607.06450' },
  config,
  examples: [
    { config: {}, inputs: [[4, 3, 5]] },
    { config: { epsilon: 1e-5, center: false }, inputs: [[7]] },
    { config: { center: false, scale: false }, inputs: [[3, 3, 4]] },
  ],
  ...channelwise,
  letters: (site) => normLetters(site),
  weights({ config: { center, scale }, inputs: [input] }) {
    const weight = (name: string, initializer: 'zeros' | 'ones'): WeightSpec =>
      ({ name, shape: [input?.at(-1) ?? null], initializer, trainable: true })
    return [...(scale ? [weight('gamma', 'ones')] : []), ...(center ? [weight('beta', 'zeros')] : [])]
  },
  forward: (op, { config: { epsilon } }, [x], { gamma = null, beta = null }) =>
    op.groupNorm(x!, gamma, beta, { groups: 1, epsilon, over: 'position' }),
}))
