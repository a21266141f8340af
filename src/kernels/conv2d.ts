/**
 * Convolution of images, and its two gradients.
 *
 *     y[b, i, j, o] = activation(Σ x[b, i·strideH + p·dilationH − top, j·strideW + q·dilationW − left, c]
 *                                · filter[p, q, c − first channel of the group, o] + bias[o])
 *
 * summed over the positions (p, q) of the filter and the channels c of the group of o; pixels outside the image
 * are zero. x is [batch, height, width, channels], the filter [filterHeight, filterWidth, channels / groups,
 * outChannels]; group g reads the g-th slice of the channels and writes the g-th slice of the output channels.
 *
 * - Windows are packed straight into the panels of a matrix product, or what a filter does is computed in a shorter way
 *   (conv2dWay.ts).
 * - The output channels of a grouped convolution may be shuffled on their way to y, block by block of pixels.
 * - The gradients are those of the sum alone: the caller takes care of activation, bias and shuffle.
 */

import type { Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelExports } from './binary.ts'
import type { KernelContext } from './bridge.ts'
import { makeSizes, outputPair } from './convolutionSizes.ts'
import type { FilterGradientInputs, ForwardInputs, InputGradientInputs } from './convolutionSizes.ts'
import { conv2dWay } from './conv2dWay.ts'
import { defineKernel, runKernel } from './define.ts'
import { type FilterForm, panels, taps, transformed } from './filterForms.ts'
import { boundsOf, type FusedActivation } from './fused.ts'
import { keepsPacks } from './recording.ts'
import * as reference from './reference/conv2d.ts'
import { swapBlocks } from './reference/swap.ts'
import type { Pads, Pair, Shape4 } from './shapes.ts'
import { shuffleSizes } from './swap.ts'

/** Pairs are [vertical, horizontal]. */
export type ConvAttrs = {
  readonly strides: Pair
  readonly pads: Pads
  readonly dilations: Pair
  readonly groups: number
}

export type Conv2dForwardAttrs = ConvAttrs & {
  readonly activation: FusedActivation
  /** As `channelShuffle` with so many groups, which must divide the output channels. Default 1: as they are. */
  readonly shuffle?: number
}

/** The sizes of one convolution. */
export type ConvSizes = {
  readonly input: Shape4
  readonly filter: Shape4
  readonly output: Shape4
}

/** The sizes of a convolution, checked against each other. */
export function sizesOf(what: string, input: Shape4, filter: Shape4, attrs: ConvAttrs): ConvSizes {
  const { groups } = attrs
  const fits = groups >= 1 && input[3] % groups === 0 && filter[3] % groups === 0 && filter[2] * groups === input[3]
  if (!fits) {
    throw new RangeError(`${what}: an input of ${input[3]} channels in ${groups} groups does not fit a filter of shape `
      + `[${filter.join(', ')}].`)
  }
  return { input, filter, output: [input[0], ...outputPair(what, input, filter, attrs), filter[3]] }
}

/** Writes the record of a convolution (assembly/convolution.ts) to an address; gives the address. */
export function describeConvolution(asm: KernelExports, record: number, { input, filter, output }: ConvSizes, attrs: ConvAttrs): number {
  const [[top], [left]] = attrs.pads
  asm.describeConvolution(record, ...input, filter[0], filter[1], output[3], output[1], output[2], ...attrs.strides, top,
    left, ...attrs.dilations, attrs.groups)
  return record
}

/** Where the record of assembly/convolution.ts is, and where scratch starts. */
type Prepared = { readonly record: number; readonly scratch: number }

/** Writes the record of a convolution into scratch, with room behind it for what `bytes` says is needed. */
export function prepare(
  { asm, scratch }: KernelContext,
  sizes: ConvSizes,
  attrs: ConvAttrs,
  bytes: (record: number) => number,
): Prepared {
  const recordBytes = Math.ceil(asm.convolutionBytes() / 64) * 64
  // Once to learn how much room is needed, and again because the larger block may be another one.
  const needed = bytes(describeConvolution(asm, scratch(recordBytes), sizes, attrs))
  const record = describeConvolution(asm, scratch(recordBytes + needed), sizes, attrs)
  return { record, scratch: record + recordBytes }
}

