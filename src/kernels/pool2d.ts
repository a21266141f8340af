/**
 * Pooling: the maximum or the average of each channel over a window that moves in strides.
 *
 *     y[b, i, j, c] = max or mean over p, q of x[b, i·strideH + p − top, j·strideW + q − left, c]
 *
 * x is [batch, height, width, channels], four channels are pooled at a time. Windows are clipped to the
 * image:
 * padding never wins a maximum. The caller says how large the output is, so that rounding up ("ceil mode") is
 * no matter of this page.
 *
 * - Maximum: the gradient of a window goes to its first maximum in row-major order. A NaN wins over
 * everything.
 * - Average: a window divides by its pixels inside the image, or, with `includePad`, by its positions inside
 *   the padded image (PyTorch's count_include_pad; a last window that sticks out of the padding counts less).
 */

import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/pool2d.ts'
import { expectCounts, expectImages, expectShape, lastOf } from './shapes.ts'
import type { Pads, Pair, Shape4 } from './shapes.ts'

/** Pairs are [vertical, horizontal]. */
export type Pool2dAttrs = {
  readonly poolSize: Pair
  readonly strides: Pair
  readonly pads: Pads
  readonly outputSize: Pair
  /** Of averages only: whether padding counts as zeros. */
  readonly includePad: boolean
}

const shapeOf = ({ shape }: { readonly shape: readonly number[] }): Shape4 => shape as unknown as Shape4

function outputShape(input: readonly number[], { outputSize }: Pool2dAttrs): Shape4 {
  return [input[0]!, outputSize[0], outputSize[1], lastOf(input)]
}

/** Whether the windows tile the image in 2×2, so that each pixel belongs to one window at most. */
function isTwoByTwo(
  [, height, width, channels]: Shape4,
  { poolSize, strides, pads, outputSize }: Pool2dAttrs,
): boolean {
  const twos = [...poolSize, ...strides].every((size) => size === 2)
  const unpadded = pads.flat().every((pad) => pad === 0)
  const whole = 2 * outputSize[0] <= height && 2 * outputSize[1] <= width
  return twos && unpadded && whole && channels % 4 === 0
}

export const maxPool2dKernel = defineKernel<{ x: TensorInfo }, Pool2dAttrs>({
  name: 'LayergraphMaxPool2d',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const shape = shapeOf(x)
    const y = output(outputShape(shape, attrs))
    const [[top], [left]] = attrs.pads
    if (isTwoByTwo(shape, attrs)) asm.maxPool2x2(...shape, pointer(x), ...attrs.outputSize, pointer(y))
    else {
      const window = [...attrs.poolSize, ...attrs.strides, top, left] as const
      asm.maxPool2d(...shape, pointer(x), ...window, ...attrs.outputSize, pointer(y))
    }
    return y
  },
  reference: ({ x }, attrs) => ({
    shape: outputShape(x.shape, attrs),
    values: reference.maxPool2d(x.values, shapeOf(x), attrs),
  }),
})

export const maxPool2dGradientKernel = defineKernel<{ dy: TensorInfo; x: TensorInfo; y: TensorInfo }, Pool2dAttrs>({
  name: 'LayergraphMaxPool2dGradient',
  wasm({ asm, pointer, output }, { dy, x, y }, attrs) {
    const shape = shapeOf(x)
    const dx = output(shape)
    const [[top], [left]] = attrs.pads
    const results = [...attrs.outputSize, pointer(y), pointer(dy), pointer(dx)] as const
    if (isTwoByTwo(shape, attrs)) asm.maxPool2x2Gradient(...shape, pointer(x), ...results)
    else {
      const window = [...attrs.poolSize, ...attrs.strides, top, left] as const
      asm.maxPool2dGradient(...shape, pointer(x), ...window, ...results)
    }
    return dx
  },
  reference: ({ dy, x }, attrs) => ({
    shape: x.shape,
    values: reference.maxPool2dGradient(dy.values, x.values, shapeOf(x), attrs),
  }),
})

