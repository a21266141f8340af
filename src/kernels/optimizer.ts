/**
 * One step of an optimizer, in place: the tensors keep their identity, only their values change.
 *
 *     SGD      g = gradient + weightDecay·p        v = momentum·v + g        p −= rate·v, or rate·(g +
 * momentum·v) (Nesterov)
 *     Adam     m = β₁·m + (1 − β₁)·g               v = β₂·v + (1 − β₂)·g²
 *              p = p·(1 − rate·weightDecay) − rate·m̂ / (√v̂ + ε)      m̂ = m / (1 − β₁ᵗ)      v̂ = v / (1
 * − β₂ᵗ)
 *
 * The formulas are PyTorch's: torch.optim.SGD, Adam (weightDecay 0) and AdamW (I. Loshchilov and F. Hutter,
 * "Decoupled Weight Decay Regularization", 2019). D. Kingma and J. Ba, "Adam", 2015.
 *
 * In place is safe because every kernel of ours that reads weights reads them afresh; the convolutions and
 * products of tfjs-backend-wasm keep packed copies by tensor and would go on with the old values. On the cpu
 * backend a tensor made from a typed array shares it: such an array changes with the parameter.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/optimizer.ts'
import { expectShape, sizeOf } from './shapes.ts'

export type SgdAttrs = {
  readonly learningRate: number
  /** Counts only when there is a velocity. */
  readonly momentum: number
  readonly nesterov: boolean
  /** Added to the gradient: the L2 penalty weightDecay/2·|p|². */
  readonly weightDecay: number
}

export type AdamAttrs = {
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** The number of this step, from 1. */
  readonly step: number
  /** Taken off the parameter itself, times the learning rate. */
  readonly weightDecay: number
}

type SgdInputs = { parameter: TensorInfo; gradient: TensorInfo; velocity: TensorInfo | null }
type AdamInputs = { parameter: TensorInfo; gradient: TensorInfo; m: TensorInfo; v: TensorInfo }

const sgdKernel = defineKernel<SgdInputs, SgdAttrs>({
  name: 'LayergraphSgd',
  wasm(
    { asm, pointer },
    { parameter, gradient, velocity },
    { learningRate, momentum, nesterov, weightDecay },
  ) {
    const places = [sizeOf(parameter.shape), pointer(parameter), pointer(gradient)] as const
    if (velocity) asm.sgdMomentum(...places, pointer(velocity), learningRate, momentum, nesterov, weightDecay)
    else asm.sgdPlain(...places, learningRate, weightDecay)
    return []
  },
  reference({ parameter, gradient, velocity }, attrs) {
    reference.sgdUpdate(parameter.values, gradient.values, velocity?.values ?? null, attrs)
    return []
  },
})

const adamKernel = defineKernel<AdamInputs, AdamAttrs>({
  name: 'LayergraphAdam',
  wasm({ asm, pointer }, { parameter, gradient, m, v }, attrs) {
    const { learningRate, beta1, beta2, epsilon, step, weightDecay } = attrs
    const stepSize = learningRate / (1 - beta1 ** step)
    const rootScale = 1 / Math.sqrt(1 - beta2 ** step)
    const places = [pointer(parameter), pointer(gradient), pointer(m), pointer(v)] as const
    const keep = 1 - learningRate * weightDecay
    const numbers = [1 - beta1, beta2, 1 - beta2, stepSize, rootScale, epsilon, keep] as const
    asm.adam(sizeOf(parameter.shape), ...places, ...numbers)
    return []
  },
  reference({ parameter, gradient, m, v }, attrs) {
    reference.adamUpdate(parameter.values, gradient.values, m.values, v.values, attrs)
    return []
  },
})

/**
 * Changes `parameter` and, when there is one, `velocity` (zeros before the first step).
 * Throws when a shape differs from the parameter's, or when momentum or Nesterov lacks a velocity.
 */
export function sgdUpdate(
  parameter: Tensor,
  gradient: Tensor,
  velocity: Tensor | null,
  attrs: SgdAttrs,
): void {
  expectShape('sgdUpdate: the gradient', gradient, parameter.shape)
  if (velocity) expectShape('sgdUpdate: the velocity', velocity, parameter.shape)
  else if (attrs.momentum !== 0 || attrs.nesterov) {
    throw new RangeError(`sgdUpdate: a momentum of ${attrs.momentum} needs a velocity.`)
  }
  runKernel<SgdInputs, SgdAttrs, []>(sgdKernel, { parameter, gradient, velocity }, attrs)
}

/**
 * Changes `parameter`, `m` and `v` (both zeros before the first step).
 * Throws when a shape differs from the parameter's, or when the step is not 1, 2, 3, …
 */
export function adamUpdate(
  parameter: Tensor,
  gradient: Tensor,
  m: Tensor,
  v: Tensor,
  attrs: AdamAttrs,
): void {
  for (const [name, tensor] of Object.entries({ gradient, m, v })) {
    expectShape(`adamUpdate: ${name}`, tensor, parameter.shape)
  }
  if (!Number.isInteger(attrs.step) || attrs.step < 1) {
    throw new RangeError(`adamUpdate: step is ${attrs.step}, but the first step is number 1.`)
  }
  runKernel<AdamInputs, AdamAttrs, []>(adamKernel, { parameter, gradient, m, v }, attrs)
}

export const optimizerKernels = [sgdKernel, adamKernel]
