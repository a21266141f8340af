// conv2dTranspose: the transpose of a convolution, which makes images larger.
import { z } from 'zod'
import type { Activation, EnlargingInitializer, Initializer, Pair, Sides } from '../src/spec/config.ts'
import { countsOf, enlargingInitializer } from '../src/spec/config.ts'
import { biasWeights, convolutionKeys, groupsMisfit, product } from '../src/spec/convolution.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { output, type Misfit } from '../src/spec/layer.ts'
import { type Dims, showDims, type Size } from '../src/spec/tensor.ts'
import { convolutionTraits } from '../src/spec/traits.ts'
import { imageMisfit, reach, showWindow, windowLetters } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { GroupsFit, Image, Padding2d, Size2d, TransposedOut } from '../src/types/shape.ts'

/** What conv2dTranspose takes. */
export interface Conv2dTransposeConfig<
  F extends number = number, K extends Size2d = Size2d, S extends Size2d = Size2d, P extends Padding2d = Padding2d,
  D extends Size2d = Size2d, O extends Size2d = Size2d, G extends number = number,
> {
  /** Number of output channels. */
  filters: F
  /** Height and width of the kernel, or one number for both. */
  kernelSize: K
  /** How far apart the windows of neighbouring input pixels start, default 1. */
  strides?: S
  /** What is cut off: 'valid' (default) nothing, 'same' (output size size · stride), a number for all sides, or [[top, bottom], [left, right]]. */
  padding?: P
  /** Distance between the kernel's taps, default 1. */
  dilationRate?: D
  /** Pixels added at the bottom and the right, default 0; fewer than strides. Not with padding 'same'. */
  outputPadding?: O
  /** Splits the channels: each group of filters sees channels / groups of them. Default 1; must divide channels and filters. */
  groups?: G
  /** Adds a learned number per filter, default true. */
  useBias?: boolean
  /** Applied to the output, default 'linear'. */
  activation?: Activation
  /**
   * Default 'glorotUniform'. 'bilinear' enlarges each channel by blending neighbouring pixels, as FCN begins: with a kernel
   * of 2·S − S mod 2 and a padding of (K − S) / 2 that is bilinear upsampling, but for the edges.
   */
  kernelInitializer?: EnlargingInitializer
  /** Default 'zeros'. */
  biasInitializer?: Initializer
}

type TransposedOf<
  X, F extends number, K extends Size2d, S extends Size2d, P, D extends Size2d, O extends Size2d, G extends number,
> = TransposedOut<G extends 1 ? X : GroupsFit<X, 'conv2dTranspose', F, G>, 'conv2dTranspose', F, K, S, P, D, O>

export interface Conv2dTranspose<
  F extends number, K extends Size2d, S extends Size2d = 1, P extends Padding2d = 'valid', D extends Size2d = 1,
  O extends Size2d = 0, G extends number = 1,
> extends Callable {
  readonly kind: 'conv2dTranspose'
  readonly [SETTINGS]: [F, K, S, P, D, O, G]
  readonly [OUT]: TransposedOf<Image<this[typeof IN], 'conv2dTranspose'>, F, K, S, P, D, O, G>
}

type Factory = <
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
  const D extends Size2d = 1, const O extends Size2d = 0, const G extends number = 1,
>(config: Conv2dTransposeConfig<F, K, S, P, D, O, G>) => Conv2dTranspose<F, K, S, P, D, O, G>

const config = z.strictObject({
  ...convolutionKeys(2), kernelInitializer: enlargingInitializer.default('glorotUniform'), outputPadding: countsOf(2).default([0, 0]),
})
  .superRefine(({ padding, strides, outputPadding }, report) => {
    const fault = (message: string): void => report.addIssue({ code: 'custom', path: ['outputPadding'], message })
    if (outputPadding.some((pixels, axis) => pixels >= (strides[axis] as number))) {
      fault(`must be smaller than strides of ${strides.join('×')}, but is ${outputPadding.join('×')}`)
    }
    if (padding === 'same' && outputPadding.some((pixels) => pixels > 0)) {
      fault("is settled by padding 'same', which gives size · stride; give padding as numbers to choose it")
    }
  })
type Config = z.output<typeof config>

interface Axis { readonly k: number; readonly s: number; readonly d: number; readonly extra: number; readonly padding: 'valid' | 'same' | Pair }

const axesOf = ({ kernelSize, strides, dilationRate, outputPadding, padding }: Config): readonly [Axis, Axis] => {
  const axis = (at: 0 | 1): Axis => ({
    k: kernelSize[at], s: strides[at], d: dilationRate[at], extra: outputPadding[at],
    padding: typeof padding === 'string' ? padding : padding[at],
  })
  return [axis(0), axis(1)]
}