/** The same, with the filter in the form in which the kernel reads it. */
export function prepareWithFilter(
  context: KernelContext,
  sizes: ConvSizes,
  attrs: ConvAttrs,
  filter: TensorInfo,
  { name, bytes, fill }: FilterForm,
  room: (record: number) => number,
): Prepared & { readonly filters: number } {
  const { asm } = context
  const ownBytes = (record: number): number => (keepsPacks(filter) ? 0 : Math.ceil(bytes(asm, record) / 64) * 64)
  const { record, scratch: own } = prepare(context, sizes, attrs, (at) => ownBytes(at) + room(at))
  const scratch = own + ownBytes(record)
  const form = `${name} ${attrs.groups} ${sizes.filter}`
  const filters = context.pack(filter, form, bytes(asm, record), own, (address) =>
    fill(asm, record, context.pointer(filter), address, scratch))
  return { record, filters, scratch }
}

/** What a forward function of Winograd is given: a filter that is kept is transformed once, another one on the way. */
export function prepareWinograd(
  context: KernelContext,
  sizes: ConvSizes,
  attrs: ConvAttrs,
  filter: TensorInfo,
): Prepared & { readonly filter: readonly [address: number, ready: boolean] } {
  const { asm, pointer } = context
  const ready = keepsPacks(filter)
  const room = (at: number): number => asm.winogradScratch(at, ready)
  if (!ready) return { ...prepare(context, sizes, attrs, room), filter: [pointer(filter), ready] }
  const { filters, ...prepared } = prepareWithFilter(context, sizes, attrs, filter, transformed, room)
  return { ...prepared, filter: [filters, ready] }
}

const checked = makeSizes('conv2d', sizesOf)

export const forwardKernel = defineKernel<ForwardInputs, Conv2dForwardAttrs>({
  name: 'LayergraphConv2d',
  wasm(context, inputs, attrs) {
    const sizes = checked.forward(inputs, attrs)
    const y = context.output(sizes.output)
    const { asm, pointer } = context
    const [x, bias, bounds] = [pointer(inputs.x), inputs.bias === null ? 0 : pointer(inputs.bias), boundsOf(attrs.activation)]
    const shuffle = shuffleSizes('conv2d: shuffle', sizes.output, attrs.shuffle ?? 1).rows
    const way = shuffle > 1 ? 'product' : conv2dWay(sizes, attrs, keepsPacks(inputs.filter))
    if (way === 'grey') {
      const { record, scratch } = prepare(context, sizes, attrs, asm.greyConv2dScratch)
      asm.greyConv2dForward(record, x, pointer(inputs.filter), bias, ...bounds, pointer(y), 0, scratch)
      return y
    }
    if (way === 'winograd') {
      const { record, filter, scratch } = prepareWinograd(context, sizes, attrs, inputs.filter)
      asm.winogradForward(record, x, ...filter, bias, ...bounds, pointer(y), 0, scratch)
      return y
    }
    const [form, room] = way === 'taps' ? [taps, asm.tapsConv2dForwardScratch]
      : [panels, (at: number): number => asm.conv2dForwardScratch(at, shuffle)]
    const { record, filters, scratch } = prepareWithFilter(context, sizes, attrs, inputs.filter, form, room)
    if (way === 'taps') asm.tapsConv2dForward(record, x, filters, bias, ...bounds, pointer(y), scratch)
    else asm.conv2dForward(record, x, filters, bias, ...bounds, shuffle, pointer(y), scratch)
    return y
  },
  reference(inputs, attrs) {
    const sizes = checked.forward(inputs, attrs)
    const { x, filter, bias } = inputs
    const values = reference.conv2d(sizes, x.values, filter.values, bias === null ? null : bias.values, attrs)
    return { shape: sizes.output, values: swapBlocks(values, shuffleSizes('conv2d: shuffle', sizes.output, attrs.shuffle ?? 1)) }
  },
})

export type Conv2dInputGradientAttrs = ConvAttrs & { readonly inputShape: Shape4 }

