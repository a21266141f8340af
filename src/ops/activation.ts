// Activations, on their own and behind a convolution or a product.
import type { Tensor } from '@tensorflow/tfjs-core'
import { activate, activationGradient } from '../kernels/activation.ts'
import { softmax, softmaxGradient } from '../kernels/softmax.ts'
import type { Activation } from '../spec/config.ts'
import { record } from './gradient.ts'

/** What the kernels can apply to their output before they write it. */
export type Fused = 'linear' | 'relu'

export const fusable = (kind: Activation): Fused => (kind === 'relu' ? 'relu' : 'linear')

/** The activation that is left to do after a kernel that applied `fusable(kind)`. */
export const remaining = (kind: Activation): Activation => (kind === 'relu' ? 'linear' : kind)

/** dz from dy for y = fused(z). */
export function unfuse<T extends Tensor>(dy: T, y: T, fused: Fused): T {
  return fused === 'relu' ? activationGradient(dy, y, 'relu') : dy
}

function apply(x: Tensor, kind: Exclude<Activation, 'linear'>): Tensor {
  return kind === 'softmax' ? softmax(x) : activate(x, kind)
}

function applyGradient(dy: Tensor, y: Tensor, kind: Exclude<Activation, 'linear'>): Tensor {
  return kind === 'softmax' ? softmaxGradient(dy, y) : activationGradient(dy, y, kind)
}

/** y = f(x); every gradient is a function of y alone. 'linear' gives x itself. */
export function activation(x: Tensor, kind: Activation): Tensor {
  if (kind === 'linear') return x
  return record({ x }, {
    forward: () => apply(x, kind),
    save: (y) => [y],
    gradients: (dy, [y]) => ({ x: () => applyGradient(dy, y!, kind) }),
  })
}
