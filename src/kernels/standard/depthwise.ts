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

type Info = backend_util.Conv2DInfo

export function describeDepthwise(inputShape: readonly number[], filterShape: readonly number[], attrs: Window): Info {
  const { strides, pad, dimRoundingMode, dilations } = attrs
  type Four = [number, number, number, number]
  const [input, filter] = [inputShape as Four, filterShape as Four]
  return backend_util.computeConv2DInfo(input, filter, strides, dilations ?? 1, pad, dimRoundingMode, true)
}

const forward = defineStandard<DepthwiseConv2dNativeInputs, DepthwiseConv2dNativeAttrs>({
  name: DepthwiseConv2dNative,
  run({ context }, { x, filter }, attrs) {
    const info = describeDepthwise(x!.shape, filter!.shape, attrs)
    const plain = { ...windowOf(info), activation: 'linear' } as const
    return depthwiseForwardKernel.wasm(context, { x: x!, filter: filter!, bias: null }, plain)
  },
})

const fused = defineStandard<FusedDepthwiseConv2DInputs, FusedDepthwiseConv2DAttrs>({
  name: FusedDepthwiseConv2D,
  run(call, { x, filter, bias, preluActivationWeights }, attrs) {
    const info = describeDepthwise(x.shape, filter.shape, attrs)
    const fusion = { bias, preluActivationWeights, channels: info.outChannels, ...attrs }
    return fuse(call, fusion, (fusedBias, activation) => {
      const inputs = { x, filter, bias: fusedBias }
      return depthwiseForwardKernel.wasm(call.context, inputs, { ...windowOf(info), activation }) as TensorInfo
    })
  },
})

type InputGradientInputs = DepthwiseConv2dNativeBackpropInputInputs
type FilterGradientInputs = DepthwiseConv2dNativeBackpropFilterInputs

const inputGradient = defineStandard<InputGradientInputs, DepthwiseConv2dNativeBackpropInputAttrs>({
  name: DepthwiseConv2dNativeBackpropInput,
  run({ context }, { dy, filter }, attrs) {
    const info = describeDepthwise(attrs.inputShape, filter!.shape, attrs)
    const window = { ...windowOf(info), inputShape: imagesOf(info) }
    return depthwiseInputGradientKernel.wasm(context, { dy: dy!, filter: filter! }, window)
  },
})

const filterGradient = defineStandard<FilterGradientInputs, DepthwiseConv2dNativeBackpropFilterAttrs>({
  name: DepthwiseConv2dNativeBackpropFilter,
  run({ context }, { x, dy }, attrs) {
    const { filterShape } = attrs
    const window = { ...windowOf(describeDepthwise(x!.shape, filterShape, attrs)), filterShape }
    return depthwiseFilterGradientKernel.wasm(context, { x: x!, dy: dy! }, window)
  },
})

export const depthwiseStandards = [forward, fused, inputGradient, filterGradient]
