/**
 * Moving values without computing: frames of zeros, joining and parting along an axis.
 *
 * An axis parts a tensor into outer × (axis × inner): joining tensors [outer, blockᵢ] along the axis
 * writes, for
 * every outer index, the blocks one after the other. The result of parting is the inverse, block by block.
 * A padded image is rows of floats between two runs of zeros.
 */

import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import type { PlainTensor } from './define.ts'
import * as reference from './reference/shape.ts'
import { expectCounts, expectImages, sizeOf } from './shapes.ts'
import type { Pads, Shape, Shape4 } from './shapes.ts'

type PadAttrs = { readonly pads: Pads }
type AxisAttrs = { readonly axis: number }
type SplitAttrs = AxisAttrs & { readonly sizes: readonly number[] }

/** The shape with `amount(pads of the axis)` added to height and width. */
function resized([batch, height, width, channels]: Shape4, [rows, columns]: Pads, sign: 1 | -1): Shape4 {
  return [batch, height + sign * (rows[0] + rows[1]), width + sign * (columns[0] + columns[1]), channels]
}

const shapeOf = (tensor: { readonly shape: Shape }): Shape4 => tensor.shape as unknown as Shape4

/** The frame as the assembly counts it: rows above and below, floats left and right. */
function frame([, , , channels]: Shape4, [[top, bottom], [left, right]]: Pads) {
  return [top, bottom, left * channels, right * channels] as const
}

const zeroPad2dKernel = defineKernel<{ x: TensorInfo }, PadAttrs>({
  name: 'LayergraphZeroPad2d',
  wasm({ asm, pointer, output }, { x }, { pads }) {
    const shape = shapeOf(x)
    const [batch, height, width, channels] = shape
    const y = output(resized(shape, pads, 1))
    asm.zeroPad2d(batch, height, width * channels, pointer(x), pointer(y), ...frame(shape, pads))
    return y
  },
  reference: ({ x }, { pads }) => ({
    shape: resized(shapeOf(x), pads, 1),
    values: reference.zeroPad2d(x.values, shapeOf(x), pads),
  }),
})

const crop2dKernel = defineKernel<{ x: TensorInfo }, PadAttrs>({
  name: 'LayergraphCrop2d',
  wasm({ asm, pointer, output }, { x }, { pads }) {
    const shape = resized(shapeOf(x), pads, -1)
    const [batch, height, width, channels] = shape
    const y = output(shape)
    asm.crop2d(batch, height, width * channels, pointer(x), pointer(y), ...frame(shape, pads))
    return y
  },
  reference({ x }, { pads }) {
    const shape = resized(shapeOf(x), pads, -1)
    return { shape, values: reference.crop2d(x.values, shape, pads) }
  },
})

/** Floats of one block: everything from the axis on. */
const blockOf = (shape: Shape, axis: number): number => sizeOf(shape.slice(axis))

/** How many blocks there are. */
const outerOf = (shape: Shape, axis: number): number => sizeOf(shape.slice(0, axis))

/** The shape with another size along the axis. */
function withSize(shape: Shape, axis: number, size: number): number[] {
  return shape.map((other, i) => (i === axis ? size : other))
}

function concatShape(xs: readonly { readonly shape: Shape }[], axis: number): number[] {
  const size = xs.reduce((sum, x) => sum + x.shape[axis]!, 0)
  return withSize(xs[0]!.shape, axis, size)
}

/** The inputs are named 0, 1, 2, …, which is also the order of Object.values. */
const concatKernel = defineKernel<Record<string, TensorInfo>, AxisAttrs>({
  name: 'LayergraphConcat',
  wasm({ asm, pointer, output }, inputs, { axis }) {
    const xs = Object.values(inputs)
    const y = output(concatShape(xs, axis))
    const step = blockOf(y.shape, axis)
    const outer = outerOf(y.shape, axis)
    let target = pointer(y)
    for (const x of xs) {
      const block = blockOf(x.shape, axis)
      asm.copyBlocks(outer, block, pointer(x), block, target, step)
      target += block * Float32Array.BYTES_PER_ELEMENT
    }
    return y
  },
  reference(inputs, { axis }) {
    const xs = Object.values(inputs)
    const shape = concatShape(xs, axis)
    const blocks = xs.map((x) => blockOf(x.shape, axis))
    const values = reference.concat(
      xs.map((x) => x.values),
      blocks,
      outerOf(shape, axis),
    )
    return { shape, values }
  },
})

