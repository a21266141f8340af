/**
 * Deformable convolution, and its gradients by everything that goes in.
 *
 *     y[b, i, j, o] = activation(Σ mask[b, i, j, d, t] · x(b, y, x, c) · filter[t, c − first channel of the group, o]
 *                                + bias[o])
 *     y = i·strideH + p·dilationH − top + offsets[b, i, j, d, t, 0]
 *     x = j·strideW + q·dilationW − left + offsets[b, i, j, d, t, 1]
 *
 * summed over the taps t = (p, q) of the filter, row by row, and the channels c of the group of o; d is the offset
 * group of c. x(b, y, x, c) is the image between its pixels, bilinear, zero outside (assembly/sampling.ts).
 *
 * x is [batch, height, width, channels], the filter [filterHeight, filterWidth, channels / groups, outChannels],
 * offsets [batch, outHeight, outWidth, offsetGroups·taps·2], the mask [batch, outHeight, outWidth,
 * offsetGroups·taps]. Offset group d moves the d-th slice of the channels; groups are those of a convolution.
 *
 * - Samples are made for a block of pixels at a time and multiplied as panels (assembly/deformConv2d.ts).
 * - On a whole number the derivative by an offset is the one towards larger numbers, as in torchvision.
 * - The gradients are those of the sum alone: the caller takes care of activation and bias.
 *
 * Dai et al., "Deformable convolutional networks", 2017, https://arxiv.org/abs/1703.06211; with a mask: Zhu et al.,
 * "Deformable ConvNets v2", 2019, https://arxiv.org/abs/1811.11168.
 */

import { customGrad } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { activationGradient } from './activation.ts'
import { prepare, prepareWithFilter, sizesOf } from './conv2d.ts'
import type { ConvAttrs, ConvSizes } from './conv2d.ts'
import { defineKernel, runKernel } from './define.ts'
import type { PlainTensor } from './define.ts'
import { panels } from './filterForms.ts'
import { boundsOf, type FusedActivation } from './fused.ts'
import * as reference from './reference/deformConv2d.ts'
import { expectImages, expectShape } from './shapes.ts'
import type { Pads, Pair } from './shapes.ts'
import { channelSum } from './sum.ts'

/** Pairs are [vertical, horizontal]. */
export type DeformAttrs = ConvAttrs & {
  /** Into how many groups the channels are cut, each with offsets (and a mask) of its own. */
  readonly offsetGroups: number
}

export type DeformForwardAttrs = DeformAttrs & { readonly activation: FusedActivation }

type Shaped = { readonly shape: readonly number[] }
type Moved = { readonly x: TensorInfo; readonly offsets: TensorInfo; readonly mask: TensorInfo | null; readonly filter: TensorInfo }

/** The sizes, checked against the shapes of the inputs. */
function deformSizes(
  { x, offsets, mask, filter }: Record<keyof Moved, Shaped | null>,
  attrs: DeformAttrs,
): ConvSizes {
  const what = 'deformConv2d'
  const sizes = sizesOf(what, expectImages(`${what}: the input`, x!), expectImages(`${what}: the filter`, filter!), attrs)
  const { offsetGroups } = attrs
  const channels = sizes.input[3]
  if (!Number.isInteger(offsetGroups) || offsetGroups < 1 || channels % offsetGroups !== 0) {
    throw new RangeError(`${what}: ${offsetGroups} offset groups do not divide ${channels} channels.`)
  }
  const [batch, outHeight, outWidth] = sizes.output
  const entries = offsetGroups * sizes.filter[0] * sizes.filter[1]
  expectShape(`${what}: the offsets tensor`, offsets!, [batch, outHeight, outWidth, 2 * entries])
  if (mask !== null) expectShape(`${what}: the mask`, mask, [batch, outHeight, outWidth, entries])
  return sizes
}

type ForwardInputs = Moved & { readonly bias: TensorInfo | null }

function forwardSizes(inputs: Record<keyof ForwardInputs, Shaped | null>, attrs: DeformAttrs): ConvSizes {
  const sizes = deformSizes(inputs, attrs)
  if (inputs.bias !== null) expectShape('deformConv2d: the bias', inputs.bias, [sizes.output[3]])
  return sizes
}

const valuesOf = (tensor: PlainTensor | null): Float32Array | null => (tensor === null ? null : tensor.values)

