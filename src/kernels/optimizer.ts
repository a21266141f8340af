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

/** A parameter, its gradient, and its velocity, zeros before the first step. */
export type SgdUpdate = {
  readonly parameter: Tensor
  readonly gradient: Tensor
  readonly velocity: Tensor | null
}

/** A parameter, its gradient, and the means of gradients and of their squares, zeros before the first step. */
export type AdamUpdate = {
  readonly parameter: Tensor
  readonly gradient: Tensor
  readonly m: Tensor
  readonly v: Tensor
}

// All parameters of a step go into one call, their tensors one after the other: what TensorFlow.js does around a kernel
// takes longer than a small parameter itself.

/** How a kernel gets the tensors of several updates: by number, in the order of `parts`. */
const inputsOf = (updates: readonly Readonly<Record<string, Tensor | null>>[], parts: readonly string[]): Record<string, Tensor | null> =>
  Object.fromEntries(updates.flatMap((update, i) => parts.map((part) => [`${part}${i}`, update[part] ?? null])))

/** The tensors of each update again. */
function each<T, Part extends string>(inputs: Readonly<Record<string, T>>, parts: readonly Part[]): readonly Readonly<Record<Part, T>>[] {
  const count = Object.keys(inputs).filter((name) => name.startsWith('parameter')).length
  return Array.from({ length: count }, (_, i) => Object.fromEntries(parts.map((part) => [part, inputs[`${part}${i}`]])) as Record<Part, T>)
}

const SGD_PARTS = ['parameter', 'gradient', 'velocity'] as const
const ADAM_PARTS = ['parameter', 'gradient', 'm', 'v'] as const

const sgdKernel = defineKernel<Record<string, TensorInfo | null>, SgdAttrs>({
  name: 'LayergraphSgd',
  wasm({ asm, pointer }, inputs, { learningRate, momentum, nesterov, weightDecay }) {
    for (const { parameter, gradient, velocity } of each(inputs, SGD_PARTS)) {
      const places = [sizeOf(parameter!.shape), pointer(parameter!), pointer(gradient!)] as const
      if (velocity) asm.sgdMomentum(...places, pointer(velocity), learningRate, momentum, nesterov, weightDecay)
      else asm.sgdPlain(...places, learningRate, weightDecay)
    }
    return []
  },
  reference(inputs, attrs) {
    for (const { parameter, gradient, velocity } of each(inputs, SGD_PARTS)) {
      reference.sgdUpdate(parameter!.values, gradient!.values, velocity?.values ?? null, attrs)
    }
    return []
  },
})

const adamKernel = defineKernel<Record<string, TensorInfo>, AdamAttrs>({
  name: 'LayergraphAdam',
  wasm({ asm, pointer }, inputs, attrs) {
    const { learningRate, beta1, beta2, epsilon, step, weightDecay } = attrs
    const stepSize = learningRate / (1 - beta1 ** step)
    const rootScale = 1 / Math.sqrt(1 - beta2 ** step)
    const keep = 1 - learningRate * weightDecay
    const numbers = [1 - beta1, beta2, 1 - beta2, stepSize, rootScale, epsilon, keep] as const
    for (const { parameter, gradient, m, v } of each(inputs, ADAM_PARTS)) {
      const places = [pointer(parameter), pointer(gradient), pointer(m), pointer(v)] as const
      asm.adam(sizeOf(parameter.shape), ...places, ...numbers)
    }
    return []
  },
  reference(inputs, attrs) {
    for (const { parameter, gradient, m, v } of each(inputs, ADAM_PARTS)) {
      reference.adamUpdate(parameter.values, gradient.values, m.values, v.values, attrs)
    }
    return []
  },
})

/**
 * One step of all parameters: changes each `parameter` and, where there is one, `velocity`.
 * Throws when a shape differs from the parameter's, or when momentum or Nesterov lacks a velocity; then nothing is changed.
 */
export function sgdUpdateAll(updates: readonly SgdUpdate[], attrs: SgdAttrs): void {
  for (const { parameter, gradient, velocity } of updates) {
    expectShape('sgdUpdate: the gradient', gradient, parameter.shape)
    if (velocity) expectShape('sgdUpdate: the velocity', velocity, parameter.shape)
    else if (attrs.momentum !== 0 || attrs.nesterov) {
      throw new RangeError(`sgdUpdate: a momentum of ${attrs.momentum} needs a velocity.`)
    }
  }
  runKernel<Record<string, TensorInfo | null>, SgdAttrs, []>(sgdKernel, inputsOf(updates, SGD_PARTS), attrs)
}

/**
 * One step of all parameters: changes each `parameter`, `m` and `v`.
 * Throws when a shape differs from the parameter's, or when the step is not 1, 2, 3, …; then nothing is changed.
 */
export function adamUpdateAll(updates: readonly AdamUpdate[], attrs: AdamAttrs): void {
  for (const { parameter, ...others } of updates) {
    for (const [name, tensor] of Object.entries(others)) expectShape(`adamUpdate: ${name}`, tensor, parameter.shape)
  }
  if (!Number.isInteger(attrs.step) || attrs.step < 1) {
    throw new RangeError(`adamUpdate: step is ${attrs.step}, but the first step is number 1.`)
  }
  runKernel<Record<string, TensorInfo>, AdamAttrs, []>(adamKernel, inputsOf(updates, ADAM_PARTS) as Record<string, Tensor>, attrs)
}

/** `sgdUpdateAll` of one parameter. */
export function sgdUpdate(parameter: Tensor, gradient: Tensor, velocity: Tensor | null, attrs: SgdAttrs): void {
  sgdUpdateAll([{ parameter, gradient, velocity }], attrs)
}

/** `adamUpdateAll` of one parameter. */
export function adamUpdate(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, attrs: AdamAttrs): void {
  adamUpdateAll([{ parameter, gradient, m, v }], attrs)
}

export const optimizerKernels = [sgdKernel, adamKernel]
