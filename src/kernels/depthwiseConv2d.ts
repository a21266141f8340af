/**
 * Depthwise convolution: every channel has filters of its own, `multiplier` of them.
 *
 *     y[b, i, j, c·multiplier + m] = activation(Σ x[b, i·strideH + p·dilationH − top, j·strideW + q·dilationW − left, c]
 *                                               · filter[p, q, c, m] + bias[c·multiplier + m])
 *
 * summed over the positions (p, q) of the filter; pixels outside the image are zero. x is [batch, height, width,
 * channels], the filter [filterHeight, filterWidth, channels, multiplier].
 *
 * The gradients are those of the sum alone: the caller takes care of activation and bias.
 */

import type { Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { prepare } from './conv2d.ts'
import type { ConvAttrs, ConvSizes } from './conv2d.ts'
import { makeSizes, outputPair } from './convolutionSizes.ts'
import type { FilterGradientInputs, ForwardInputs, InputGradientInputs } from './convolutionSizes.ts'
import { defineKernel, runKernel } from './define.ts'
import { boundsOf, type FusedActivation } from './fused.ts'
import * as reference from './reference/depthwiseConv2d.ts'
import type { Shape4 } from './shapes.ts'

/** Pairs are [vertical, horizontal]. */
export type DepthwiseAttrs = Omit<ConvAttrs, 'groups'>
export type DepthwiseForwardAttrs = DepthwiseAttrs & { readonly activation: FusedActivation }

/** The sizes of a depthwise convolution, checked against each other. */
function sizesOf(what: string, input: Shape4, filter: Shape4, attrs: DepthwiseAttrs): ConvSizes {
  if (filter[2] !== input[3]) {
    throw new RangeError(`${what}: an input of ${input[3]} channels does not fit a filter of shape [${filter.join(', ')}].`)
  }
  return { input, filter, output: [input[0], ...outputPair(what, input, filter, attrs), input[3] * filter[3]] }
}

/** To the record of assembly/convolution.ts it is a convolution with a group for every channel. */
const grouped = (attrs: DepthwiseAttrs, { input }: ConvSizes): ConvAttrs => ({ ...attrs, groups: Math.max(1, input[3]) })

/**
 * The convolution that the input gradient is: from dy, its pixels as far apart as its windows were, to dx with a channel
 * for each output channel.
 */
function reverseOf({ input, filter, output }: ConvSizes, { strides, pads, dilations }: DepthwiseAttrs): { sizes: ConvSizes; attrs: DepthwiseAttrs } {
  const [batch, outHeight, outWidth, channels] = output
  const pad = (axis: 0 | 1): [number, number] => {
    const first = (filter[axis] - 1) * dilations[axis] - pads[axis][0]
    return [first, first]
  }
  const spread = [batch, (outHeight - 1) * strides[0] + 1, (outWidth - 1) * strides[1] + 1, channels] as const
  return {
    sizes: { input: spread, filter, output: [batch, input[1], input[2], channels] },
    attrs: { strides: [1, 1], pads: [pad(0), pad(1)], dilations },
  }
}

const checked = makeSizes('depthwiseConv2d', sizesOf)

export const depthwiseForwardKernel = defineKernel<ForwardInputs, DepthwiseForwardAttrs>({
  name: 'LayergraphDepthwiseConv2d',
  wasm(context, inputs, attrs) {
    const sizes = checked.forward(inputs, attrs)
    const y = context.output(sizes.output)
    const { asm, pointer } = context
    const { record, scratch } = prepare(context, sizes, grouped(attrs, sizes), asm.depthwiseConv2dScratch)
    const bias = inputs.bias === null ? 0 : pointer(inputs.bias)
    asm.depthwiseConv2dForward(record, pointer(inputs.x), pointer(inputs.filter), bias, ...boundsOf(attrs.activation),
      pointer(y), scratch)
    return y
  },
  reference(inputs, attrs) {
    const sizes = checked.forward(inputs, attrs)
    const { x, filter, bias } = inputs
    const values = reference.depthwiseConv2d(sizes, x.values, filter.values, bias === null ? null : bias.values, attrs)
    return { shape: sizes.output, values }
  },
})

type InputGradientAttrs = DepthwiseAttrs & { readonly inputShape: Shape4 }

export const depthwiseInputGradientKernel = defineKernel<InputGradientInputs, InputGradientAttrs>({
  name: 'LayergraphDepthwiseConv2dInputGradient',
  wasm(context, inputs, attrs) {
    const sizes = checked.inputGradient(inputs, attrs)
    const dx = context.output(sizes.input)
    const { asm, pointer } = context
    const reverse = reverseOf(sizes, attrs)
    const { record, scratch } = prepare(context, reverse.sizes, grouped(reverse.attrs, reverse.sizes), (at) =>
      asm.depthwiseConv2dInputGradientScratch(at, ...attrs.strides))
    asm.depthwiseConv2dInputGradient(record, ...attrs.strides, sizes.filter[3], pointer(inputs.dy), pointer(inputs.filter),
      pointer(dx), scratch)
    return dx
  },
  reference({ dy, filter }, attrs) {
    const sizes = checked.inputGradient({ dy, filter }, attrs)
    return { shape: sizes.input, values: reference.depthwiseConv2dInputGradient(sizes, dy.values, filter.values, attrs) }
  },
})

type FilterGradientAttrs = DepthwiseAttrs & { readonly filterShape: Shape4 }

export const depthwiseFilterGradientKernel = defineKernel<FilterGradientInputs, FilterGradientAttrs>({
  name: 'LayergraphDepthwiseConv2dFilterGradient',
  wasm(context, inputs, attrs) {
    const sizes = checked.filterGradient(inputs, attrs)
    const dfilter = context.output(sizes.filter)
    const { asm, pointer } = context
    const { record, scratch } = prepare(context, sizes, grouped(attrs, sizes), asm.depthwiseConv2dScratch)
    asm.depthwiseConv2dFilterGradient(record, pointer(inputs.x), pointer(inputs.dy), pointer(dfilter), scratch)
    return dfilter
  },
  reference({ x, dy }, attrs) {
    const sizes = checked.filterGradient({ x, dy }, attrs)
    return { shape: sizes.filter, values: reference.depthwiseConv2dFilterGradient(sizes, x.values, dy.values, attrs) }
  },
})

export const depthwiseConv2dKernels = [depthwiseForwardKernel, depthwiseInputGradientKernel, depthwiseFilterGradientKernel]

/**
 * y of the formula above: [batch, outHeight, outWidth, channels·multiplier], where outHeight = ⌊(height + pads −
 * span) / stride⌋ + 1 and span = (filterHeight − 1)·dilation + 1, and likewise across. The bias is
 * [channels·multiplier].
 *
 * Throws a RangeError when the shapes do not fit or the filter spans more than the padded image.
 */
export function depthwiseConv2dForward(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  attrs: DepthwiseForwardAttrs,
): Tensor4D {
  return runKernel(depthwiseForwardKernel, { x, filter, bias }, attrs)
}

/** dx of `inputShape`, from dy of the shape of y. */
export function depthwiseConv2dInputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: Shape4,
  attrs: DepthwiseAttrs,
): Tensor4D {
  return runKernel(depthwiseInputGradientKernel, { dy, filter }, { ...attrs, inputShape })
}

/** dfilter of `filterShape`, from dy of the shape of y. */
export function depthwiseConv2dFilterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: Shape4,
  attrs: DepthwiseAttrs,
): Tensor4D {
  return runKernel(depthwiseFilterGradientKernel, { x, dy }, { ...attrs, filterShape })
}
