/**
 * Convolution, activation and max-pooling in 2×2 windows as one kernel, whose large output in between is never in
 * memory; and its gradients.
 *
 *     z = activation(x * filter + bias)        y = max of the window of z, pixels of windows numbered row by row
 *     which = 0, 1, 2 or 3: the first pixel of the window that is the maximum; −1 where the activation cuts it
 *
 * The gradients are those of the convolution (conv2d.ts) by dz, which is dy at pixel `which` of a window and 0 elsewhere:
 * so y and z are not needed. A last odd row or column of z belongs to no window. Not every convolution goes this way:
 * `fusesMaxPool2d` tells.
 */

import type { Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import { conv2dInputGradient, prepare, prepareWinograd, sizesOf } from './conv2d.ts'
import type { Conv2dFilterGradientAttrs, Conv2dForwardAttrs, Conv2dInputGradientAttrs, ConvAttrs, ConvSizes } from './conv2d.ts'
import { type Conv2dWay, conv2dWay } from './conv2dWay.ts'
import { defineKernel, runKernel } from './define.ts'
import { boundsOf } from './fused.ts'
import { keepsPacks } from './recording.ts'
import { conv2d, conv2dFilterGradient, conv2dInputGradient as referenceInputGradient } from './reference/conv2d.ts'
import * as reference from './reference/conv2dMaxPool2d.ts'
import { expectImages, expectShape, lastOf, rowsOf } from './shapes.ts'
import type { Shape4 } from './shapes.ts'

type Shaped = { readonly shape: readonly number[] }
type NoAttrs = Readonly<Record<string, never>>

const pooledShape = ([batch, height, width, channels]: Shape4): Shape4 =>
  [batch, Math.floor(height / 2), Math.floor(width / 2), channels]

const poolsToo = (way: Conv2dWay): boolean => way === 'winograd' || way === 'grey'

/** Whether a convolution of an input by a filter of these shapes can pool as well. `kept`: as for `conv2dWay`. */
export function fusesMaxPool2d(input: Shape4, filter: Shape4, attrs: ConvAttrs, kept = false): boolean {
  return poolsToo(conv2dWay(sizesOf('conv2dMaxPool2d', input, filter, attrs), attrs, kept))
}

/** The sizes of a convolution that pools. Throws when it does not. */
function pooledSizes(what: string, input: Shape4, filter: Shape4, attrs: ConvAttrs, kept = false): ConvSizes {
  const sizes = sizesOf(what, input, filter, attrs)
  if (poolsToo(conv2dWay(sizes, attrs, kept))) return sizes
  throw new RangeError(`${what}: the convolution of [${input}] by a filter of [${filter}] does not pool; ask fusesMaxPool2d.`)
}

type ForwardInputs = { readonly x: TensorInfo; readonly filter: TensorInfo; readonly bias: TensorInfo | null }

function forwardSizes(
  { x, filter, bias }: Record<keyof ForwardInputs, Shaped | null>, attrs: ConvAttrs, kept = false,
): ConvSizes {
  const what = 'conv2dMaxPool2d'
  const [input, weights] = [expectImages(`${what}: the input`, x!), expectImages(`${what}: the filter`, filter!)]
  const sizes = pooledSizes(what, input, weights, attrs, kept)
  if (bias !== null) expectShape(`${what}: the bias`, bias, [sizes.output[3]])
  return sizes
}

const forwardKernel = defineKernel<ForwardInputs, Conv2dForwardAttrs>({
  name: 'LayergraphConv2dMaxPool2d',
  wasm(context, inputs, attrs) {
    const kept = keepsPacks(inputs.filter)
    const sizes = forwardSizes(inputs, attrs, kept)
    const [y, which] = [context.output(pooledShape(sizes.output)), context.output(pooledShape(sizes.output))]
    const { asm, pointer } = context
    const bias = inputs.bias === null ? 0 : pointer(inputs.bias)
    const given = [bias, ...boundsOf(attrs.activation), pointer(y), pointer(which)] as const
    if (conv2dWay(sizes, attrs, kept) === 'winograd') {
      const { record, filter, scratch } = prepareWinograd(context, sizes, attrs, inputs.filter)
      asm.winogradForward(record, pointer(inputs.x), ...filter, ...given, scratch)
    } else {
      const { record, scratch } = prepare(context, sizes, attrs, asm.greyConv2dScratch)
      asm.greyConv2dForward(record, pointer(inputs.x), pointer(inputs.filter), ...given, scratch)
    }
    return [y, which]
  },
  reference(inputs, attrs) {
    const sizes = forwardSizes(inputs, attrs)
    const { x, filter, bias } = inputs
    const linear = { ...attrs, activation: 'linear' } as const
    const z = conv2d(sizes, x.values, filter.values, bias === null ? null : bias.values, linear)
    const { y, which } = reference.maxPool2x2(z, sizes.output, attrs.activation)
    const shape = pooledShape(sizes.output)
    return [{ shape, values: y }, { shape, values: which }]
  },
})

type FilterGradientInputs = { readonly x: TensorInfo; readonly dy: TensorInfo; readonly which: TensorInfo }

function filterGradientSizes(inputs: Record<keyof FilterGradientInputs, Shaped>, attrs: Conv2dFilterGradientAttrs): ConvSizes {
  const what = 'conv2dMaxPool2d, filter gradient'
  const sizes = pooledSizes(what, expectImages(`${what}: the input`, inputs.x), attrs.filterShape, attrs)
  expectPooled(what, inputs, sizes)
  return sizes
}

function expectPooled(what: string, { dy, which }: { dy: Shaped; which: Shaped }, { output }: ConvSizes): void {
  expectShape(`${what}: dy`, dy, pooledShape(output))
  expectShape(`${what}: which`, which, pooledShape(output))
}

const filterGradientKernel = defineKernel<FilterGradientInputs, Conv2dFilterGradientAttrs>({
  name: 'LayergraphConv2dMaxPool2dFilterGradient',
  wasm(context, inputs, attrs) {
    const sizes = filterGradientSizes(inputs, attrs)
    const dfilter = context.output(sizes.filter)
    const { asm, pointer } = context
    const winograd = conv2dWay(sizes, attrs) === 'winograd'
    const { record, scratch } = prepare(context, sizes, attrs, winograd ? asm.winogradFilterGradientScratch : asm.greyConv2dScratch)
    const gradient = winograd ? asm.winogradFilterGradient : asm.greyConv2dFilterGradient
    gradient(record, pointer(inputs.x), pointer(inputs.dy), pointer(inputs.which), pointer(dfilter), scratch)
    return dfilter
  },
  reference({ x, dy, which }, attrs) {
    const sizes = filterGradientSizes({ x, dy, which }, attrs)
    const dz = reference.unpool2x2(dy.values, which.values, sizes.output)
    return { shape: sizes.filter, values: conv2dFilterGradient(sizes, x.values, dz, attrs) }
  },
})

type InputGradientInputs = { readonly dy: TensorInfo; readonly which: TensorInfo; readonly filter: TensorInfo }

function inputGradientSizes(inputs: Record<keyof InputGradientInputs, Shaped>, attrs: Conv2dInputGradientAttrs): ConvSizes {
  const what = 'conv2dMaxPool2d, input gradient'
  const sizes = pooledSizes(what, attrs.inputShape, expectImages(`${what}: the filter`, inputs.filter), attrs)
  expectPooled(what, inputs, sizes)
  return sizes
}

/** Of convolutions that go by Winograd. */
const inputGradientKernel = defineKernel<InputGradientInputs, Conv2dInputGradientAttrs>({
  name: 'LayergraphConv2dMaxPool2dInputGradient',
  wasm(context, inputs, attrs) {
    const sizes = inputGradientSizes(inputs, attrs)
    const dx = context.output(sizes.input)
    const { asm, pointer } = context
    const { record, scratch } = prepare(context, sizes, attrs, asm.winogradInputGradientScratch)
    const given = [pointer(inputs.dy), pointer(inputs.which), pointer(inputs.filter)] as const
    asm.winogradInputGradient(record, ...given, pointer(dx), scratch)
    return dx
  },
  reference({ dy, which, filter }, attrs) {
    const sizes = inputGradientSizes({ dy, which, filter }, attrs)
    const dz = reference.unpool2x2(dy.values, which.values, sizes.output)
    return { shape: sizes.input, values: referenceInputGradient(sizes, dz, filter.values, attrs) }
  },
})

type PooledInputs = { readonly dy: TensorInfo; readonly which: TensorInfo }
type UnpoolAttrs = { readonly shape: Shape4 }

const unpoolKernel = defineKernel<PooledInputs, UnpoolAttrs>({
  name: 'LayergraphUnpool2d',
  wasm({ asm, pointer, output }, { dy, which }, { shape }) {
    const dz = output(shape)
    asm.unpool2x2(...shape, pointer(dy), pointer(which), pointer(dz))
    return dz
  },
  reference: ({ dy, which }, { shape }) => ({ shape, values: reference.unpool2x2(dy.values, which.values, shape) }),
})

const biasGradientKernel = defineKernel<PooledInputs, NoAttrs>({
  name: 'LayergraphConv2dMaxPool2dBiasGradient',
  wasm({ asm, pointer, output, scratch }, { dy, which }) {
    const channels = lastOf(dy.shape)
    const sum = output([channels])
    const room = scratch(channels * Float64Array.BYTES_PER_ELEMENT)
    asm.pooledChannelSum(rowsOf(dy.shape), channels, pointer(dy), pointer(which), pointer(sum), room)
    return sum
  },
  reference({ dy, which }) {
    const channels = lastOf(dy.shape)
    return { shape: [channels], values: reference.pooledChannelSum(dy.values, which.values, channels) }
  },
})

export const conv2dMaxPool2dKernels = [
  forwardKernel, filterGradientKernel, inputGradientKernel, unpoolKernel, biasGradientKernel,
]

/**
 * [y, which] of the formula above, both [batch, ⌊outHeight / 2⌋, ⌊outWidth / 2⌋, outChannels]. The bias is [outChannels].
 *
 * Throws a RangeError when the shapes do not fit, or when `fusesMaxPool2d` says no.
 */
export function conv2dMaxPool2dForward(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  attrs: Conv2dForwardAttrs,
): [y: Tensor4D, which: Tensor4D] {
  return runKernel(forwardKernel, { x, filter, bias }, attrs)
}

/** dx of `inputShape`, from dy and which of the shape of y. */
export function conv2dMaxPool2dInputGradient(
  dy: Tensor4D,
  which: Tensor4D,
  filter: Tensor4D,
  inputShape: Shape4,
  attrs: ConvAttrs,
): Tensor4D {
  const sizes = inputGradientSizes({ dy, which, filter }, { ...attrs, inputShape })
  if (conv2dWay(sizes, attrs) === 'winograd') {
    return runKernel(inputGradientKernel, { dy, which, filter }, { ...attrs, inputShape })
  }
  const dz: Tensor4D = runKernel(unpoolKernel, { dy, which }, { shape: sizes.output })
  const dx = conv2dInputGradient(dz, filter, inputShape, attrs)
  dz.dispose()
  return dx
}

/** dfilter of `filterShape`, from dy and which of the shape of y. */
export function conv2dMaxPool2dFilterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  which: Tensor4D,
  filterShape: Shape4,
  attrs: ConvAttrs,
): Tensor4D {
  return runKernel(filterGradientKernel, { x, dy, which }, { ...attrs, filterShape })
}

/** dbias [outChannels], from dy and which of the shape of y. */
export function conv2dMaxPool2dBiasGradient(dy: Tensor4D, which: Tensor4D): Tensor1D {
  expectShape('conv2dMaxPool2d, bias gradient: which', which, dy.shape)
  return runKernel(biasGradientKernel, { dy, which }, {})
}
