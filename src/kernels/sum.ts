/**
 * Sums and multiples:
 *
 *     addN         y = x₀ + x₁ + …            same shapes, added from left to right
 *     channelSum   y[c] = Σ x[…, c]           over all axes but the last: the gradient of a bias
 *     scale        y = x · factor
 *
 * channelSum walks rows in blocks, floats inside a block and doubles between blocks (assembly/columns.ts).
 */

import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/sum.ts'
import { expectShape, lastOf, rowsOf, sizeOf } from './shapes.ts'

type NoAttrs = Readonly<Record<string, never>>
type ScaleAttrs = { readonly factor: number }

/** The inputs are named 0, 1, 2, …, which is also the order of Object.values. Two at least. */
const addNKernel = defineKernel<Record<string, TensorInfo>, NoAttrs>({
  name: 'LayergraphAddN',
  wasm({ asm, pointer, output }, inputs) {
    const [first, second, ...others] = Object.values(inputs) as [TensorInfo, TensorInfo, ...TensorInfo[]]
    const y = output(first.shape)
    const size = sizeOf(first.shape)
    asm.addPair(size, pointer(first), pointer(second), pointer(y))
    for (const x of others) asm.addPair(size, pointer(y), pointer(x), pointer(y))
    return y
  },
  reference(inputs) {
    const xs = Object.values(inputs)
    return { shape: xs[0]!.shape, values: reference.addN(xs.map((x) => x.values)) }
  },
})

export const channelSumKernel = defineKernel<{ x: TensorInfo }, NoAttrs>({
  name: 'LayergraphChannelSum',
  wasm({ asm, pointer, output, scratch }, { x }) {
    const channels = lastOf(x.shape)
    const sum = output([channels])
    const room = scratch(asm.columnScratch(channels))
    asm.channelSum(rowsOf(x.shape), channels, pointer(x), pointer(sum), room)
    return sum
  },
  reference({ x }) {
    const channels = lastOf(x.shape)
    return { shape: [channels], values: reference.channelSum(x.values, channels) }
  },
})

export const scaleKernel = defineKernel<{ x: TensorInfo }, ScaleAttrs>({
  name: 'LayergraphScale',
  wasm({ asm, pointer, output }, { x }, { factor }) {
    const y = output(x.shape)
    asm.scale(sizeOf(x.shape), pointer(x), pointer(y), factor)
    return y
  },
  reference: ({ x }, { factor }) => ({ shape: x.shape, values: reference.scale(x.values, factor) }),
})

/** The sum of tensors of one shape; of a single one, that tensor again (a copy of the handle). */
export function addN<T extends Tensor>(xs: readonly T[]): T {
  const first = xs[0]
  if (first === undefined) throw new RangeError('addN: there is nothing to add.')
  xs.forEach((x, i) => expectShape(`addN: tensor ${i}`, x, first.shape))
  if (xs.length === 1) return first.clone()
  return runKernel(addNKernel, Object.fromEntries(xs.entries()), {})
}

/** The sum of each channel of x, any rank from 1 on. */
export function channelSum(x: Tensor): Tensor1D {
  return runKernel(channelSumKernel, { x }, {})
}

/** x times a number. */
export function scale<T extends Tensor>(x: T, factor: number): T {
  return runKernel(scaleKernel, { x }, { factor })
}

export const sumKernels = [addNKernel, channelSumKernel, scaleKernel]
