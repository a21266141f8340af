// Batch normalisation.
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { batchNormApply, batchNormGradient, batchNormInferenceGradient, channelMoments } from '../kernels/batchNorm.ts'
import { constant, record } from './gradient.ts'

/** Mean and biased variance per channel; constants to every gradient. */
export function moments(x: Tensor): { readonly mean: Tensor1D; readonly variance: Tensor1D } {
  const [mean, variance] = constant(() => channelMoments(x))
  return { mean, variance }
}

/**
 * (x − mean) / √(variance + ε) · gamma + beta.
 *
 * The statistics are no inputs of the recorded operation: where they are those of the batch, the gradient by x goes
 * through them by its own formula.
 */
export function batchNorm(
  x: Tensor, mean: Tensor1D, variance: Tensor1D, gamma: Tensor1D | null, beta: Tensor1D | null,
  { epsilon, batchStatistics }: { readonly epsilon: number; readonly batchStatistics: boolean },
): Tensor {
  const gradient = batchStatistics ? batchNormGradient : batchNormInferenceGradient
  return record<Record<string, Tensor>, Tensor>(
    { x, ...(gamma === null ? {} : { gamma }), ...(beta === null ? {} : { beta }) },
    {
      forward: () => batchNormApply(x, mean, variance, gamma, beta, epsilon),
      save: () => [x, mean, variance, ...(gamma === null ? [] : [gamma])],
      gradients: (dy, [savedX, savedMean, savedVariance, savedGamma]) => {
        const [dx, dgamma, dbeta] = gradient(
          dy, savedX!, savedMean as Tensor1D, savedVariance as Tensor1D, (savedGamma as Tensor1D | undefined) ?? null, epsilon,
        )
        return { x: () => dx, gamma: () => dgamma, beta: () => dbeta }
      },
    },
  )
}
