/**
 * Rectifiers whose slope below zero is learned or drawn:
 *
 *     slopePerChannel     y = value where gate > 0, else α[c] · value
 *     slopeAtRandom       y = value where gate > 0, else αᵢ · value, αᵢ uniform in lower…upper from seed and index i
 *     productBelowZero    y = value · min(x, 0)
 *
 * With value and gate both x these are the functions themselves; with value dy and gate x (or, where the slopes are not
 * negative, the output) they are their gradients by x. The sum of productBelowZero(dy, x) over what shares an α is the gradient
 * by that α. A NaN of the gate counts as above zero. αᵢ comes from the hash of dropout.ts.
 */

import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import { randomKeys } from './reference/random.ts'
import * as reference from './reference/slope.ts'
import { expectShape, sizeOf } from './shapes.ts'

export type RandomSlopeAttrs = {
  readonly lower: number
  readonly upper: number
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number
}

type NoAttrs = Readonly<Record<string, never>>

const slopePerChannelKernel = defineKernel<{ value: TensorInfo; gate: TensorInfo; alpha: TensorInfo }, NoAttrs>({
  name: 'LayergraphSlopePerChannel',
  wasm({ asm, pointer, output }, { value, gate, alpha }) {
    const y = output(value.shape)
    const channels = sizeOf(alpha.shape)
    const rows = sizeOf(value.shape) / channels
    asm.slopePerChannel(rows, channels, pointer(value), pointer(gate), pointer(alpha), pointer(y))
    return y
  },
  reference: ({ value, gate, alpha }) =>
    ({ shape: value.shape, values: reference.slopePerChannel(value.values, gate.values, alpha.values) }),
})

const slopeAtRandomKernel = defineKernel<{ value: TensorInfo; gate: TensorInfo }, RandomSlopeAttrs>({
  name: 'LayergraphSlopeAtRandom',
  wasm({ asm, pointer, output }, { value, gate }, { lower, upper, seed }) {
    const y = output(value.shape)
    const { first, second } = randomKeys('slopeAtRandom', seed)
    asm.slopeAtRandom(sizeOf(value.shape), pointer(value), pointer(gate), pointer(y), first, second, lower, upper)
    return y
  },
  reference: ({ value, gate }, { lower, upper, seed }) => ({
    shape: value.shape,
    values: reference.slopeAtRandom(value.values, gate.values, randomKeys('slopeAtRandom', seed), lower, upper),
  }),
})

const productBelowZeroKernel = defineKernel<{ value: TensorInfo; x: TensorInfo }, NoAttrs>({
  name: 'LayergraphProductBelowZero',
  wasm({ asm, pointer, output }, { value, x }) {
    const y = output(value.shape)
    asm.productBelowZero(sizeOf(value.shape), pointer(value), pointer(x), pointer(y))
    return y
  },
  reference: ({ value, x }) => ({ shape: value.shape, values: reference.productBelowZero(value.values, x.values) }),
})

/** `alpha` has one number per channel of the last axis, or a single one. Throws when the shapes do not match. */
export function slopePerChannel<T extends Tensor>(value: T, gate: T, alpha: Tensor1D): T {
  expectShape('slopePerChannel: gate', gate, value.shape)
  if (alpha.size !== 1) expectShape('slopePerChannel: alpha', alpha, [value.shape.at(-1) ?? 1])
  return runKernel(slopePerChannelKernel, { value, gate, alpha }, {})
}

/** Throws when the shapes differ or the seed is out of range. */
export function slopeAtRandom<T extends Tensor>(value: T, gate: T, attrs: RandomSlopeAttrs): T {
  expectShape('slopeAtRandom: gate', gate, value.shape)
  return runKernel(slopeAtRandomKernel, { value, gate }, attrs)
}

/** Throws when the shapes differ. */
export function productBelowZero<T extends Tensor>(value: T, x: T): T {
  expectShape('productBelowZero: x', x, value.shape)
  return runKernel(productBelowZeroKernel, { value, x }, {})
}

export const slopeKernels = [slopePerChannelKernel, slopeAtRandomKernel, productBelowZeroKernel]
