/**
 * Gradients under TensorFlow.js' own names, for the wasm backend: the ones it refuses, and quicker ones.
 *
 * Gradients are registered for all backends alike. On another backend, for what no page covers, and while a gradient is
 * itself being differentiated, the gradient that was there before is used: ours are made of kernels without gradients.
 */

import {
  add, Conv2D, DepthwiseConv2dNative, engine, FusedBatchNorm, getBackend, getKernel, mul, Relu, rsqrt,
} from '@tensorflow/tfjs-core'
import type {
  Conv2DAttrs, DepthwiseConv2dNativeAttrs, FusedBatchNormAttrs, GradConfig, Tensor, Tensor1D, Tensor4D,
} from '@tensorflow/tfjs-core'
import { activationGradient } from '../activation.ts'
import { batchNormInferenceGradient } from '../batchNorm.ts'
import { conv2dFilterGradient, conv2dInputGradient } from '../conv2d.ts'
import { depthwiseConv2dFilterGradient, depthwiseConv2dInputGradient } from '../depthwiseConv2d.ts'
import { isPerChannel } from './batchNorm.ts'
import { describeConv2d } from './convolution.ts'
import { areFloats } from './define.ts'
import { describeDepthwise } from './depthwise.ts'
import { windowOf } from './window.ts'

/** For each input of the kernel, what computes the gradient by it. */
type Gradients = Readonly<Record<string, () => Tensor>>

/** One gradient, by the name of its kernel. */
export type StandardGradient = {
  readonly name: string
  /** Whether TensorFlow.js refuses what the page covers, so that nothing is replaced that works. */
  readonly lacking: boolean
  /** `saved` are the tensors that the gradient of TensorFlow.js saves. */
  readonly covers: (saved: readonly Tensor[], attrs: never) => boolean
  readonly gradient: (dy: Tensor, saved: readonly Tensor[], attrs: never) => Gradients
}

const isOne = (rates: number | readonly number[] | null | undefined): boolean =>
  rates == null || [rates].flat().every(rate => rate === 1)

const conv2dGradient: StandardGradient = {
  name: Conv2D,
  lacking: true,
  covers: (_saved, { dilations, dataFormat }: Conv2DAttrs) => !isOne(dilations) && dataFormat === 'NHWC',
  gradient(dy, saved, attrs: Conv2DAttrs) {
    const [x, filter] = saved as [Tensor4D, Tensor4D]
    const window = { ...windowOf(describeConv2d(x.shape, filter.shape, attrs)), groups: 1 }
    return {
      x: () => conv2dInputGradient(dy as Tensor4D, filter, x.shape, window),
      filter: () => conv2dFilterGradient(x, dy as Tensor4D, filter.shape, window),
    }
  },
}

const depthwiseGradient: StandardGradient = {
  name: DepthwiseConv2dNative,
  lacking: true,
  covers: (_saved, { dilations }: DepthwiseConv2dNativeAttrs) => !isOne(dilations),
  gradient(dy, saved, attrs: DepthwiseConv2dNativeAttrs) {
    const [x, filter] = saved as [Tensor4D, Tensor4D]
    const window = windowOf(describeDepthwise(x.shape, filter.shape, attrs))
    return {
      x: () => depthwiseConv2dInputGradient(dy as Tensor4D, filter, x.shape, window),
      filter: () => depthwiseConv2dFilterGradient(x, dy as Tensor4D, filter.shape, window),
    }
  },
}

const reluGradient: StandardGradient = {
  name: Relu,
  lacking: false,
  covers: ([x]) => x!.dtype === 'float32',
  // The kernel asks where the output is positive, which is where the input is.
  gradient: (dy, [x]) => ({ x: () => activationGradient(dy, x!, 'relu') }),
}

const batchNormGradient: StandardGradient = {
  name: FusedBatchNorm,
  lacking: false,
  covers([x, mean, variance, scale]) {
    const inputs = { x: x!, mean: mean!, variance: variance!, scale, offset: undefined }
    return areFloats(inputs) && isPerChannel(inputs)
  },
  gradient(dy, [x, mean, variance, scale], { varianceEpsilon }: FusedBatchNormAttrs) {
    const statistics = [mean as Tensor1D, variance as Tensor1D, (scale as Tensor1D | undefined) ?? null] as const
    const [dx, dscale, doffset] = batchNormInferenceGradient(dy, x!, ...statistics, varianceEpsilon)
    const inverse = rsqrt(add(variance!, varianceEpsilon))
    const slope = scale == null ? inverse : mul(inverse, scale)
    return {
      x: () => dx,
      mean: () => mul(mul(doffset, slope), -1),
      variance: () => mul(mul(mul(dscale, slope), inverse), -0.5),
      scale: () => dscale,
      offset: () => doffset,
    }
  },
}

/** Every standard gradient. */
export const gradients: readonly StandardGradient[] = [
  conv2dGradient,
  depthwiseGradient,
  reluGradient,
  batchNormGradient,
]

/** The gradient as tfjs-core registers it, in front of the one that was there. */
export function gradientConfig({ covers, gradient }: StandardGradient, previous: GradConfig): GradConfig {
  const isOurs = (saved: readonly Tensor[], attrs: never): boolean =>
    getBackend() === 'wasm' && getKernel('LayergraphConv2d', 'wasm') != null && engine().state.gradientDepth === 0
    && covers(saved, attrs)
  return {
    ...previous,
    gradFunc: (dy, saved, attrs) => {
      const ours = isOurs(saved, attrs as never)
      return ours ? gradient(dy as Tensor, saved, attrs as never) : previous.gradFunc(dy, saved, attrs)
    },
  }
}
