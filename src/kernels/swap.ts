/**
 * Exchanging two neighbouring axes, y[o, c, r, i] = x[o, r, c, i], and what it is behind:
 *
 *     channelShuffle   [pixels, groups, channels / groups]        the channels of the groups take turns
 *     depthToSpace     [rows, width, block, block · channels]     block² channels become block × block pixels
 *     spaceToDepth     [rows, block, width, block · channels]     the inverse
 *     conv3d's kernel  [1, depth, height · width, in · out]       the depth moves behind the pixels
 *
 * Nothing is computed, so that the gradient is the exchange back.
 */

import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/swap.ts'
import { expectImages, type Shape4, sizeOf } from './shapes.ts'

/** x is [outer, rows, columns, block]. */
export type SwapSizes = {
  readonly outer: number
  readonly rows: number
  readonly columns: number
  readonly block: number
}

type SwapAttrs = SwapSizes & { readonly shape: readonly number[] }

const swapKernel = defineKernel<{ x: TensorInfo }, SwapAttrs>({
  name: 'LayergraphSwap',
  wasm({ asm, pointer, output }, { x }, { outer, rows, columns, block, shape }) {
    const y = output(shape)
    asm.swapBlocks(outer, rows, columns, block, pointer(x), pointer(y))
    return y
  },
  reference: ({ x }, attrs) => ({ shape: attrs.shape, values: reference.swapBlocks(x.values, attrs) }),
})

/** x read as [outer, rows, columns, block], the middle axes exchanged, in the given shape. Throws on other counts. */
export function swapBlocks<T extends Tensor>(x: Tensor, sizes: SwapSizes, shape: readonly number[]): T {
  const { outer, rows, columns, block } = sizes
  const count = outer * rows * columns * block
  if (count !== x.size || count !== sizeOf(shape)) {
    throw new RangeError(`swapBlocks: [${x.shape}] does not hold ${outer}·${rows}·${columns}·${block} values, or [${shape}] does not.`)
  }
  return runKernel(swapKernel, { x }, { ...sizes, shape })
}

function divided(what: string, size: number, by: number, of: string): number {
  if (!Number.isInteger(by) || by < 1 || size % by !== 0) throw new RangeError(`${what}: ${by} does not divide ${size} ${of}.`)
  return size / by
}

/** Sizes of the swap that shuffles the channels of images. Throws unless groups divides the channels. */
export function shuffleSizes(what: string, [batch, height, width, channels]: Shape4, groups: number): SwapSizes {
  return { outer: batch * height * width, rows: groups, columns: divided(what, channels, groups, 'channels'), block: 1 }
}

/** Output channel i·groups + g is channel g·(channels / groups) + i. Throws unless groups divides the channels. */
export function channelShuffle(x: Tensor4D, groups: number): Tensor4D {
  return swapBlocks(x, shuffleSizes('channelShuffle', expectImages('channelShuffle: x', x), groups), x.shape)
}

/**
 * [batch, h, w, block²·c] → [batch, h·block, w·block, c]: channel (i·block + j)·c + k goes to the pixel i below and j to
 * the right. Throws unless block² divides the channels.
 */
export function depthToSpace(x: Tensor4D, block: number): Tensor4D {
  const [batch, height, width, channels] = expectImages('depthToSpace: x', x)
  const out = divided('depthToSpace', channels, block * block, 'channels')
  const sizes = { outer: batch * height, rows: width, columns: block, block: block * out }
  return swapBlocks(x, sizes, [batch, height * block, width * block, out])
}

/** The inverse of depthToSpace: [batch, h, w, c] → [batch, h / block, w / block, block²·c]. Throws unless block divides. */
export function spaceToDepth(x: Tensor4D, block: number): Tensor4D {
  const [batch, height, width, channels] = expectImages('spaceToDepth: x', x)
  const rows = divided('spaceToDepth', height, block, 'rows')
  const columns = divided('spaceToDepth', width, block, 'columns')
  const sizes = { outer: batch * rows, rows: block, columns, block: block * channels }
  return swapBlocks(x, sizes, [batch, rows, columns, block * block * channels])
}

export const swapKernels = [swapKernel]