/** What is cut off before and after: the zeros of the convolution whose transpose this is. */
function cutOf({ k, s, d, padding }: Axis): Pair {
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same') return padding
  const total = Math.max(reach(k, d) - s, 0)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

const cutsOf = (settings: Config): Sides => {
  const [rows, columns] = axesOf(settings)
  return [cutOf(rows), cutOf(columns)]
}

function spread(axis: Axis, size: Size): Size {
  if (size === null) return null
  if (axis.padding === 'same') return size * axis.s
  const [before, after] = cutOf(axis)
  return (size - 1) * axis.s + reach(axis.k, axis.d) + axis.extra - before - after
}

function allCut({ kernelSize, dilationRate }: Config, input: Dims): Misfit {
  const window = showWindow({ size: kernelSize, dilations: dilationRate })
  return {
    code: 'shape/all-cut', message: `padding cuts off all that a window of ${window} makes of ${showDims(input)}`,
    hint: 'use less padding, or padding "same"',
  }
}

const channelsOf = (input: Dims | undefined): Size => input?.[2] ?? null

/**
 * The transpose of a convolution of an image [height, width, channels] with `filters` kernels.
 *
 * Every input pixel puts its window, times its number, into the output, `strides` apart, and windows that overlap add up.
 * The same comes of putting S − 1 zeros between the input's pixels, padding by D·(K−1) − P, flipping the kernel, and
 * convolving at stride 1. It is the transpose of the convolution's matrix, not its inverse.
 *
 * Output [oh, ow, filters] with oh = (h − 1)·S − top − bottom + D·(K−1) + outputPadding + 1, and ow likewise; with padding
 * 'same' h·S. Weights: kernel [kh, kw, filters / groups, channels], bias [filters].
 *
 * Numbers for padding give PyTorch's values. 'same' is the transpose of TensorFlow's same padding, so where it cuts off an
 * odd number of pixels the bottom and the right lose one more: strides 2 and a kernel of 3 lose one pixel there, where
 * PyTorch's padding 1 with outputPadding 1 loses one at the top and the left. Keras' 'valid' adds S − K zeros where the
 * kernel is smaller than the strides (here: outputPadding), and its outputPadding next to 'same' means padding K // 2.
 *
 * @throws LayergraphError from `graph()`: `shape/all-cut`, `shape/groups`, `shape/not-an-image`.
 */
export const conv2dTranspose = withTypes<Factory>()(defineLayer({
  kind: 'conv2dTranspose',
  category: 'convolution',
  summary: 'Spreads every pixel by a learned kernel over a larger image: a convolution backwards.',
  summaryZh: '用学习到的核把每个像素铺到更大的图像上：反方向的卷积。',
  formula: 'out = (in − 1)·S − P + D(K−1) + outputPadding + 1; params = Kh·Kw·Cin·Cout/g + Cout; '
    + 'MACs = h·w·Kh·Kw·Cin·Cout/g, where h·w are the pixels of the input',
  paper: {
    title: 'Deconvolutional networks', authors: 'Zeiler, Krishnan, Taylor, Fergus', year: 2010,
    url: 'https://doi.org/10.1109/CVPR.2010.5539957',
  },
  config,
  examples: [
    { config: { filters: 2, kernelSize: 3, strides: 2, padding: 1 }, inputs: [[3, 3, 2]] },
    { config: { filters: 3, kernelSize: [2, 4], strides: 2, padding: 'same', activation: 'tanh' }, inputs: [[3, 4, 2]] },
    { config: { filters: 4, kernelSize: 3, groups: 2, strides: [1, 2], outputPadding: [0, 1], useBias: false }, inputs: [[3, 4, 6]] },
    { config: { filters: 2, kernelSize: 3, dilationRate: 2, padding: [[2, 1], [0, 3]] }, inputs: [[4, 5, 3]] },
  ],
  letters({ config, inputs, outputs }) {
    const [input, out] = [inputs[0] as Dims, outputs[0] as Dims]
    const window = { size: config.kernelSize, strides: config.strides, dilations: config.dilationRate }
    return {
      letters: {
        ...windowLetters(window, cutsOf(config), input, out), outputPadding: config.outputPadding,
        Cin: channelsOf(input) as number, Cout: config.filters, g: config.groups,
      },
      ...(config.useBias ? {} : { reads: { ' + Cout': '' } }),
    }
  },
  infer({ config, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims) ?? groupsMisfit(config, input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const sizes = axesOf(config).map((axis, index) => spread(axis, input?.[index] as Size))
    return sizes.every((one) => one === null || one > 0)
      ? output([...sizes, config.filters])
      : { misfits: [allCut(config, input as Dims)] }
  },
  weights({ config, inputs: [input] }) {
    const { filters, kernelSize, groups, kernelInitializer } = config
    const channels = channelsOf(input)
    const kernel = {
      name: 'kernel', shape: [...kernelSize, filters / groups, channels], initializer: kernelInitializer, trainable: true,
      fans: { in: product(kernelSize) * (channels ?? 1) / groups, out: (product(kernelSize) * filters) / groups },
    }
    return [kernel, ...biasWeights(config, filters)]
  },
  macs({ config: { kernelSize, filters, groups }, inputs: [input] }) {
    return input === undefined || !input.every((one) => one !== null) ? null
      : product(input) * product(kernelSize) * (filters / groups)
  },
  traits: ({ config }) => convolutionTraits(config),
  field: ({ config }) => ({
    rule: 'transposed', size: config.kernelSize, strides: config.strides, dilations: config.dilationRate, pads: cutsOf(config),
  }),
  forward(op, { config, outputs }, [x], { kernel, bias }) {
    const [h, w] = outputs[0] as readonly [number, number, number]
    return op.conv2dTranspose(x!, kernel!, bias ?? null, {
      strides: config.strides, dilations: config.dilationRate, groups: config.groups, activation: config.activation,
      pads: cutsOf(config), outputSize: [h, w],
    })
  },
}))