const splitKernel = defineKernel<{ x: TensorInfo }, SplitAttrs>({
  name: 'LayergraphSplit',
  wasm({ asm, pointer, output }, { x }, { sizes, axis }) {
    const step = blockOf(x.shape, axis)
    const outer = outerOf(x.shape, axis)
    let start = 0
    return sizes.map((size) => {
      const y = output(withSize(x.shape, axis, size))
      const block = blockOf(y.shape, axis)
      asm.copyBlocks(outer, block, pointer(x) + start, step, pointer(y), block)
      start += block * Float32Array.BYTES_PER_ELEMENT
      return y
    })
  },
  reference({ x }, { sizes, axis }) {
    const shapes = sizes.map((size) => withSize(x.shape, axis, size))
    const blocks = shapes.map((shape) => blockOf(shape, axis))
    const parts = reference.split(x.values, blocks, outerOf(x.shape, axis))
    return parts.map((values, i): PlainTensor => ({ shape: shapes[i]!, values }))
  },
})

/** Axes count from the end when negative. */
function resolveAxis(what: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= rank) {
    throw new RangeError(`${what}: there is no axis ${axis} in a tensor of ${rank} axes.`)
  }
  return resolved
}

/**
 * x[b, h, w, c] in a frame of zeros: y[b, top + h + bottom, left + w + right, c]. Throws on negative pads.
 */
export function zeroPad2d(x: Tensor4D, pads: Pads): Tensor4D {
  expectImages('zeroPad2d: x', x)
  expectCounts('zeroPad2d: a pad', pads.flat())
  return runKernel(zeroPad2dKernel, { x }, { pads })
}

/** x without its frame, the gradient of zeroPad2d. Throws when the frame is larger than x. */
export function crop2d(x: Tensor4D, pads: Pads): Tensor4D {
  expectCounts('crop2d: a pad', pads.flat())
  expectCounts('crop2d: a size of the result', resized(expectImages('crop2d: x', x), pads, -1))
  return runKernel(crop2dKernel, { x }, { pads })
}

/** The tensors joined along an axis. Throws when they differ along another one, or when there are none. */
export function concat<T extends Tensor>(xs: readonly T[], axis: number): T {
  const first = xs[0]
  if (first === undefined) throw new RangeError('concat: there is nothing to join.')
  const resolved = resolveAxis('concat', axis, first.rank)
  for (const x of xs) {
    const fits =
      x.rank === first.rank && x.shape.every((size, i) => i === resolved || size === first.shape[i])
    if (!fits)
      throw new RangeError(`concat: [${x.shape}] does not join [${first.shape}] along axis ${resolved}.`)
  }
  return runKernel(concatKernel, Object.fromEntries(xs.entries()), { axis: resolved })
}

/** x parted along an axis into pieces of the given sizes. Throws when the sizes do not add up to the axis. */
export function splitSizes<T extends Tensor>(x: T, sizes: readonly number[], axis: number): T[] {
  const resolved = resolveAxis('splitSizes', axis, x.rank)
  expectCounts('splitSizes: a size', sizes)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total !== x.shape[resolved]) {
    throw new RangeError(
      `splitSizes: [${sizes}] adds up to ${total}, but axis ${resolved} has ${x.shape[resolved]}.`,
    )
  }
  return runKernel(splitKernel, { x }, { sizes, axis: resolved })
}

export const shapeKernels = [zeroPad2dKernel, crop2dKernel, concatKernel, splitKernel]
