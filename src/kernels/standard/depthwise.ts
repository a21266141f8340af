/**
 * DepthwiseConv2dNative, FusedDepthwiseConv2D and their gradients. Images are NHWC, as tfjs-core demands.
 *
 * Strides and dilations may go together, and the gradients take dilations too.
 */

import {
  backend_util, DepthwiseConv2dNative, DepthwiseConv2dNativeBackpropFilter, DepthwiseConv2dNativeBackpropInput,
  FusedDepthwiseConv2D,
} from '@tensorflow/tfjs-core'
import type {
  DepthwiseConv2dNativeAttrs, DepthwiseConv2dNativeBackpropFilterAttrs, DepthwiseConv2dNativeBackpropFilterInputs,
  DepthwiseConv2dNativeBackpropInputAttrs, DepthwiseConv2dNativeBackpropInputInputs, DepthwiseConv2dNativeInputs,
  FusedDepthwiseConv2DAttrs, FusedDepthwiseConv2DInputs, TensorInfo,
} from '@tensorflow/tfjs-core'
import {
  depthwiseFilterGradientKernel, depthwiseForwardKernel, depthwiseInputGradientKernel,
} from '../depthwiseConv2d.ts'
import { defineStandard } from './define.ts'
import { fuse } from './fused.ts'
import { imagesOf, windowOf } from './window.ts'

type Window = Pick<DepthwiseConv2dNativeAttrs, 'strides' | 'pad' | 'dimRoundingMode'>
  & Partial<Pick<DepthwiseConv2dNativeAttrs, 'dilations'>>

export function describeDepthwise(inputShape: readonly number[], filterShape: readonly number[], attrs: Window): backend_util.Conv2DInfo {
  const { strides, pad, dimRoundingMode, dilations } = attrs
  type Four = [number, number, number, number]
  return backend_util.computeConv2DInfo(inputShape as Four, filterShape as Four, strides, dilations ?? 1, pad,
    dimRoundingMode, true)
}

const forward = defineStandard<DepthwiseConv2dNativeInputs, DepthwiseConv2dNativeAttrs>({
  name: DepthwiseConv2dNative,
  run({ context }, { x, filter }, attrs) {
    const info = describeDepthwise(x!.shape, filter!.shape, attrs)
    return depthwiseForwardKernel.wasm(context, { x: x!, filter: filter!, bias: null }, { ...windowOf(info), activation: 'linear' })
  },
})

const fused = defineStandard<FusedDepthwiseConv2DInputs, FusedDepthwiseConv2DAttrs>({
  name: FusedDepthwiseConv2D,
  run(call, { x, filter, bias, preluActivationWeights }, attrs) {
    const info = describeDepthwise(x.shape, filter.shape, attrs)
    return fuse(call, { bias, preluActivationWeights, channels: info.outChannels, ...attrs }, (fusedBias, activation) =>
      depthwiseForwardKernel.wasm(call.context, { x, filter, bias: fusedBias }, { ...windowOf(info), activation }) as TensorInfo)
  },
})

const inputGradient = defineStandard<DepthwiseConv2dNativeBackpropInputInputs, DepthwiseConv2dNativeBackpropInputAttrs>({
  name: DepthwiseConv2dNativeBackpropInput,
  run({ context }, { dy, filter }, attrs) {
    const info = describeDepthwise(attrs.inputShape, filter!.shape, attrs)
    const window = { ...windowOf(info), inputShape: imagesOf(info) }
    return depthwiseInputGradientKernel.wasm(context, { dy: dy!, filter: filter! }, window)
  },
})

const filterGradient = defineStandard<DepthwiseConv2dNativeBackpropFilterInputs, DepthwiseConv2dNativeBackpropFilterAttrs>({
  name: DepthwiseConv2dNativeBackpropFilter,
  run({ context }, { x, dy }, attrs) {
    const window = { ...windowOf(describeDepthwise(x!.shape, attrs.filterShape, attrs)), filterShape: attrs.filterShape }
    return depthwiseFilterGradientKernel.wasm(context, { x: x!, dy: dy! }, window)
  },
})

export const depthwiseStandards = [forward, fused, inputGradient, filterGradient]
