// Convolutions: y = f(x ∗ kernel + bias), with the gradients by all three.
import { type Tensor, type Tensor1D, type Tensor4D, zeros } from '@tensorflow/tfjs-core'
import { addBias } from '../kernels/bias.ts'
import { conv2dFilterGradient, conv2dForward, conv2dInputGradient, type ConvAttrs } from '../kernels/conv2d.ts'
import {
  conv2dMaxPool2dBiasGradient, conv2dMaxPool2dFilterGradient, conv2dMaxPool2dForward, conv2dMaxPool2dInputGradient,
  fusesMaxPool2d,
} from '../kernels/conv2dMaxPool2d.ts'
import { outputPair } from '../kernels/convolutionSizes.ts'
import {
  depthwiseConv2dFilterGradient, depthwiseConv2dForward, depthwiseConv2dInputGradient,
} from '../kernels/depthwiseConv2d.ts'
import type { FusedActivation } from '../kernels/fused.ts'
import { keepsPacks } from '../kernels/recording.ts'
import { channelSum } from '../kernels/sum.ts'
import { channelShuffle } from '../kernels/swap.ts'
import type { Activation, Pair } from '../spec/config.ts'
import type { ConvolutionOptions, PoolOptions } from '../spec/ops.ts'
import { activation, fusable, remaining, unfuse } from './activation.ts'
import { record } from './gradient.ts'
import { maxPool2d } from './pool.ts'

/** The three kernels of a convolution. */
interface Kernels {
  forward(x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null, fused: FusedActivation): Tensor4D
  inputGradient(dz: Tensor4D, kernel: Tensor4D, inputShape: Tensor4D['shape']): Tensor4D
  kernelGradient(x: Tensor4D, dz: Tensor4D, kernelShape: Tensor4D['shape']): Tensor4D
  /** Brings the channels of the output back into the order of the kernel, where forward leaves another one. */
  ordered?(dy: Tensor4D): Tensor4D
}

function convolve(x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null, fused: FusedActivation, kernels: Kernels): Tensor4D {
  return record({ x, kernel, ...(bias === null ? {} : { bias }) }, {
    forward: () => kernels.forward(x, kernel, bias, fused),
    save: (y) => (fused === 'linear' ? [x, kernel] : [x, kernel, y]),
    gradients: (dy, [savedX, savedKernel, y]) => {
      const active = fused === 'linear' ? dy : unfuse(dy, y as Tensor4D, fused)
      const dz = kernels.ordered?.(active) ?? active
      return {
        x: () => kernels.inputGradient(dz, savedKernel as Tensor4D, x.shape),
        kernel: () => kernels.kernelGradient(savedX as Tensor4D, dz, kernel.shape),
        bias: () => channelSum(dz),
      }
    },
  })
}

/** x [batch, h, w, in], kernel [kh, kw, in / groups, out], bias [out]. */
export function conv2d(
  x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null,
  { activation: kind, pool, shuffle = 1, ...attrs }:
    ConvolutionOptions & { readonly groups: number; readonly pool?: PoolOptions; readonly shuffle?: number },
): Tensor4D {
  if (pool !== undefined && shuffle === 1 && pools(x, kernel, kind, pool, attrs)) return convolveAndPool(x, kernel, bias, fusable(kind), attrs)
  const y = convolve(x, kernel, bias, fusable(kind), {
    forward: (image, weights, offset, fused) => conv2dForward(image, weights, offset, { ...attrs, activation: fused, shuffle }),
    inputGradient: (dz, weights, shape) => conv2dInputGradient(dz, weights, shape, attrs),
    kernelGradient: (image, dz, shape) => conv2dFilterGradient(image, dz, shape, attrs),
    ...(shuffle === 1 ? {} : { ordered: (dy: Tensor4D) => channelShuffle(dy, kernel.shape[3] / shuffle) }),
  })
  const active = activation(y, remaining(kind)) as Tensor4D
  if (pool === undefined) return active
  const pooled = maxPool2d(active, pool)
  active.dispose()
  return pooled
}

