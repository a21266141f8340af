// batchNorm: brings each channel to mean 0 and variance 1, then to a learned mean and scale.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise, normLetters } from '../src/spec/elementwise.ts'
import type { PlainWeights, Scale } from '../src/spec/fusion.ts'
import type { WeightSpec } from '../src/spec/weight.ts'
import type { KeepsRankedShape } from '../src/types/layer.ts'

/** What batchNorm takes. The words and the defaults are Keras'. */
export interface BatchNormConfig {
  /** How much of the moving statistics each training step keeps, default 0.99. PyTorch's momentum is one minus this. */
  momentum?: number
  /** Added to the variance before its root is taken, default 0.001. PyTorch's default is 0.00001. */
  epsilon?: number
  /** Adds a learned `beta` per channel, default true. */
  center?: boolean
  /** Multiplies by a learned `gamma` per channel, default true. */
  scale?: boolean
}

export interface BatchNorm extends KeepsRankedShape<'batchNorm'> {}

const config = z.strictObject({
  momentum: z.number().min(0).max(1).default(0.99),
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
})

/** With moving statistics the layer is factor · x + offset: factor = gamma / √(variance + ε), offset = beta − mean · factor. */
function scaleOf({ gamma, beta, movingMean, movingVariance }: PlainWeights, epsilon: number): Scale {
  const variance = movingVariance!.data
  const factor = Float64Array.from(variance, (value, i) => (gamma?.data[i] ?? 1) / Math.sqrt(value + epsilon))
  const offset = Float64Array.from(factor, (value, i) => (beta?.data[i] ?? 0) - (movingMean!.data[i] as number) * value)
  return { factor, offset }
}

/**
 * (x − mean) / √(variance + epsilon) · gamma + beta, for each channel of the last axis.
 *
 * In training mean and variance are those of the batch, and the moving ones follow them:
 * moving = momentum · moving + (1 − momentum) · batch, with the biased variance as in Keras (PyTorch moves towards
 * the unbiased one). Otherwise they are the moving ones. Weights, each [channels]: gamma, beta, and movingMean and
 * movingVariance, which the optimizer does not touch.
 *
 * Counts as no MACs, since it folds into the convolution before it.
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const batchNorm = withTypes<(config?: BatchNormConfig) => BatchNorm>()(defineLayer({
  kind: 'batchNorm',
  category: 'normalization',
  summary: 'Normalizes each channel over the batch.',
  summaryZh: '在整批上对每个通道做归一化。',
  formula: 'out = in; params = (scale + center + 2)·C, of which 2·C are not trained; no MACs',
  paper: {
    title: 'Batch normalization: accelerating deep network training by reducing internal covariate shift',
    authors: 'Ioffe, Szegedy', year: 2015, url: 'https://arxiv.org/abs/1502.03167',
  },
  config,
  examples: [
    { config: {}, inputs: [[4, 5, 3]] },
    { config: { momentum: 0.9, epsilon: 1e-5 }, inputs: [[6]] },
    { config: { center: false, scale: false }, inputs: [[3, 3, 2]] },
  ],
  ...channelwise,
  letters: (site) => normLetters(site),
  weights({ config: { center, scale }, inputs: [input] }) {
    const weight = (name: string, initializer: 'zeros' | 'ones', trainable: boolean): WeightSpec =>
      ({ name, shape: [input?.at(-1) ?? null], initializer, trainable })
    return [
      ...(scale ? [weight('gamma', 'ones', true)] : []),
      ...(center ? [weight('beta', 'zeros', true)] : []),
      weight('movingMean', 'zeros', false),
      weight('movingVariance', 'ones', false),
    ]
  },
  traits: () => ({ centres: true }),
  follows: ({ config: { epsilon } }, { training }) =>
    (training ? null : { does: 'scale', of: (weights) => scaleOf(weights, epsilon) }),
  activates: ['relu', 'relu6'],
  forward(op, { config: { momentum, epsilon } }, [x], weights, { training, activation = 'linear' }) {
    const { gamma = null, beta = null } = weights
    const movingMean = weights['movingMean']!
    const movingVariance = weights['movingVariance']!
    if (!training) {
      return op.batchNorm(x!, movingMean, movingVariance, gamma, beta, { epsilon, batchStatistics: false, activation })
    }
    const { mean, variance } = op.moments(x!)
    return {
      outputs: [op.batchNorm(x!, mean, variance, gamma, beta, { epsilon, batchStatistics: true, activation })],
      updates: {
        movingMean: op.blend(movingMean, mean, momentum, 1 - momentum),
        movingVariance: op.blend(movingVariance, variance, momentum, 1 - momentum),
      },
    }
  },
}))
