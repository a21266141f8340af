// deformableConv2d: a convolution whose taps move to where the image tells them.
import { z } from 'zod'
import { type Activation, type Initializer, type Sides, size } from '../src/spec/config.ts'
import {
  convolutionField, convolutionKeys, convolutionLetters, convolutionMacs, type ConvolutionSettings,
  convolutionWeights, convolutionWindow, inferConvolution, product,
} from '../src/spec/convolution.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { type FieldRule, type OneFieldRule, pointwise } from '../src/spec/field.ts'
import { scaleKernel, withActivation } from '../src/spec/fusion.ts'
import type { Inference, Misfit, Sampling, Site } from '../src/spec/layer.ts'
import type { Ops, Value } from '../src/spec/ops.ts'
import { type Dims, showDims, type Size, unifyDims } from '../src/spec/tensor.ts'
import { convolutionTraits } from '../src/spec/traits.ts'
import type { WeightSpec } from '../src/spec/weight.ts'
import { windowPads } from '../src/spec/window.ts'
import type { Mul } from '../src/types/arith.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type {
  Channels, ConvOut, Image, Indivisible, Num, Padding2d, Shape, Shapes, Show, Size2d, Taps, Unify,
} from '../src/types/shape.ts'

/** What deformableConv2d takes. */
export interface DeformableConv2dConfig<
  F extends number = number, K extends Size2d = Size2d, S extends Size2d = Size2d, P extends Padding2d = Padding2d,
  D extends Size2d = Size2d, G extends number = number, O extends number = number, M extends boolean = boolean,
> extends ConvolutionSettings<F, K, S, P, D, G> {
  /** Splits the channels: each slice has offsets of its own. Default 1; must divide the channels. */
  offsetGroups?: O
  /** Version 2: each tap also gets a factor from 0 to 1. Default false. */
  modulated?: M
  /** Default 'glorotUniform'. The convolutions that make the offsets and factors start with zeros. */
  kernelInitializer?: Initializer
}

// ── shapes in the types ─────────────────────────────────────────────────────

/** The image that comes out, as if no tap moved, or a sentence. */
type Slid<I, F extends number, K extends Size2d, S extends Size2d, P, D extends Size2d, G extends number, O extends number> =
  O extends 1 ? ConvOut<I, 'deformableConv2d', F, K, S, P, D, G>
  : I extends string ? I
  : Indivisible<Channels<I>, O> extends true
    ? `deformableConv2d: ${Num<O>} offset groups do not divide ${Num<Channels<I>>} channels`
    : ConvOut<I, 'deformableConv2d', F, K, S, P, D, G>

/** Y, of whose size the tensor T must be, with N channels; or a sentence that calls T by its name. */
type Guided<Y, T, N extends number, Name extends string> =
  Y extends readonly [infer H extends number, infer W extends number, infer F extends number]
    ? Unify<[H, W, N], T> extends readonly [infer A extends number, infer B extends number, unknown] ? [A, B, F]
      : `deformableConv2d: the ${Name} must be ${Show<[H, W, N]>}, but ${Name extends 'mask' ? 'is' : 'are'} ${Show<T>}`
    : Y

type Alone<M extends boolean> = M extends true ? 'offsets and mask' : 'offsets'
type Miscounted<X, M extends boolean> =
  `deformableConv2d: needs the image alone, or with its ${Alone<M>}, but gets ${Show<X>}`

type DeformableOut<
  X, F extends number, K extends Size2d, S extends Size2d, P, D extends Size2d, G extends number, O extends number,
  M extends boolean,
> =
  X extends readonly [infer I extends Shape, infer T extends Shape]
    ? M extends true ? Miscounted<X, M>
      : Guided<Slid<Image<I, 'deformableConv2d'>, F, K, S, P, D, G, O>, T, Mul<Mul<Taps<K>, O>, 2>, 'offsets'>
  : X extends readonly [infer I extends Shape, infer T extends Shape, infer U extends Shape]
    ? M extends true
      ? Guided<
          Guided<Slid<Image<I, 'deformableConv2d'>, F, K, S, P, D, G, O>, T, Mul<Mul<Taps<K>, O>, 2>, 'offsets'>,
          U, Mul<Taps<K>, O>, 'mask'
        >
      : Miscounted<X, M>
  : X extends readonly [Shape, Shape, Shape, Shape, ...Shape[]] ? Miscounted<X, M>
  : X extends Shapes ? X extends Shape ? Slid<Image<X, 'deformableConv2d'>, F, K, S, P, D, G, O> : [number, number, F]
  : Slid<Image<X, 'deformableConv2d'>, F, K, S, P, D, G, O>

export interface DeformableConv2d<
  F extends number, K extends Size2d, S extends Size2d = 1, P extends Padding2d = 'valid', D extends Size2d = 1,
  G extends number = 1, O extends number = 1, M extends boolean = false,
> extends Callable {
  readonly kind: 'deformableConv2d'
  readonly [SETTINGS]: [F, K, S, P, D, G, O, M]
  readonly [OUT]: DeformableOut<this[typeof IN], F, K, S, P, D, G, O, M>
}

