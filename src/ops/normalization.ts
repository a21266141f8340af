// Normalisation.
import { ones, type Rank, type Tensor, type Tensor1D, zeros } from '@tensorflow/tfjs-core'
import { batchNormApply, batchNormGradient, batchNormInferenceGradient, channelMoments } from '../kernels/batchNorm.ts'
import { standardize, type StandardizeAttrs, standardizeGradient } from '../kernels/groupNorm.ts'
import { localResponseNorm as normalizeLocally, localResponseNormGradient } from '../kernels/localResponseNorm.ts'
import type { BatchNormOptions, GroupNormOptions, LocalResponseNormOptions } from '../spec/ops.ts'
import { activation, fusable, remaining } from './activation.ts'
import { constant, handle, record } from './gradient.ts'

/** Mean and biased variance per channel; constants to every gradient. */
export function moments(x: Tensor): { readonly mean: Tensor1D; readonly variance: Tensor1D } {
  const [mean, variance] = constant(() => channelMoments(x))
  return { mean, variance }
}

/**
 * activation((x − mean) / √(variance + ε) · gamma + beta).
 *
 * The statistics are no inputs of the recorded operation: where they are those of the batch, the gradient by x goes
 * through them by its own formula. The output is not kept for it.
 */
export function batchNorm(
  x: Tensor, mean: Tensor1D, variance: Tensor1D, gamma: Tensor1D | null, beta: Tensor1D | null,
  { epsilon, batchStatistics, activation: kind = 'linear' }: BatchNormOptions,
): Tensor {
  const gradient = batchStatistics ? batchNormGradient : batchNormInferenceGradient
  const fused = fusable(kind)
  const scaling = { ...(gamma === null ? {} : { gamma }), ...(beta === null ? {} : { beta }) }
  const y = record<Record<string, Tensor>, Tensor>({ x, ...scaling }, {
    forward: () => batchNormApply(x, mean, variance, gamma, beta, epsilon, fused),
    save: () => [x, mean, variance, ...Object.values(scaling)],
    gradients: (dy, [savedX, savedMean, savedVariance, ...savedScaling]) => {
      const savedGamma = gamma === null ? null : savedScaling[0] as Tensor1D
      const savedBeta = beta === null ? null : savedScaling.at(-1) as Tensor1D
      const [dx, dgamma, dbeta] = gradient(
        dy, savedX!, savedMean as Tensor1D, savedVariance as Tensor1D, savedGamma, epsilon, { activation: fused, beta: savedBeta },
      )
      return { x: () => dx, gamma: () => dgamma, beta: () => dbeta }
    },
  })
  return activation(y, remaining(kind))
}

function standardized(x: Tensor, attrs: StandardizeAttrs): Tensor {
  const [standard, scales] = constant(() => standardize(x, attrs)) as [Tensor, Tensor]
  return record<{ x: Tensor }, Tensor>({ x }, {
    forward: () => handle(standard),
    save: (y) => [y, scales],
    gradients: (dy, [y, factors]) => ({ x: () => standardizeGradient(dy, y!, factors!) }),
  })
}

/** Standardised within each sample or position, group by group of channels; then a scale and a shift for each channel. */
export function groupNorm(
  x: Tensor, gamma: Tensor1D | null, beta: Tensor1D | null, { groups, epsilon, over }: GroupNormOptions,
): Tensor {
  const channels = x.shape.at(-1) as number
  const samples = over === 'sample' ? x.shape[0] as number : x.size / channels
  const y = standardized(x, { samples, groups, epsilon })
  if (gamma === null && beta === null) return y
  const [mean, variance] = [zeros<Rank.R1>([channels]), ones<Rank.R1>([channels])]
  return batchNorm(y, mean, variance, gamma, beta, { epsilon: 0, batchStatistics: false })
}

export function localResponseNorm(x: Tensor, attrs: LocalResponseNormOptions): Tensor {
  return record({ x }, {
    forward: () => normalizeLocally(x, attrs),
    save: () => [x],
    gradients: (dy, [savedX]) => ({ x: () => localResponseNormGradient(dy, savedX!, attrs) }),
  })
}
