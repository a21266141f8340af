/**
 * Images made larger by whole factors.
 *
 *     nearest   y[b, i, j, c] = x[b, ⌊i / scaleH⌋, ⌊j / scaleW⌋, c]
 *     bilinear  y[b, i, j, c] = x at the row (i + ½) / scaleH − ½ and the column (j + ½) / scaleW − ½, between pixels
 *
 * Bilinear places are those of half-pixel centres, clipped to the image: PyTorch's align_corners=False, and
 * tf.image.resizeBilinear with halfPixelCenters. The gradient hands every output's share back.
 */

import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/upsample2d.ts'
import { expectCounts, expectImages, expectShape } from './shapes.ts'
import type { Pair, Shape4 } from './shapes.ts'

export type UpsampleAttrs = {
  /** Factors [vertical, horizontal]. */
  readonly size: Pair
  readonly interpolation: 'nearest' | 'bilinear'
}

const shapeOf = ({ shape }: { readonly shape: readonly number[] }): Shape4 => shape as unknown as Shape4

const larger = ([batch, height, width, channels]: Shape4, { size }: UpsampleAttrs): Shape4 =>
  [batch, height * size[0], width * size[1], channels]

const upsampleKernel = defineKernel<{ x: TensorInfo }, UpsampleAttrs>({
  name: 'LayergraphUpsample2d',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const y = output(larger(shapeOf(x), attrs))
    const upsample = attrs.interpolation === 'nearest' ? asm.upsampleNearest : asm.upsampleBilinear
    upsample(...shapeOf(x), pointer(x), ...attrs.size, pointer(y))
    return y
  },
  reference: ({ x }, attrs) =>
    ({ shape: larger(shapeOf(x), attrs), values: reference.upsample2d(x.values, shapeOf(x), attrs) }),
})

type GradientAttrs = UpsampleAttrs & { readonly inputShape: Shape4 }

const upsampleGradientKernel = defineKernel<{ dy: TensorInfo }, GradientAttrs>({
  name: 'LayergraphUpsample2dGradient',
  wasm({ asm, pointer, output }, { dy }, attrs) {
    const dx = output(attrs.inputShape)
    const gradient = attrs.interpolation === 'nearest' ? asm.upsampleNearestGradient : asm.upsampleBilinearGradient
    gradient(...attrs.inputShape, pointer(dx), ...attrs.size, pointer(dy))
    return dx
  },
  reference: ({ dy }, attrs) =>
    ({ shape: attrs.inputShape, values: reference.upsample2dGradient(dy.values, attrs.inputShape, attrs) }),
})

const checkFactors = ({ size }: UpsampleAttrs): void =>
  expectCounts('upsample2d: a factor less one', size.map((factor) => factor - 1))

/** [batch, h, w, c] → [batch, h·size[0], w·size[1], c]. Throws when a factor is not 1, 2, 3, … */
export function upsample2d(x: Tensor4D, attrs: UpsampleAttrs): Tensor4D {
  expectImages('upsample2d: x', x)
  checkFactors(attrs)
  return runKernel(upsampleKernel, { x }, attrs)
}

/** dx of shape `inputShape` from the gradient dy of the larger image. Throws when the shapes do not match. */
export function upsample2dGradient(dy: Tensor4D, inputShape: Shape4, attrs: UpsampleAttrs): Tensor4D {
  checkFactors(attrs)
  expectShape('upsample2dGradient: dy', dy, larger(inputShape, attrs))
  return runKernel(upsampleGradientKernel, { dy }, { ...attrs, inputShape })
}

export const upsample2dKernels = [upsampleKernel, upsampleGradientKernel]