type Factory = <
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
  const D extends Size2d = 1, const G extends number = 1, const O extends number = 1, const M extends boolean = false,
>(config: DeformableConv2dConfig<F, K, S, P, D, G, O, M>) => DeformableConv2d<F, K, S, P, D, G, O, M>

// ── the page ────────────────────────────────────────────────────────────────

const config = z.strictObject({
  ...convolutionKeys(2),
  offsetGroups: size.default(1),
  modulated: z.boolean().default(false),
})
type Config = z.output<typeof config>

/** Taps that have an offset of their own: taps of the kernel times offset groups. */
const movedTaps = ({ kernelSize, offsetGroups }: Config): number => product(kernelSize) * offsetGroups

function offsetGroupsMisfit({ offsetGroups }: Config, input: Dims): Misfit | null {
  const channels = input.length === 3 ? input[2] as Size : null
  return channels === null || channels % offsetGroups === 0 ? null : {
    code: 'shape/groups', message: `${offsetGroups} offset groups do not divide ${channels} channels`,
    hint: 'choose offsetGroups that divide the channels',
  }
}

function countMisfit({ modulated }: Config, count: number): Misfit | null {
  if (count === 1 || count === (modulated ? 3 : 2)) return null
  const guides = modulated ? 'offsets and mask' : 'offsets'
  return {
    code: 'shape/arity', message: `needs the image alone, or with its ${guides}, but gets ${count} tensors`,
    hint: modulated ? 'give it [image, offsets, mask]' : 'give it [image, offsets], or set modulated to true for a mask',
  }
}

/** The output with the sizes that a guiding tensor knows, or why that tensor does not fit. */
function guide(y: Dims, given: Dims, channels: number, name: string): Dims | Misfit {
  const [h, w, filters] = y as readonly [Size, Size, Size]
  const unified = unifyDims([h, w, channels], given)
  if (unified !== null) return [unified[0] as Size, unified[1] as Size, filters]
  return {
    code: 'shape/differ',
    message: `the ${name} must be ${showDims([h, w, channels])}, but ${name === 'mask' ? 'is' : 'are'} ${showDims(given)}`,
    hint: 'make them by a convolution with the same kernelSize, strides, padding and dilationRate',
  }
}

function inferGuided(config: Config, inputs: readonly Dims[]): Inference {
  const [image, offsets, mask] = inputs as readonly [Dims, Dims?, Dims?]
  const wrong = countMisfit(config, inputs.length) ?? offsetGroupsMisfit(config, image)
  if (wrong !== null) return { misfits: [wrong] }
  const slid = inferConvolution({ config, inputs: [image] })
  if ('misfits' in slid) return slid
  let y = slid.outputs[0] as Dims
  for (const [given, channels, name] of [[offsets, 2 * movedTaps(config), 'offsets'], [mask, movedTaps(config), 'mask']] as const) {
    const guided = given === undefined ? y : guide(y, given, channels, name)
    if ('code' in guided) return { misfits: [guided] }
    y = guided
  }
  return { outputs: [y] }
}

const channelsOf = ({ inputs }: Site<Config>): Size => inputs[0]?.[2] ?? null

/** How many channels the layer's own convolutions make: offsets, and factors; none where they are given. */
const ownChannels = ({ config, inputs }: Site<Config>): number =>
  inputs.length > 1 ? 0 : (config.modulated ? 3 : 2) * movedTaps(config)

function weightsOf(site: Site<Config>): readonly WeightSpec[] {
  const moved = movedTaps(site.config)
  const zeros = (kernel: string, bias: string, count: number): readonly WeightSpec[] => [
    { name: kernel, shape: [...site.config.kernelSize, channelsOf(site), count], initializer: 'zeros', trainable: true },
    { name: bias, shape: [count], initializer: 'zeros', trainable: true },
  ]
  return [
    ...convolutionWeights(site),
    ...(site.inputs.length === 1 ? zeros('offsetKernel', 'offsetBias', 2 * moved) : []),
    ...(site.inputs.length === 1 && site.config.modulated ? zeros('maskKernel', 'maskBias', moved) : []),
  ]
}

/** Those of the convolution and of the layer's own; what lies between the pixels is found without. */
function macsOf(site: Site<Config>): number | null {
  const [h, w] = site.outputs[0] as Dims
  const [channels, own] = [channelsOf(site), convolutionMacs(site)]
  if (h == null || w == null || channels === null || own === null) return null
  return own + h * w * product(site.config.kernelSize) * channels * ownChannels(site)
}

function fieldOf(site: Site<Config>): FieldRule {
  const { inputs } = site
  const rule: OneFieldRule = { rule: 'deformable', window: convolutionField(site) }
  return inputs.length === 1 ? rule : { rule: 'each', rules: [rule, ...inputs.slice(1).map(() => pointwise)] }
}

