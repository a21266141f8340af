/**
 * Softmax over the last axis, row by row:
 *
 *     yᵢ = e^(xᵢ − m) / Σⱼ e^(xⱼ − m), m = max x        dxᵢ = yᵢ · (dyᵢ − Σⱼ dyⱼ·yⱼ)
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

/** y of x, any rank from 1 on. */
export function softmax<T extends Tensor>(x: T): T {
  return runKernel(softmaxKernel, { x }, {})
}

/** dx from the gradient dy of the output and the output y itself. Throws when their shapes differ. */
export function softmaxGradient<T extends Tensor>(dy: T, y: T): T {
  expectShape('softmaxGradient: dy', dy, y.shape)
  return runKernel(softmaxGradientKernel, { dy, y }, {})
}

export const softmaxKernels = [softmaxKernel, softmaxGradientKernel]
