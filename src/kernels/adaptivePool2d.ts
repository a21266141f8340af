/**
 * Pooling into a given number of bins, whatever the size of the image:
 *
 *     y[b, i, j, c] = max or mean of x[b, p, q, c],  ⌊i·h/n⌋ ≤ p < ⌈(i+1)·h/n⌉,  and q likewise
 *
 * x is [batch, h, w, channels], n the number of bins along the axis. Neighbouring bins overlap by a pixel where n does not
 * divide h; no bin is empty, and an image smaller than n gives its pixels several times. (PyTorch's adaptive pooling.)
 * The gradient of a maximum goes to the first in row-major order.
 */

import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/adaptivePool2d.ts'
import { expectCounts, expectImages, expectShape } from './shapes.ts'
import type { Pair, Shape4 } from './shapes.ts'

export type AdaptivePool2dAttrs = {
  /** Bins [vertical, horizontal]. */
  readonly outputSize: Pair
  readonly mode: 'max' | 'average'
}

const shapeOf = ({ shape }: { readonly shape: readonly number[] }): Shape4 => shape as unknown as Shape4

const pooled = ([batch, , , channels]: Shape4, { outputSize }: AdaptivePool2dAttrs): Shape4 => [batch, ...outputSize, channels]

const adaptivePool2dKernel = defineKernel<{ x: TensorInfo }, AdaptivePool2dAttrs>({
  name: 'LayergraphAdaptivePool2d',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const y = output(pooled(shapeOf(x), attrs))
    asm.adaptivePool2d(...shapeOf(x), pointer(x), ...attrs.outputSize, pointer(y), attrs.mode === 'max')
    return y
  },
  reference: ({ x }, attrs) =>
    ({ shape: pooled(shapeOf(x), attrs), values: reference.adaptivePool2d(x.values, shapeOf(x), attrs) }),
})

const gradientKernel = defineKernel<{ dy: TensorInfo; x: TensorInfo; y: TensorInfo }, AdaptivePool2dAttrs>({
  name: 'LayergraphAdaptivePool2dGradient',
  wasm({ asm, pointer, output }, { dy, x, y }, attrs) {
    const dx = output(x.shape)
    const results = [pointer(y), pointer(dy), pointer(dx)] as const
    asm.adaptivePool2dGradient(...shapeOf(x), pointer(x), ...attrs.outputSize, ...results, attrs.mode === 'max')
    return dx
  },
  reference: ({ dy, x }, attrs) =>
    ({ shape: x.shape, values: reference.adaptivePool2dGradient(dy.values, x.values, shapeOf(x), attrs) }),
})

/** x[b, h, w, c] → y[b, …outputSize, c]. Throws when x has not four axes, or a number of bins is no count. */
export function adaptivePool2d(x: Tensor4D, attrs: AdaptivePool2dAttrs): Tensor4D {
  expectImages('adaptivePool2d: x', x)
  expectCounts('adaptivePool2d: a number of bins', attrs.outputSize)
  return runKernel(adaptivePool2dKernel, { x }, attrs)
}

/** dx from the gradient dy of the output, the input x and the output y. Throws when their shapes do not match. */
export function adaptivePool2dGradient(dy: Tensor4D, x: Tensor4D, y: Tensor4D, attrs: AdaptivePool2dAttrs): Tensor4D {
  const expected = pooled(expectImages('adaptivePool2dGradient: x', x), attrs)
  expectShape('adaptivePool2dGradient: dy', dy, expected)
  expectShape('adaptivePool2dGradient: y', y, expected)
  return runKernel(gradientKernel, { dy, x, y }, attrs)
}

export const adaptivePool2dKernels = [adaptivePool2dKernel, gradientKernel]
