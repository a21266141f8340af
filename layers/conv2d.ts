// conv2d: two-dimensional convolution (cross-correlation, as everywhere in deep learning).
import { z } from 'zod'
import { type Activation, activation, type Initializer, initializer, padding, pair, type Sides, size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import type { Misfit, Site } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit, inferWindow, type Window, windowField, windowPads } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Channels, Image, Indivisible, Num, Padding2d, Size2d, WindowOut } from '../src/types/shape.ts'

/** What conv2d takes. */
export interface Conv2dConfig<
  F extends number = number, K extends Size2d = Size2d, S extends Size2d = Size2d,
  P extends Padding2d = Padding2d, D extends Size2d = Size2d, G extends number = number,
> {
  /** Number of output channels. */
  filters: F
  /** Height and width of the kernel, or one number for both. */
  kernelSize: K
  /** Step of the window, default 1. */
  strides?: S
  /** 'valid' (default), 'same' (output size ceil(size / stride)), a number for all sides, or [[top, bottom], [left, right]]. */
  padding?: P
  /** Distance between the kernel's taps, default 1. May go together with strides. */
  dilationRate?: D
  /** Splits the channels: each group of filters sees channels / groups of them. Default 1; must divide channels and filters. */
  groups?: G
  /** Adds a learned number per filter, default true. */
  useBias?: boolean
  /** Applied to the output, default 'linear'. */
  activation?: Activation
  /** Default 'glorotUniform'. */
  kernelInitializer?: Initializer
  /** Default 'zeros'. */
  biasInitializer?: Initializer
}

type Conv2dOut<X, F extends number, K extends Size2d, S extends Size2d, P, D extends Size2d, G extends number> =
  G extends 1 ? WindowOut<Image<X, 'conv2d'>, 'conv2d', F, K, S, P, D> : Grouped<Image<X, 'conv2d'>, F, K, S, P, D, G>
type Grouped<I, F extends number, K extends Size2d, S extends Size2d, P, D extends Size2d, G extends number> =
  I extends string ? I
  : Indivisible<F, G> extends true ? `conv2d: ${Num<G>} groups do not divide ${Num<F>} filters`
  : Indivisible<Channels<I>, G> extends true ? `conv2d: ${Num<G>} groups do not divide ${Num<Channels<I>>} channels`
  : WindowOut<I, 'conv2d', F, K, S, P, D>

export interface Conv2d<
  F extends number, K extends Size2d, S extends Size2d = 1, P extends Padding2d = 'valid', D extends Size2d = 1,
  G extends number = 1,
> extends Callable {
  readonly kind: 'conv2d'
  readonly [SETTINGS]: [F, K, S, P, D, G]
  readonly [OUT]: Conv2dOut<this[typeof IN], F, K, S, P, D, G>
}

type Factory = <
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
  const D extends Size2d = 1, const G extends number = 1,
>(config: Conv2dConfig<F, K, S, P, D, G>) => Conv2d<F, K, S, P, D, G>

const config = z.strictObject({
  filters: size,
  kernelSize: pair,
  strides: pair.default([1, 1]),
  padding: padding.default('valid'),
  dilationRate: pair.default([1, 1]),
  groups: size.default(1),
  useBias: z.boolean().default(true),
  activation: activation.default('linear'),
  kernelInitializer: initializer.default('glorotUniform'),
  biasInitializer: initializer.default('zeros'),
})
type Config = z.output<typeof config>

const windowOf = (c: Config): Window =>
  ({ size: c.kernelSize, strides: c.strides, dilations: c.dilationRate, padding: c.padding })

function groupsMisfit({ filters, groups }: Config, input: Dims): Misfit | null {
  const channels = input[2] ?? null
  const indivisible = (count: number, what: string): Misfit => ({
    code: 'shape/groups',
    message: `${groups} groups do not divide ${count} ${what}`,
    hint: `choose groups that divide both the channels and the ${filters} filters`,
  })
  if (filters % groups !== 0) return indivisible(filters, 'filters')
  if (channels !== null && channels % groups !== 0) return indivisible(channels, 'channels')
  return null
}

const channelsPerGroup = ({ config: { groups }, inputs }: Site<Config>): number | null => {
  const channels = inputs[0]?.[2] ?? null
  return channels === null ? null : channels / groups
}

/**
 * Two-dimensional convolution of an image [height, width, channels] with `filters` kernels.
 *
 * Output [oh, ow, filters] with oh = floor((h + top + bottom − D·(K−1) − 1) / S) + 1, and ow likewise; with
 * padding 'same' ceil(h / S). Weights: kernel [kh, kw, channels / groups, filters], bias [filters].
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/groups`, `shape/not-an-image`.
 */
export const conv2d = withTypes<Factory>()(defineLayer({
  kind: 'conv2d',
  category: 'convolution',
  summary: 'Slides learned kernels over an image.',
  formula: 'out = floor((in + P − D(K−1) − 1)/S) + 1; params = Kh·Kw·Cin/g·Cout + Cout; MACs = oh·ow·Kh·Kw·Cin/g·Cout',
  paper: {
    title: 'Gradient-based learning applied to document recognition', authors: 'LeCun, Bottou, Bengio, Haffner',
    year: 1998, url: 'https://doi.org/10.1109/5.726791',
  },
  config,
  examples: [
    { config: { filters: 4, kernelSize: 3 }, inputs: [[7, 6, 3]] },
    { config: { filters: 4, kernelSize: [3, 5], strides: 2, padding: 'same', activation: 'relu' }, inputs: [[7, 8, 2]] },
    { config: { filters: 6, kernelSize: 3, groups: 3, padding: 1, useBias: false }, inputs: [[5, 5, 6]] },
    { config: { filters: 2, kernelSize: 3, dilationRate: 2, strides: [2, 1], padding: [[2, 1], [0, 3]] }, inputs: [[8, 7, 2]] },
    { config: { filters: 5, kernelSize: 1, activation: 'tanh' }, inputs: [[4, 4, 3]] },
  ],
  infer({ config, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims) ?? groupsMisfit(config, input as Dims)
    return wrong === null ? inferWindow(windowOf(config), input as Dims, config.filters) : { misfits: [wrong] }
  },
  weights(site) {
    const { filters, kernelSize: [kh, kw], useBias, kernelInitializer, biasInitializer } = site.config
    const channels = channelsPerGroup(site)
    const kernel = {
      name: 'kernel', shape: [kh, kw, channels, filters], initializer: kernelInitializer, trainable: true,
      fans: { in: kh * kw * (channels ?? 1), out: (kh * kw * filters) / site.config.groups },
    }
    return useBias ? [kernel, { name: 'bias', shape: [filters], initializer: biasInitializer, trainable: true }] : [kernel]
  },
  macs(site) {
    const [h, w, filters] = site.outputs[0] as Dims
    const [kh, kw] = site.config.kernelSize
    const channels = channelsPerGroup(site)
    return h == null || w == null || filters == null || channels === null ? null : h * w * filters * kh * kw * channels
  },
  field: ({ config, inputs }) => windowField(windowOf(config), inputs[0] as Dims),
  forward(op, { config, inputs }, [x], { kernel, bias }) {
    return op.conv2d(x!, kernel!, bias ?? null, {
      strides: config.strides, dilations: config.dilationRate, groups: config.groups, activation: config.activation,
      pads: windowPads(windowOf(config), inputs[0] as Dims) as Sides,
    })
  },
}))