/** The offsets and factors of the taps: those that are given, or its own. */
function samplingOf(
  op: Ops, { config, inputs: shapes }: Site<Config>, [x, offsets, mask]: readonly Value[], weights: Readonly<Record<string, Value>>,
): Sampling {
  const window = {
    strides: config.strides, dilations: config.dilationRate,
    pads: windowPads(convolutionWindow(config), shapes[0] as Dims) as Sides,
  }
  const own = (name: string, activation: Activation): Value =>
    op.conv2d(x!, weights[`${name}Kernel`]!, weights[`${name}Bias`]!, { ...window, groups: 1, activation })
  return {
    ...window, kernelSize: config.kernelSize, offsetGroups: config.offsetGroups,
    offsets: offsets ?? own('offset', 'linear'),
    mask: mask ?? (config.modulated ? own('mask', 'sigmoid') : null),
  }
}

/**
 * Deformable convolution of an image [height, width, channels]: each tap of the kernel reads the image at an offset
 * of its own, another one for every output pixel, between the pixels by bilinear interpolation and zero outside:
 *
 *     y(p) = Σ_n w_n · m_n(p) · x(p·S + D·p_n + Δp_n(p))
 *
 * The offsets Δp, [oh, ow, 2·offsetGroups·kh·kw] in pixels, (down, right) for each tap row by row, come from a
 * convolution of the same image with the same window, which starts with zeros; so the layer starts as conv2d. In
 * version 2 (`modulated`) another one makes the factors m = sigmoid(…), which start at ½; in version 1 m = 1. Or they
 * are given: `deformableConv2d({ … })([image, offsets])`, and with `modulated` `([image, offsets, mask])`, where the
 * mask is m itself.
 *
 * Output [oh, ow, filters] with the sizes of conv2d. Weights: kernel [kh, kw, channels / groups, filters], bias
 * [filters]; where the offsets are not given offsetKernel [kh, kw, channels, 2·offsetGroups·kh·kw], offsetBias, and
 * in version 2 maskKernel [kh, kw, channels, offsetGroups·kh·kw], maskBias.
 *
 * Version 2: Zhu, Hu, Lin, Dai, "Deformable ConvNets v2", 2019, https://arxiv.org/abs/1811.11168.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/groups`, `shape/not-an-image`,
 * `shape/differ`, `shape/arity`.
 */
export const deformableConv2d = withTypes<Factory>()(defineLayer({
  kind: 'deformableConv2d',
  category: 'convolution',
  arity: 'any',
  summary: 'Slides learned kernels over an image, with taps that move to where the image tells them.',
  summaryZh: '卷积核在图像上滑动，采样点移到图像所指示的位置。',
  formula: 'y(p) = Σ_n w_n · m_n(p) · x(p·S + D·p_n + Δp_n(p)); out = floor((in + P − D(K−1) − 1)/S) + 1; '
    + 'N = 2·og·Kh·Kw offset channels (3·og·Kh·Kw with the mask); params = Kh·Kw·Cin/g·Cout + Cout + Kh·Kw·Cin·N + N; '
    + 'MACs = oh·ow·Kh·Kw·Cin·(Cout/g + N)',
  paper: {
    title: 'Deformable convolutional networks', authors: 'Dai, Qi, Xiong, Li, Zhang, Hu, Wei', year: 2017,
    url: 'https://arxiv.org/abs/1703.06211',
  },
  config,
  examples: [
    { config: { filters: 4, kernelSize: 3, padding: 1 }, inputs: [[6, 7, 3]] },
    { config: { filters: 4, kernelSize: 3, padding: 1, modulated: true, activation: 'relu' }, inputs: [[6, 5, 2]] },
    { config: { filters: 6, kernelSize: 3, strides: 2, padding: 'same', groups: 2, offsetGroups: 2 }, inputs: [[7, 6, 4]] },
    { config: { filters: 3, kernelSize: [3, 2], dilationRate: [1, 2], padding: [[1, 0], [2, 1]], useBias: false }, inputs: [[5, 6, 2]] },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[6, 6, 3], [4, 4, 18]] },
    { config: { filters: 4, kernelSize: 2, offsetGroups: 3, modulated: true }, inputs: [[5, 5, 3], [4, 4, 24], [4, 4, 12]] },
  ],
  letters(site) {
    const { letters, reads = {} } = convolutionLetters(site)
    const own = site.inputs.length === 1
    return {
      letters: { ...letters, og: site.config.offsetGroups, N: movedTaps(site.config) * (site.config.modulated ? 3 : 2) },
      reads: { ...reads, ...(own ? {} : { ' + Kh·Kw·Cin·N + N': '', '(Cout/g + N)': 'Cout/g' }) },
    }
  },
  infer: ({ config, inputs }) => inferGuided(config, inputs),
  weights: weightsOf,
  macs: macsOf,
  traits: ({ config }) => convolutionTraits(config),
  field: fieldOf,
  withActivation: (c, added) => withActivation(c, added),
  scaled: ({ config: { activation: own } }) => (own === 'linear' ? scaleKernel : null),
  sampling: samplingOf,
  forward(op, site, inputs, weights) {
    const { offsets, mask, strides, dilations, pads, offsetGroups } = samplingOf(op, site, inputs, weights)
    const { groups, activation } = site.config
    return op.deformConv2d(inputs[0]!, offsets, mask, weights['kernel']!, weights['bias'] ?? null, {
      strides, dilations, pads, groups, offsetGroups, activation,
    })
  },
}))