const forwardKernel = defineKernel<ForwardInputs, DeformForwardAttrs>({
  name: 'LayergraphDeformConv2d',
  wasm(context, inputs, attrs) {
    const sizes = forwardSizes(inputs, attrs)
    const y = context.output(sizes.output)
    const { asm, pointer } = context
    const room = asm.deformConv2dForwardScratch
    const { record, filters, scratch } = prepareWithFilter(context, sizes, attrs, inputs.filter, panels, room)
    const optional = (tensor: TensorInfo | null): number => (tensor === null ? 0 : pointer(tensor))
    asm.deformConv2dForward(record, attrs.offsetGroups, pointer(inputs.x), pointer(inputs.offsets), optional(inputs.mask),
      filters, optional(inputs.bias), ...boundsOf(attrs.activation), pointer(y), scratch)
    return y
  },
  reference(inputs, attrs) {
    const sizes = forwardSizes(inputs, attrs)
    const { x, offsets, mask, filter, bias } = inputs
    const values = reference.deformConv2d(
      sizes, x.values, offsets.values, valuesOf(mask), filter.values, valuesOf(bias), attrs)
    return { shape: sizes.output, values }
  },
})

type GradientInputs = Moved & { readonly dy: TensorInfo }

function gradientSizes(inputs: Record<keyof GradientInputs, Shaped | null>, attrs: DeformAttrs): ConvSizes {
  const sizes = deformSizes(inputs, attrs)
  expectShape('deformConv2d, gradients: dy', inputs.dy!, sizes.output)
  return sizes
}

/** Answers with dx, doffsets, dfilter and, where there is a mask, dmask. */
const gradientsKernel = defineKernel<GradientInputs, DeformAttrs>({
  name: 'LayergraphDeformConv2dGradients',
  wasm(context, inputs, attrs) {
    const sizes = gradientSizes(inputs, attrs)
    const { asm, pointer, output } = context
    const { x, offsets, mask, filter, dy } = inputs
    const [dx, doffsets, dfilter] = [output(x.shape), output(offsets.shape), output(filter.shape)]
    const dmask = mask === null ? null : output(mask.shape)
    const { record, scratch } = prepare(context, sizes, attrs, asm.deformConv2dGradientsScratch)
    const optional = (tensor: TensorInfo | null): number => (tensor === null ? 0 : pointer(tensor))
    asm.deformConv2dGradients(record, attrs.offsetGroups, pointer(x), pointer(offsets), optional(mask), pointer(filter),
      pointer(dy), pointer(dx), pointer(doffsets), optional(dmask), pointer(dfilter), scratch)
    return dmask === null ? [dx, doffsets, dfilter] : [dx, doffsets, dfilter, dmask]
  },
  reference(inputs, attrs) {
    const sizes = gradientSizes(inputs, attrs)
    const { x, offsets, mask, filter, dy } = inputs
    const made = reference.deformConv2dGradients(
      sizes, x.values, offsets.values, valuesOf(mask), filter.values, dy.values, attrs)
    const gradients: PlainTensor[] = [
      { shape: x.shape, values: made.x },
      { shape: offsets.shape, values: made.offsets },
      { shape: filter.shape, values: made.filter },
    ]
    return mask === null ? gradients : [...gradients, { shape: mask.shape, values: made.mask! }]
  },
})

export const deformConv2dKernels = [forwardKernel, gradientsKernel]

/**
 * y of the formula above: [batch, outHeight, outWidth, outChannels], with the sizes of conv2d. The bias is
 * [outChannels]; a mask of null is one everywhere.
 *
 * Throws a RangeError when the shapes do not fit or the filter spans more than the padded image.
 */
export function deformConv2dForward(
  x: Tensor4D,
  offsets: Tensor4D,
  mask: Tensor4D | null,
  filter: Tensor4D,
  bias: Tensor1D | null,
  attrs: DeformForwardAttrs,
): Tensor4D {
  return runKernel(forwardKernel, { x, offsets, mask, filter, bias }, attrs)
}

/** The gradients by x, the offsets, the filter and, where there is a mask, the mask, from dy of the shape of y. */
export function deformConv2dGradients(
  x: Tensor4D,
  offsets: Tensor4D,
  mask: Tensor4D | null,
  filter: Tensor4D,
  dy: Tensor4D,
  attrs: DeformAttrs,
): [dx: Tensor4D, doffsets: Tensor4D, dfilter: Tensor4D, dmask?: Tensor4D] {
  return runKernel(gradientsKernel, { x, offsets, mask, filter, dy }, attrs) as
    [dx: Tensor4D, doffsets: Tensor4D, dfilter: Tensor4D, dmask?: Tensor4D]
}

