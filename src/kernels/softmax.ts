/**
 * Softmax over the last axis, row by row, and its logarithm; m is the maximum of the row:
 *
 *     softmax       yᵢ = e^(xᵢ − m) / Σⱼ e^(xⱼ − m)            dxᵢ = yᵢ · (dyᵢ − Σⱼ dyⱼ·yⱼ)
 *     logSoftmax    yᵢ = (xᵢ − m) − log Σⱼ e^(xⱼ − m)          dxᵢ = dyᵢ − e^yᵢ · Σⱼ dyⱼ
 *
 * The maximum is taken off first, so that nothing overflows. Sums are in double precision. NaN in a row makes
 * the whole row NaN.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/softmax.ts'
import { expectShape, lastOf, rowsOf } from './shapes.ts'

type Attrs = Readonly<Record<string, never>>

const softmaxKernel = defineKernel<{ x: TensorInfo }, Attrs>({
  name: 'LayergraphSoftmax',
  wasm({ asm, pointer, output }, { x }) {
    const y = output(x.shape)
    asm.softmax(rowsOf(x.shape), lastOf(x.shape), pointer(x), pointer(y))
    return y
  },
  reference: ({ x }) => ({ shape: x.shape, values: reference.softmax(x.values, lastOf(x.shape)) }),
})

const softmaxGradientKernel = defineKernel<{ dy: TensorInfo; y: TensorInfo }, Attrs>({
  name: 'LayergraphSoftmaxGradient',
  wasm({ asm, pointer, output }, { dy, y }) {
    const dx = output(y.shape)
    asm.softmaxGradient(rowsOf(y.shape), lastOf(y.shape), pointer(dy), pointer(y), pointer(dx))
    return dx
  },
  reference: ({ dy, y }) => ({
    shape: y.shape,
    values: reference.softmaxGradient(dy.values, y.values, lastOf(y.shape)),
  }),
})

const logSoftmaxKernel = defineKernel<{ x: TensorInfo }, Attrs>({
  name: 'LayergraphLogSoftmax',
  wasm({ asm, pointer, output }, { x }) {
    const y = output(x.shape)
    asm.logSoftmax(rowsOf(x.shape), lastOf(x.shape), pointer(x), pointer(y))
    return y
  },
  reference: ({ x }) => ({ shape: x.shape, values: reference.logSoftmax(x.values, lastOf(x.shape)) }),
})

const logSoftmaxGradientKernel = defineKernel<{ dy: TensorInfo; y: TensorInfo }, Attrs>({
  name: 'LayergraphLogSoftmaxGradient',
  wasm({ asm, pointer, output }, { dy, y }) {
    const dx = output(y.shape)
    asm.logSoftmaxGradient(rowsOf(y.shape), lastOf(y.shape), pointer(dy), pointer(y), pointer(dx))
    return dx
  },
  reference: ({ dy, y }) => ({
    shape: y.shape,
    values: reference.logSoftmaxGradient(dy.values, y.values, lastOf(y.shape)),
  }),
})

/** y of x, any rank from 1 on. */
export function softmax<T extends Tensor>(x: T): T {
  return runKernel(softmaxKernel, { x }, {})
}

/** dx from the gradient dy of the output and the output y itself. Throws when their shapes differ. */
export function softmaxGradient<T extends Tensor>(dy: T, y: T): T {
  expectShape('softmaxGradient: dy', dy, y.shape)
  return runKernel(softmaxGradientKernel, { dy, y }, {})
}

/** log(softmax(x)) that loses nothing where the softmax is nearly 0; any rank from 1 on. */
export function logSoftmax<T extends Tensor>(x: T): T {
  return runKernel(logSoftmaxKernel, { x }, {})
}

/** dx from the gradient dy of the output and the output y itself. Throws when their shapes differ. */
export function logSoftmaxGradient<T extends Tensor>(dy: T, y: T): T {
  expectShape('logSoftmaxGradient: dy', dy, y.shape)
  return runKernel(logSoftmaxGradientKernel, { dy, y }, {})
}

export const softmaxKernels = [softmaxKernel, softmaxGradientKernel, logSoftmaxKernel, logSoftmaxGradientKernel]
