// Activations, on their own and behind a convolution or a product.
import { reshape, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core'
import { activate, activationGradient, gradientReads } from '../kernels/activation.ts'
import type { FusedActivation } from '../kernels/fused.ts'
import { productBelowZero, slopeAtRandom, slopePerChannel } from '../kernels/slope.ts'
import { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from '../kernels/softmax.ts'
import { channelSum } from '../kernels/sum.ts'
import type { Activation } from '../spec/config.ts'
import type { ActivationFunction, RandomSlopeOptions } from '../spec/ops.ts'
import { record } from './gradient.ts'

const isFused = (kind: Activation): kind is FusedActivation => kind === 'relu' || kind === 'relu6'

/** What the kernels can apply to their output before they write it. */
export const fusable = (kind: Activation): FusedActivation => (isFused(kind) ? kind : 'linear')

/** The activation that is left to do after a kernel that applied `fusable(kind)`. */
export const remaining = (kind: Activation): Activation => (isFused(kind) ? 'linear' : kind)

/** dz from dy for y = fused(z). */
export function unfuse<T extends Tensor>(dy: T, y: T, fused: FusedActivation): T {
  return fused === 'linear' ? dy : activationGradient(dy, y, fused)
}

/** An activation of rows, not of single numbers. */
const rowwise = {
  softmax: { forward: softmax, gradient: softmaxGradient },
  logSoftmax: { forward: logSoftmax, gradient: logSoftmaxGradient },
} as const

const isRowwise = (kind: string): kind is keyof typeof rowwise => kind in rowwise

/** y = f(x). 'linear' gives x itself. */
export function activation(x: Tensor, kind: ActivationFunction, alpha?: number): Tensor {
  if (kind === 'linear') return x
  if (isRowwise(kind)) {
    return record({ x }, {
      forward: () => rowwise[kind].forward(x),
      save: (y) => [y],
      gradients: (dy, [y]) => ({ x: () => rowwise[kind].gradient(dy, y!) }),
    })
  }
  return record({ x }, {
    forward: () => activate(x, kind, alpha),
    save: (y) => [gradientReads(kind) === 'x' ? x : y],
    gradients: (dy, [read]) => ({ x: () => activationGradient(dy, read!, kind, alpha) }),
  })
}

/** x, or alpha · x where x ≤ 0; alpha [channels] or [1]. */
export function prelu(x: Tensor, alpha: Tensor1D): Tensor {
  return record<{ x: Tensor; alpha: Tensor }, Tensor>({ x, alpha }, {
    forward: () => slopePerChannel(x, x, alpha),
    save: () => [x, alpha],
    gradients: (dy, [savedX, savedAlpha]) => ({
      x: () => slopePerChannel(dy, savedX!, savedAlpha as Tensor1D),
      alpha: () => channelSum(reshape(productBelowZero(dy, savedX!), [-1, alpha.size])),
    }),
  })
}

/** x, or x times a slope of its own where x ≤ 0. The slopes are not negative, so that y has the sign of x. */
export function randomSlope(x: Tensor, attrs: RandomSlopeOptions): Tensor {
  return record({ x }, {
    forward: () => slopeAtRandom(x, x, attrs),
    save: (y) => [y],
    gradients: (dy, [y]) => ({ x: () => slopeAtRandom(dy, y!, attrs) }),
  })
}