/** What `deformConv2d` takes besides its tensors. */
export type DeformConv2dOptions = {
  /** Step of the window: one number, or [down, right]. Default 1. */
  readonly strides?: number | Pair
  /** 'valid' (default), 'same' (output size ⌈size / stride⌉), a number for all sides, or [[top, bottom], [left, right]]. */
  readonly padding?: 'valid' | 'same' | number | Pads
  /** Distance between the taps of the filter: one number, or [down, right]. Default 1. */
  readonly dilationRate?: number | Pair
  /** Into how many groups the channels of x are cut, each with offsets (and a mask) of its own. Default 1. */
  readonly offsetGroups?: number
  /** A factor per tap, as in version 2: [batch, outHeight, outWidth, offsetGroups·taps]. Default 1 everywhere. */
  readonly mask?: Tensor4D | null
  /** Added to every pixel: [outChannels]. */
  readonly bias?: Tensor1D | null
  /** Applied to the result, default 'linear'. */
  readonly activation?: FusedActivation
}

const asPair = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value)

/** Zeros before and after an axis, so that ⌈size / stride⌉ windows fit; the odd one goes behind, as in TensorFlow. */
function samePads(size: number, filter: number, stride: number, dilation: number): Pair {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + (filter - 1) * dilation + 1 - size, 0)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

function attrsOf(x: Tensor4D, filter: Tensor4D, options: DeformConv2dOptions): DeformForwardAttrs {
  const [, height, width, channels] = expectImages('deformConv2d: the input', x)
  const [filterHeight, filterWidth, groupChannels] = expectImages('deformConv2d: the filter', filter)
  const { padding = 'valid', offsetGroups = 1, activation = 'linear' } = options
  const [strides, dilations] = [asPair(options.strides ?? 1), asPair(options.dilationRate ?? 1)]
  const padsOf = (): Pads => {
    if (padding === 'valid') return [[0, 0], [0, 0]]
    if (typeof padding === 'number') return [[padding, padding], [padding, padding]]
    if (typeof padding !== 'string') return padding
    if (padding !== 'same') {
      throw new RangeError(`deformConv2d: padding is "${String(padding)}", but must be "valid", "same", a number or sides.`)
    }
    return [
      samePads(height, filterHeight, strides[0], dilations[0]), samePads(width, filterWidth, strides[1], dilations[1]),
    ]
  }
  if (channels % groupChannels !== 0) {
    throw new RangeError(`deformConv2d: a filter of ${groupChannels} channels does not divide an input of ${channels}.`)
  }
  return { strides, dilations, pads: padsOf(), groups: channels / groupChannels, offsetGroups, activation }
}

/**
 * Deformable convolution for plain TensorFlow.js, with gradients by x, the offsets, the filter, the mask and the bias:
 * they work under `tf.grads` and `tf.variableGrads`. The kernels must be installed: `installKernels()`.
 *
 *     const y = deformConv2d(x, offsets, filter, { padding: 'same', mask, bias })
 *
 * x [batch, height, width, channels], filter [filterHeight, filterWidth, channels / groups, outChannels] (how many
 * groups there are follows from its shape), offsets [batch, outHeight, outWidth, offsetGroups·taps·2] in pixels,
 * (down, right) for each tap, row by row. Gives [batch, outHeight, outWidth, outChannels] with the sizes of a
 * convolution; with offsets of zero and no mask it is one.
 *
 * Throws a RangeError when shapes do not fit, a TypeError when a tensor is not float32.
 */
export function deformConv2d(
  x: Tensor4D, offsets: Tensor4D, filter: Tensor4D, options: DeformConv2dOptions = {},
): Tensor4D {
  const attrs = attrsOf(x, filter, options)
  const { mask = null, bias = null } = options
  const present = <T>(tensor: T | null): T[] => (tensor === null ? [] : [tensor])
  const run = customGrad((...args) => {
    const y = deformConv2dForward(x, offsets, mask, filter, bias, attrs)
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void
    save([x, offsets, filter, ...present(mask), ...(attrs.activation === 'linear' ? [] : [y])])
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [savedX, savedOffsets, savedFilter, ...rest] = saved as [Tensor4D, Tensor4D, Tensor4D, ...Tensor4D[]]
      const savedMask = mask === null ? null : rest[0]!
      const dz = (attrs.activation === 'linear' ? dy : activationGradient(dy, rest.at(-1)!, attrs.activation)) as Tensor4D
      const gradients = deformConv2dGradients(savedX, savedOffsets, savedMask, savedFilter, dz, attrs) as Tensor[]
      return bias === null ? gradients : [...gradients, channelSum(dz)]
    }
    return { value: y, gradFunc }
  })
  return run(x, offsets, filter, ...present(mask), ...present(bias)) as Tensor4D
}
