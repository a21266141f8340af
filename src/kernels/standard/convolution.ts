/**
 * Conv2D, FusedConv2D and their gradients, which tfjs-core calls Conv2DBackpropInput and Conv2DBackpropFilter.
 *
 * Images of the layout NCHW are turned to NHWC and the result back. Unlike the backend's own kernels these keep no
 * packed copy of the filter, so that a filter changed in place is seen.
 */

import {
  backend_util, Conv2D, Conv2DBackpropFilter, Conv2DBackpropInput, FusedConv2D, Transpose, util,
} from '@tensorflow/tfjs-core'
import type {
  Conv2DAttrs, Conv2DBackpropFilterAttrs, Conv2DBackpropFilterInputs, Conv2DBackpropInputAttrs,
  Conv2DBackpropInputInputs, Conv2DInputs, FusedConv2DAttrs, FusedConv2DInputs, TensorInfo,
} from '@tensorflow/tfjs-core'
import { filterGradientKernel, forwardKernel, inputGradientKernel } from '../conv2d.ts'
import type { ConvAttrs } from '../conv2d.ts'
import { areFloats, defineStandard } from './define.ts'
import type { Call } from './define.ts'
import { fuse } from './fused.ts'
import { imagesOf, windowOf } from './window.ts'

type Info = backend_util.Conv2DInfo
type Window = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'>
  & Partial<Pick<Conv2DAttrs, 'dilations'>>

const TO_CHANNELS_LAST = [0, 2, 3, 1]
const TO_CHANNELS_FIRST = [0, 3, 1, 2]

export function describeConv2d(inputShape: readonly number[], filterShape: readonly number[], attrs: Window): Info {
  const { strides, pad, dataFormat, dimRoundingMode, dilations = 1 } = attrs
  const layout = backend_util.convertConv2DDataFormat(dataFormat)
  type Four = [number, number, number, number]
  const [input, filter] = [inputShape as Four, filterShape as Four]
  return backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, dimRoundingMode, false, layout)
}

const attrsOf = (info: Info): ConvAttrs => ({ ...windowOf(info), groups: 1 })

/** Gives `use` the images in the order of our pages. */
function withImages<Result>(call: Call, images: TensorInfo, info: Info, use: (images: TensorInfo) => Result): Result {
  if (info.dataFormat === 'channelsLast') return use(images)
  const turned = call.run(Transpose, { x: images }, { perm: TO_CHANNELS_LAST })
  const result = use(turned)
  call.release(turned)
  return result
}

/** Slopes per pixel and channel have the layout of the images, others do not. */
function withSlopes<Result>(
  call: Call,
  slopes: TensorInfo | undefined,
  info: Info,
  use: (slopes: TensorInfo | undefined) => Result,
): Result {
  if (slopes?.shape.length !== 3 || info.dataFormat === 'channelsLast') return use(slopes)
  const turned = call.run(Transpose, { x: slopes }, { perm: [1, 2, 0] })
  const result = use(turned)
  call.release(turned)
  return result
}

/** The images of our pages in the order that was asked for. */
function asAsked(call: Call, images: TensorInfo, info: Info): TensorInfo {
  if (info.dataFormat === 'channelsLast') return images
  const turned = call.run(Transpose, { x: images }, { perm: TO_CHANNELS_FIRST })
  call.release(images)
  return turned
}

const conv2d = defineStandard<Conv2DInputs, Conv2DAttrs>({
  name: Conv2D,
  run(call, { x, filter }, attrs) {
    const info = describeConv2d(x!.shape, filter!.shape, attrs)
    const plain = { ...attrsOf(info), activation: 'linear' } as const
    const y = withImages(call, x!, info, images =>
      forwardKernel.wasm(call.context, { x: images, filter: filter!, bias: null }, plain))
    return asAsked(call, y as TensorInfo, info)
  },
})

const fusedConv2d = defineStandard<FusedConv2DInputs, FusedConv2DAttrs>({
  name: FusedConv2D,
  run(call, { x, filter, bias, preluActivationWeights }, attrs) {
    const info = describeConv2d(x.shape, filter.shape, attrs)
    const fusion = { bias, channels: info.outChannels, ...attrs }
    const y = withSlopes(call, preluActivationWeights, info, slopes =>
      withImages(call, x, info, images =>
        fuse(call, { ...fusion, preluActivationWeights: slopes }, (fusedBias, activation) => {
          const inputs = { x: images, filter, bias: fusedBias }
          return forwardKernel.wasm(call.context, inputs, { ...attrsOf(info), activation }) as TensorInfo
        })))
    return asAsked(call, y, info)
  },
})

const conv2dBackpropInput = defineStandard<Conv2DBackpropInputInputs, Conv2DBackpropInputAttrs>({
  name: Conv2DBackpropInput,
  // tf.conv2dTranspose may ask for an input that would not give a dy of this shape.
  covers: (inputs, attrs) => areFloats(inputs)
    && util.arraysEqual(inputs.dy!.shape, describeConv2d(attrs.inputShape, inputs.filter!.shape, attrs).outShape),
  run(call, { dy, filter }, attrs) {
    const info = describeConv2d(attrs.inputShape, filter!.shape, attrs)
    const shape = { ...attrsOf(info), inputShape: imagesOf(info) }
    const dx = withImages(call, dy!, info, images =>
      inputGradientKernel.wasm(call.context, { dy: images, filter: filter! }, shape))
    return asAsked(call, dx as TensorInfo, info)
  },
})

const conv2dBackpropFilter = defineStandard<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>({
  name: Conv2DBackpropFilter,
  run(call, { x, dy }, attrs) {
    const info = describeConv2d(x!.shape, attrs.filterShape, attrs)
    const shape = { ...attrsOf(info), filterShape: attrs.filterShape }
    return withImages(call, x!, info, images =>
      withImages(call, dy!, info, gradients =>
        filterGradientKernel.wasm(call.context, { x: images, dy: gradients }, shape)))
  },
})

export const convolutionStandards = [conv2d, fusedConv2d, conv2dBackpropInput, conv2dBackpropFilter]