/** Everything between the two pointers of `asm.avgPool2d`. */
function averageWindow({ poolSize, strides, pads, outputSize, includePad }: Pool2dAttrs) {
  return [...poolSize, ...strides, ...pads[0], ...pads[1], ...outputSize, includePad] as const
}

export const avgPool2dKernel = defineKernel<{ x: TensorInfo }, Pool2dAttrs>({
  name: 'LayergraphAvgPool2d',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const y = output(outputShape(x.shape, attrs))
    asm.avgPool2d(...shapeOf(x), pointer(x), ...averageWindow(attrs), pointer(y), false)
    return y
  },
  reference: ({ x }, attrs) => ({
    shape: outputShape(x.shape, attrs),
    values: reference.avgPool2d(x.values, shapeOf(x), attrs),
  }),
})

type AvgGradientAttrs = Pool2dAttrs & { readonly inputShape: Shape4 }

export const avgPool2dGradientKernel = defineKernel<{ dy: TensorInfo }, AvgGradientAttrs>({
  name: 'LayergraphAvgPool2dGradient',
  wasm({ asm, pointer, output }, { dy }, attrs) {
    const dx = output(attrs.inputShape)
    asm.avgPool2d(...attrs.inputShape, pointer(dx), ...averageWindow(attrs), pointer(dy), true)
    return dx
  },
  reference: ({ dy }, attrs) => ({
    shape: attrs.inputShape,
    values: reference.avgPool2dGradient(dy.values, attrs.inputShape, attrs),
  }),
})

function checkAttrs(what: string, { poolSize, strides, pads, outputSize }: Pool2dAttrs): void {
  expectCounts(`${what}: a pad`, pads.flat())
  expectCounts(`${what}: an output size`, outputSize)
  for (const size of [...poolSize, ...strides]) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`${what}: a pool size or stride is ${size}.`)
  }
}

/** x[b, h, w, c] → y[b, …outputSize, c]. Throws when x has not four axes or a number is no count. */
export function maxPool2dForward(x: Tensor4D, attrs: Pool2dAttrs): Tensor4D {
  expectImages('maxPool2d: x', x)
  checkAttrs('maxPool2d', attrs)
  return runKernel(maxPool2dKernel, { x }, attrs)
}

/**
 * dx from the gradient dy of the output, the input x and the output y. Throws when their shapes do not
 * match.
 */
export function maxPool2dGradient(dy: Tensor4D, x: Tensor4D, y: Tensor4D, attrs: Pool2dAttrs): Tensor4D {
  const expected = outputShape(expectImages('maxPool2dGradient: x', x), attrs)
  checkAttrs('maxPool2dGradient', attrs)
  expectShape('maxPool2dGradient: dy', dy, expected)
  expectShape('maxPool2dGradient: y', y, expected)
  return runKernel(maxPool2dGradientKernel, { dy, x, y }, attrs)
}

/**
 * x[b, h, w, c] → y[b, …outputSize, c]; a window without a single pixel gives 0. Throws as maxPool2dForward
 * does.
 */
export function avgPool2dForward(x: Tensor4D, attrs: Pool2dAttrs): Tensor4D {
  expectImages('avgPool2d: x', x)
  checkAttrs('avgPool2d', attrs)
  return runKernel(avgPool2dKernel, { x }, attrs)
}

/** dx of shape `inputShape` from the gradient dy of the output. Throws when the shapes do not match. */
export function avgPool2dGradient(dy: Tensor4D, inputShape: Shape4, attrs: Pool2dAttrs): Tensor4D {
  checkAttrs('avgPool2dGradient', attrs)
  expectShape('avgPool2dGradient: dy', dy, outputShape(inputShape, attrs))
  return runKernel(avgPool2dGradientKernel, { dy }, { ...attrs, inputShape })
}

export const pool2dKernels = [
  maxPool2dKernel,
  maxPool2dGradientKernel,
  avgPool2dKernel,
  avgPool2dGradientKernel,
]
