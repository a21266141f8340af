/**
 * Sums and multiples:
 *
 *     addN         y = activation(x₀ + x₁ + …)    same shapes, added from left to right
 *     channelSum   y[c] = Σ x[…, c]               over all axes but the last: the gradient of a bias
 *     scale        y = x · factor
 *
 * channelSum walks rows in blocks, floats inside a block and doubles between blocks (assembly/columns.ts).
 */

import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import { activate } from './activation.ts'
import { defineKernel, runKernel } from './define.ts'
import { boundsOf, fused, type FusedActivation } from './fused.ts'
import * as reference from './reference/sum.ts'
import { expectShape, lastOf, rowsOf, sizeOf } from './shapes.ts'

type NoAttrs = Readonly<Record<string, never>>
type AddAttrs = { readonly activation: FusedActivation }
type ScaleAttrs = { readonly factor: number }

/** The inputs are named 0, 1, 2, …, which is also the order of Object.values. Two at least. */
export const addNKernel = defineKernel<Record<string, TensorInfo>, AddAttrs>({
  name: 'LayergraphAddN',
  wasm({ asm, pointer, output }, inputs, { activation }) {
    const [first, ...others] = Object.values(inputs) as [TensorInfo, ...TensorInfo[]]
    const y = output(first.shape)
    const size = sizeOf(first.shape)
    for (const [i, x] of others.entries()) {
      const bounds = boundsOf(i === others.length - 1 ? activation : 'linear')
      asm.addPair(size, pointer(i === 0 ? first : y), pointer(x), ...bounds, pointer(y))
    }
    return y
  },
  reference(inputs, { activation }) {
    const xs = Object.values(inputs)
    const values = reference.addN(xs.map((x) => x.values)).map((sum) => fused(sum, activation))
    return { shape: xs[0]!.shape, values }
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

/**
 * activation(x₀ + x₁ + …) of tensors of one shape. `activation`: 'linear' (default), 'relu' or 'relu6'. The sum of a
 * single one is that tensor again (a copy of the handle).
 */
export function addN<T extends Tensor>(xs: readonly T[], activation: FusedActivation = 'linear'): T {
  const first = xs[0]
  if (first === undefined) throw new RangeError('addN: there is nothing to add.')
  xs.forEach((x, i) => expectShape(`addN: tensor ${i}`, x, first.shape))
  if (xs.length === 1) return activation === 'linear' ? first.clone() : activate(first, activation)
  return runKernel(addNKernel, Object.fromEntries(xs.entries()), { activation })
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
