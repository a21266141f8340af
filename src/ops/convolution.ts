// Convolutions: y = f(x ∗ kernel + bias), with the gradients by all three.
import { type Tensor1D, type Tensor4D, zeros } from '@tensorflow/tfjs-core'
import { addBias } from '../kernels/bias.ts'
import { conv2dFilterGradient, conv2dForward, conv2dInputGradient } from '../kernels/conv2d.ts'
import {
  depthwiseConv2dFilterGradient, depthwiseConv2dForward, depthwiseConv2dInputGradient,
} from '../kernels/depthwiseConv2d.ts'
import { deformConv2d as deform } from '../kernels/deformConv2d.ts'
import { channelSum } from '../kernels/sum.ts'
import type { Pair } from '../spec/config.ts'
import type { ConvolutionOptions } from '../spec/ops.ts'
import { activation, type Fused, fusable, remaining, unfuse } from './activation.ts'
import { record } from './gradient.ts'

/** The three kernels of a convolution. */
interface Kernels {
  forward(x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null, fused: Fused): Tensor4D
  inputGradient(dz: Tensor4D, kernel: Tensor4D, inputShape: Tensor4D['shape']): Tensor4D
  kernelGradient(x: Tensor4D, dz: Tensor4D, kernelShape: Tensor4D['shape']): Tensor4D
}

function convolve(x: Tensor4D, kernel: Tensor4D, bias: Tensor1D | null, fused: Fused, kernels: Kernels): Tensor4D {
  return record({ x, kernel, ...(bias === null ? {} : { bias }) }, {
    forward: () => kernels.forward(x, kernel, bias, fused),
    save: (y) => (fused === 'linear' ? [x, kernel] : [x, kernel, y]),
    gradients: (dy, [savedX, savedKernel, y]) => {
      const dz = fused === 'linear' ? dy : unfuse(dy, y as Tensor4D, fused)
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
  { activation: kind, ...attrs }: ConvolutionOptions & { readonly groups: number },
): Tensor4D {
  const y = convolve(x, kernel, bias, fusable(kind), {
    forward: (image, weights, offset, fused) => conv2dForward(image, weights, offset, { ...attrs, activation: fused }),
    inputGradient: (dz, weights, shape) => conv2dInputGradient(dz, weights, shape, attrs),
    kernelGradient: (image, dz, shape) => conv2dFilterGradient(image, dz, shape, attrs),
  })
  return activation(y, remaining(kind)) as Tensor4D
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

/** x [batch, h, w, in], offsets and mask per tap, kernel [kh, kw, in / groups, out], bias [out]. */
export function deformConv2d(
  x: Tensor4D, offsets: Tensor4D, mask: Tensor4D | null, kernel: Tensor4D, bias: Tensor1D | null,
  { activation: kind, pads, dilations, strides, offsetGroups }: ConvolutionOptions & { readonly offsetGroups: number },
): Tensor4D {
  const y = deform(x, offsets, kernel, {
    strides, padding: pads, dilationRate: dilations, offsetGroups, mask, bias, activation: fusable(kind),
  })
  return activation(y, remaining(kind)) as Tensor4D
}
