/**
 * Local response normalisation: each value is made smaller by its neighbours in the channels,
 *
 *     y[c] = x[c] · s[c]^−β,  s[c] = k + α · Σ x[j]²,  j from c − ⌊n/2⌋, n channels, those there are
 *
 *     dx[c] = dy[c] · s[c]^−β − 2·α·β · x[c] · Σ dy[j]·x[j]·s[j]^(−β−1),  j over the channels whose window has c
 *
 * A. Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", 2012. A row of squares between zeros
 * stands in scratch memory, so that a window's sum is n loads side by side. The usual β of 3/4 is two roots.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import { channelsBelow } from './reference/localResponseNorm.ts'
import * as reference from './reference/localResponseNorm.ts'
import { expectShape, lastOf, rowsOf } from './shapes.ts'

export type LocalResponseNormAttrs = {
  /** n: how many channels a window has, 1 or more. */
  readonly size: number
  /** Above 0. */
  readonly k: number
  /** 0 or more. */
  readonly alpha: number
  readonly beta: number
}

/** Floats that are read beyond a row and its window. */
const SPARE = 8

const roomFor = (channels: number, size: number): number => (channels + size + SPARE) * Float32Array.BYTES_PER_ELEMENT

const windowOf = ({ size, k, alpha, beta }: LocalResponseNormAttrs) => [size, channelsBelow(size), k, alpha, beta] as const

const localResponseNormKernel = defineKernel<{ x: TensorInfo }, LocalResponseNormAttrs>({
  name: 'LayergraphLocalResponseNorm',
  wasm({ asm, pointer, output, scratch }, { x }, attrs) {
    const y = output(x.shape)
    const channels = lastOf(x.shape)
    const room = scratch(roomFor(channels, attrs.size))
    asm.localResponseNorm(rowsOf(x.shape), channels, pointer(x), pointer(y), room, ...windowOf(attrs))
    return y
  },
  reference: ({ x }, attrs) => ({ shape: x.shape, values: reference.localResponseNorm(x.values, lastOf(x.shape), attrs) }),
})

const gradientKernel = defineKernel<{ dy: TensorInfo; x: TensorInfo }, LocalResponseNormAttrs>({
  name: 'LayergraphLocalResponseNormGradient',
  wasm({ asm, pointer, output, scratch }, { dy, x }, attrs) {
    const dx = output(x.shape)
    const channels = lastOf(x.shape)
    const room = scratch(2 * roomFor(channels, attrs.size))
    asm.localResponseNormGradient(rowsOf(x.shape), channels, pointer(dy), pointer(x), pointer(dx), room, ...windowOf(attrs))
    return dx
  },
  reference: ({ dy, x }, attrs) =>
    ({ shape: x.shape, values: reference.localResponseNormGradient(dy.values, x.values, lastOf(x.shape), attrs) }),
})

/** y of x along the last axis. */
export function localResponseNorm<T extends Tensor>(x: T, attrs: LocalResponseNormAttrs): T {
  return runKernel(localResponseNormKernel, { x }, attrs)
}

/** dx from the gradient dy of the output and the input x. Throws when their shapes differ. */
export function localResponseNormGradient<T extends Tensor>(dy: T, x: T, attrs: LocalResponseNormAttrs): T {
  expectShape('localResponseNormGradient: dy', dy, x.shape)
  return runKernel(gradientKernel, { dy, x }, attrs)
}

export const localResponseNormKernels = [localResponseNormKernel, gradientKernel]
