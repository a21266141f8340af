// Volumes [batch, depth, height, width, channels], by the kernels for images.
import type { Tensor, Tensor1D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core'
import { type DepthWindow, depthWindows as lay, depthWindowsGradient } from '../kernels/depthWindows.ts'
import { swapBlocks } from '../kernels/swap.ts'
import type { Convolution3dOptions, Pool3dOptions, PoolOptions } from '../spec/ops.ts'
import { conv2d } from './convolution.ts'
import { record } from './gradient.ts'
import { avgPool2d, maxPool2d } from './pool.ts'
import { reshape } from './shape.ts'

function depthWindows(x: Tensor5D, window: DepthWindow): Tensor5D {
  return record({ x }, {
    forward: () => lay(x, window),
    save: () => [],
    gradients: (dy) => ({ x: () => depthWindowsGradient(dy, x.shape, window) }),
  })
}

/** [kd, kh, kw, in, out] → [kh, kw, kd · in, out]: the depth among the channels. */
function flatKernel(kernel: Tensor5D): Tensor4D {
  const [depth, height, width, channels, filters] = kernel.shape
  const swapped = { outer: 1, rows: height * width, columns: depth, block: channels * filters }
  return record({ kernel }, {
    forward: () => swapBlocks<Tensor4D>(
      kernel, { ...swapped, rows: depth, columns: height * width }, [height, width, depth * channels, filters],
    ),
    save: () => [],
    gradients: (dy) => ({ kernel: () => swapBlocks(dy, swapped, kernel.shape) }),
  })
}

/** Disposes of what was only on the way; a tape has handles of its own on what it needs. */
function release(...tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose()
}

/**
 * x [batch, d, h, w, in], kernel [kd, kh, kw, in / groups, out], bias [out].
 *
 * The planes under the kernel become the channels of one image per output plane, and the rest is conv2d: this costs the
 * memory of kd copies of x, and runs at the speed of the products that conv2d is made of.
 */
export function conv3d(
  x: Tensor5D, kernel: Tensor5D, bias: Tensor1D | null,
  { strides, pads, dilations, groups, activation }: Convolution3dOptions,
): Tensor5D {
  const [batch, depth, height, width, channels] = x.shape
  const taps = kernel.shape[0]
  const room = depth + pads[0][0] + pads[0][1] - dilations[0] * (taps - 1) - 1
  const outDepth = Math.floor(room / strides[0]) + 1
  const windows = depthWindows(x, {
    taps, stride: strides[0], dilation: dilations[0], front: pads[0][0], outDepth, groups,
  })
  const images = reshape(windows, [batch * outDepth, height, width, taps * channels]) as Tensor4D
  const flat = flatKernel(kernel)
  const y = conv2d(images, flat, bias, {
    strides: [strides[1], strides[2]], pads: [pads[1], pads[2]], dilations: [dilations[1], dilations[2]], groups, activation,
  })
  const volume = reshape(y, [batch, outDepth, ...y.shape.slice(1)]) as Tensor5D
  release(windows, images, flat, y)
  return volume
}

type Pool = (x: Tensor4D, options: PoolOptions) => Tensor4D

/**
 * A pool over height and width, then one over the depth. The maximum of maxima is the maximum, first in the same order;
 * the number of voxels under a window is the product of those along its axes, so averages of averages are averages.
 */
function poolInTurn(x: Tensor5D, { poolSize, strides, pads, outputSize }: Pool3dOptions, pool: Pool): Tensor5D {
  const [batch, depth, height, width, channels] = x.shape
  const [outDepth, outHeight, outWidth] = outputSize
  const images = reshape(x, [batch * depth, height, width, channels]) as Tensor4D
  const planes = pool(images, {
    poolSize: [poolSize[1], poolSize[2]], strides: [strides[1], strides[2]], pads: [pads[1], pads[2]],
    outputSize: [outHeight, outWidth],
  })
  const columns = reshape(planes, [batch, depth, outHeight * outWidth, channels]) as Tensor4D
  const y = pool(columns, {
    poolSize: [poolSize[0], 1], strides: [strides[0], 1], pads: [pads[0], [0, 0]], outputSize: [outDepth, outHeight * outWidth],
  })
  const volume = reshape(y, [batch, outDepth, outHeight, outWidth, channels]) as Tensor5D
  release(images, planes, columns, y)
  return volume
}

export const maxPool3d = (x: Tensor5D, options: Pool3dOptions): Tensor5D => poolInTurn(x, options, maxPool2d)

export const avgPool3d = (x: Tensor5D, { includePad, ...options }: Pool3dOptions & { readonly includePad: boolean }): Tensor5D =>
  poolInTurn(x, options, (planes, plane) => avgPool2d(planes, { ...plane, includePad }))