export const inputGradientKernel = defineKernel<InputGradientInputs, Conv2dInputGradientAttrs>({
  name: 'LayergraphConv2dInputGradient',
  wasm(context, inputs, attrs) {
    const sizes = checked.inputGradient(inputs, attrs)
    const dx = context.output(sizes.input)
    const { asm, pointer } = context
    const way = conv2dWay(sizes, attrs)
    const room = way === 'winograd' ? asm.winogradInputGradientScratch
      : way === 'taps' ? asm.tapsConv2dInputGradientScratch
      : asm.conv2dInputGradientScratch
    const { record, scratch } = prepare(context, sizes, attrs, room)
    const [dy, filter] = [pointer(inputs.dy), pointer(inputs.filter)]
    if (way === 'winograd') asm.winogradInputGradient(record, dy, 0, filter, pointer(dx), scratch)
    else if (way === 'taps') asm.tapsConv2dInputGradient(record, dy, filter, pointer(dx), scratch)
    else asm.conv2dInputGradient(record, dy, filter, pointer(dx), scratch)
    return dx
  },
  reference({ dy, filter }, attrs) {
    const sizes = checked.inputGradient({ dy, filter }, attrs)
    return { shape: sizes.input, values: reference.conv2dInputGradient(sizes, dy.values, filter.values, attrs) }
  },
})

export type Conv2dFilterGradientAttrs = ConvAttrs & { readonly filterShape: Shape4 }

export const filterGradientKernel = defineKernel<FilterGradientInputs, Conv2dFilterGradientAttrs>({
  name: 'LayergraphConv2dFilterGradient',
  wasm(context, inputs, attrs) {
    const sizes = checked.filterGradient(inputs, attrs)
    const dfilter = context.output(sizes.filter)
    const { asm, pointer } = context
    const way = conv2dWay(sizes, attrs)
    const room = {
      winograd: asm.winogradFilterGradientScratch, grey: asm.greyConv2dScratch, taps: asm.tapsConv2dFilterGradientScratch,
      product: asm.conv2dFilterGradientScratch,
    }
    const { record, scratch } = prepare(context, sizes, attrs, room[way])
    const given = [record, pointer(inputs.x), pointer(inputs.dy)] as const
    if (way === 'winograd') asm.winogradFilterGradient(...given, 0, pointer(dfilter), scratch)
    else if (way === 'grey') asm.greyConv2dFilterGradient(...given, 0, pointer(dfilter), scratch)
    else if (way === 'taps') asm.tapsConv2dFilterGradient(...given, pointer(dfilter), scratch)
    else asm.conv2dFilterGradient(...given, pointer(dfilter), scratch)
    return dfilter
  },
  reference({ x, dy }, attrs) {
    const sizes = checked.filterGradient({ x, dy }, attrs)
    return { shape: sizes.filter, values: reference.conv2dFilterGradient(sizes, x.values, dy.values, attrs) }
  },
})

export const conv2dKernels = [forwardKernel, inputGradientKernel, filterGradientKernel]

/**
 * y of the formula above: [batch, outHeight, outWidth, outChannels], where outHeight = ⌊(height + pads − span) /
 * stride⌋ + 1 and span = (filterHeight − 1)·dilation + 1, and likewise across. The bias is [outChannels].
 *
 * Throws a RangeError when the shapes do not fit or the filter spans more than the padded image.
 */
export function conv2dForward(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  attrs: Conv2dForwardAttrs,
): Tensor4D {
  return runKernel(forwardKernel, { x, filter, bias }, attrs)
}

/** dx of `inputShape`, from dy of the shape of y. */
export function conv2dInputGradient(dy: Tensor4D, filter: Tensor4D, inputShape: Shape4, attrs: ConvAttrs): Tensor4D {
  return runKernel(inputGradientKernel, { dy, filter }, { ...attrs, inputShape })
}

/** dfilter of `filterShape`, from dy of the shape of y. */
export function conv2dFilterGradient(x: Tensor4D, dy: Tensor4D, filterShape: Shape4, attrs: ConvAttrs): Tensor4D {
  return runKernel(filterGradientKernel, { x, dy }, { ...attrs, filterShape })
}