/** Whether one kernel convolves and pools: windows of 2×2 that tile the image, behind certain convolutions. */
function pools(
  x: Tensor4D, kernel: Tensor4D, kind: Activation, { poolSize, strides, pads, outputSize }: PoolOptions, attrs: ConvAttrs,
): boolean {
  if (remaining(kind) !== 'linear' || [...poolSize, ...strides].some((size) => size !== 2)) return false
  if (pads.flat().some((pad) => pad !== 0)) return false
  const sizes = outputPair('conv2d', x.shape, kernel.shape, attrs)
  return sizes.every((size, axis) => size >> 1 === outputSize[axis]) && fusesMaxPool2d(x.shape, kernel.shape, attrs, keepsPacks(kernel))
}

/** maxPool2d of the convolution. The gradients need to know which pixels have won, and not the output. */
function convolveAndPool(
  x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null, fused: FusedActivation, attrs: ConvAttrs,
): Tensor4D {
  return record<Record<string, Tensor>, Tensor4D>({ x, kernel, ...(bias === null ? {} : { bias }) }, {
    forward: () => {
      const [output, which] = conv2dMaxPool2dForward(x, kernel, bias, { ...attrs, activation: fused })
      return { output, besides: [which] }
    },
    save: (_y, [which]) => [x, kernel, which as Tensor4D],
    gradients: (dy, [savedX, savedKernel, which]) => ({
      x: () => conv2dMaxPool2dInputGradient(dy, which as Tensor4D, savedKernel as Tensor4D, x.shape, attrs),
      kernel: () => conv2dMaxPool2dFilterGradient(savedX as Tensor4D, dy, which as Tensor4D, kernel.shape, attrs),
      bias: () => conv2dMaxPool2dBiasGradient(dy, which as Tensor4D),
    }),
  })
}

/** x [batch, h, w, c], kernel [kh, kw, c, multiplier], bias [c · multiplier]. */
export function depthwiseConv2d(
  x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null, { activation: kind, ...attrs }: ConvolutionOptions,
): Tensor4D {
  const y = convolve(x, kernel, bias, fusable(kind), {
    forward: (image, weights, offset, fused) => depthwiseConv2dForward(image, weights, offset, { ...attrs, activation: fused }),
    inputGradient: (dz, weights, shape) => depthwiseConv2dInputGradient(dz, weights, shape, attrs),
    kernelGradient: (image, dz, shape) => depthwiseConv2dFilterGradient(image, dz, shape, attrs),
  })
  return activation(y, remaining(kind)) as Tensor4D
}

/**
 * The transpose of conv2d: x [batch, h, w, in], kernel [kh, kw, out / groups, in], bias [out]. Its forward pass is the
 * input gradient of the convolution from `outputSize` to [h, w], and the other way round; in the kernel's gradient the
 * two images change places.
 */
export function conv2dTranspose(
  x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null,
  { activation: kind, outputSize, ...attrs }: ConvolutionOptions & { readonly groups: number; readonly outputSize: Pair },
): Tensor4D {
  const shape = [x.shape[0], ...outputSize, kernel.shape[2] * attrs.groups] as const
  const y = convolve(x, kernel, bias, fusable(kind), {
    forward: (image, weights, offset, fused) => {
      const sum = conv2dInputGradient(image, weights, shape, attrs)
      return offset === null && fused === 'linear' ? sum : addBias(sum, offset ?? zeros([shape[3]]), fused)
    },
    inputGradient: (dz, weights) => conv2dForward(dz, weights, null, { ...attrs, activation: 'linear' }),
    kernelGradient: (image, dz, kernelShape) => conv2dFilterGradient(dz, image, kernelShape, attrs),
  })
  return activation(y, remaining(kind)) as Tensor4D
}
