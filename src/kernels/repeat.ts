/**
 * Products with a factor that is repeated along some axes: the scale of each channel, the mask of each sample.
 *
 *     multiplyRepeated   y[o, m, i] = x[o, m, i] · factor[o, i]
 *     productSum         sums[o, i] = Σ over m of a[o, m, i] · b[o, m, i]: the gradient by the factor
 *
 * x is any tensor whose axes fall into three runs: those before, along and behind the repetition.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/repeat.ts'
import { expectShape, sizeOf } from './shapes.ts'

/** The sizes of the three runs of axes. */
export type Repeat = { readonly outer: number; readonly middle: number; readonly inner: number }

const multiplyRepeatedKernel = defineKernel<{ x: TensorInfo; factor: TensorInfo }, Repeat>({
  name: 'LayergraphMultiplyRepeated',
  wasm({ asm, pointer, output }, { x, factor }, { outer, middle, inner }) {
    const y = output(x.shape)
    asm.multiplyRepeated(outer, middle, inner, pointer(x), pointer(factor), pointer(y))
    return y
  },
  reference: ({ x, factor }, repeat) => ({ shape: x.shape, values: reference.multiplyRepeated(x.values, factor.values, repeat) }),
})

const productSumKernel = defineKernel<{ a: TensorInfo; b: TensorInfo }, Repeat>({
  name: 'LayergraphProductSum',
  wasm({ asm, pointer, output }, { a, b }, { outer, middle, inner }) {
    const sums = output([outer, inner])
    asm.productSum(outer, middle, inner, pointer(a), pointer(b), pointer(sums))
    return sums
  },
  reference: ({ a, b }, repeat) =>
    ({ shape: [repeat.outer, repeat.inner], values: reference.productSum(a.values, b.values, repeat) }),
})

/**
 * How a shape is the other one with some sizes made 1, if those axes are neighbours: `null` if it is not, or they are not.
 */
export function repeatOf(shape: readonly number[], factor: readonly number[]): Repeat | null {
  if (shape.length !== factor.length) return null
  const repeated = shape.flatMap((size, axis) => (size !== factor[axis] ? [axis] : []))
  if (repeated.length === 0) return { outer: 1, middle: 1, inner: sizeOf(shape) }
  const first = repeated[0]!
  const end = repeated.at(-1)! + 1
  // Between the first and the last, sizes of 1 are repeated as well as not.
  if (factor.slice(first, end).some((size) => size !== 1)) return null
  return { outer: sizeOf(shape.slice(0, first)), middle: sizeOf(shape.slice(first, end)), inner: sizeOf(shape.slice(end)) }
}

function expectSize(what: string, tensor: Tensor, size: number): void {
  if (tensor.size !== size) throw new RangeError(`${what} holds ${tensor.size} values, but ${size} are needed.`)
}

/** Throws when x or the factor does not hold as many values as the runs say. */
export function multiplyRepeated<T extends Tensor>(x: T, factor: Tensor, repeat: Repeat): T {
  expectSize('multiplyRepeated: x', x, repeat.outer * repeat.middle * repeat.inner)
  expectSize('multiplyRepeated: factor', factor, repeat.outer * repeat.inner)
  return runKernel(multiplyRepeatedKernel, { x, factor }, repeat)
}

/** [outer, inner]. Throws when a and b differ in shape, or do not hold as many values as the runs say. */
export function productSum(a: Tensor, b: Tensor, repeat: Repeat): Tensor {
  expectShape('productSum: b', b, a.shape)
  expectSize('productSum: a', a, repeat.outer * repeat.middle * repeat.inner)
  return runKernel(productSumKernel, { a, b }, repeat)
}

export const repeatKernels = [multiplyRepeatedKernel, productSumKernel]
