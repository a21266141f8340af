// What convolutions along one, two or three axes share: config keys, the misfit of groups, weights, MACs.
import { z } from 'zod'
import type { Sizes } from '../types/shape.ts'
import {
  type Activation, activation, type Axes, type Initializer, initializer, type Padding, paddingOf, type Pair, type Rank, size, sizesOf,
} from './config.ts'
import type { WindowRule } from './field.ts'
import type { Filling } from './formula.ts'
import { scaleKernel, withActivation } from './fusion.ts'
import type { Inference, Misfit, Site } from './layer.ts'
import type { Dims, Size } from './tensor.ts'
import { convolutionTraits } from './traits.ts'
import type { WeightSpec } from './weight.ts'
import { axesMisfit, inferWindow, type Window, windowField, windowLetters, windowPads } from './window.ts'

/** The part of a convolution's config that does not depend on how many axes there are. */
export interface ConvolutionConfig {
  readonly filters: number
  readonly kernelSize: readonly number[]
  readonly strides: readonly number[]
  readonly padding: Padding<Rank>
  readonly dilationRate: readonly number[]
  readonly groups: number
  readonly useBias: boolean
  readonly activation: Activation
  readonly kernelInitializer: Initializer
  readonly biasInitializer: Initializer
}

/** What convolutions along one, two or three axes take, with the literals that their types remember. */
export interface ConvolutionSettings<
  F extends number, K extends Sizes, S extends Sizes, P extends 'valid' | 'same' | number | readonly Pair[], D extends Sizes, G extends number,
> {
  /** Number of output channels. */
  filters: F
  /** One number for all axes, or one for each: [height, width] on an image. */
  kernelSize: K
  /** Step of the window, default 1. */
  strides?: S
  /** 'valid' (default), 'same' (output size ceil(size / stride)), a number for all sides, or [before, after] of each axis: [[top, bottom], [left, right]] on an image. */
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

/** The zod keys of a convolution along so many axes. */
export const convolutionKeys = <N extends Rank>(rank: N) => {
  // zod cannot see that the defaults have the types of their keys while N is not known.
  const ones = Array.from({ length: rank }, () => 1) as never
  return {
    filters: size,
    kernelSize: sizesOf(rank),
    strides: sizesOf(rank).default(ones),
    padding: paddingOf(rank).default('valid' as never),
    dilationRate: sizesOf(rank).default(ones),
    groups: size.default(1),
    useBias: z.boolean().default(true),
    activation: activation.default('linear'),
    kernelInitializer: initializer.default('glorotUniform'),
    biasInitializer: initializer.default('zeros'),
  }
}

export const convolutionWindow = ({ kernelSize, strides, dilationRate, padding }: ConvolutionConfig): Window =>
  ({ size: kernelSize, strides, dilations: dilationRate, padding })

const channelsOf = (input: Dims): Size => input.at(-1) ?? null

/** Do the groups divide filters and channels? Says why not. */
export function groupsMisfit({ filters, groups }: Pick<ConvolutionConfig, 'filters' | 'groups'>, input: Dims): Misfit | null {
  const channels = channelsOf(input)
  const indivisible = (count: number, what: string): Misfit => ({
    code: 'shape/groups',
    message: `${groups} groups do not divide ${count} ${what}`,
    hint: `choose groups that divide both the channels and the ${filters} filters`,
  })
  if (filters % groups !== 0) return indivisible(filters, 'filters')
  if (channels !== null && channels % groups !== 0) return indivisible(channels, 'channels')
  return null
}

interface Use {
  readonly config: ConvolutionConfig
  readonly inputs: readonly Dims[]
}

export function inferConvolution({ config, inputs: [input] }: Use): Inference {
  const wrong = axesMisfit(config.kernelSize.length as Rank, input as Dims) ?? groupsMisfit(config, input as Dims)
  return wrong === null ? inferWindow(convolutionWindow(config), input as Dims, config.filters) : { misfits: [wrong] }
}

export const product = (sizes: readonly number[]): number => sizes.reduce((all, one) => all * one, 1)

/** Channels that one filter sees. */
function groupChannels({ config: { groups }, inputs }: Use): Size {
  const channels = channelsOf(inputs[0] as Dims)
  return channels === null ? null : channels / groups
}

/** Bias of so many channels, unless there is none. */
export function biasWeights(config: Pick<ConvolutionConfig, 'useBias' | 'biasInitializer'>, channels: Size): readonly WeightSpec[] {
  return config.useBias ? [{ name: 'bias', shape: [channels], initializer: config.biasInitializer, trainable: true }] : []
}

/** Kernel [...kernelSize, channels / groups, filters], bias [filters]. */
export function convolutionWeights(site: Site<ConvolutionConfig>): readonly WeightSpec[] {
  const { filters, kernelSize, groups, kernelInitializer } = site.config
  const channels = groupChannels(site)
  const taps = product(kernelSize)
  const kernel: WeightSpec = {
    name: 'kernel', shape: [...kernelSize, channels, filters], initializer: kernelInitializer, trainable: true,
    fans: { in: taps * (channels ?? 1), out: (taps * filters) / groups },
  }
  return [kernel, ...biasWeights(site.config, filters)]
}

/** Every output number is a sum over one window. */
export function convolutionMacs(site: Site<ConvolutionConfig>): number | null {
  const channels = groupChannels(site)
  const output = site.outputs[0] as Dims
  return channels === null || !output.every((one) => one !== null) ? null
    : product(output) * product(site.config.kernelSize) * channels
}

export const convolutionField = ({ config, inputs }: Site<ConvolutionConfig>): WindowRule =>
  windowField(convolutionWindow(config), inputs[0] as Dims)

/** The config of a convolution along so many axes. */
export interface SizedConvolution<N extends Rank> extends ConvolutionConfig {
  readonly kernelSize: Axes<number, N>
  readonly strides: Axes<number, N>
  readonly padding: Padding<N>
  readonly dilationRate: Axes<number, N>
}

/** The letters of a convolution's formula. */
export function convolutionLetters({ config, inputs, outputs }: Site<ConvolutionConfig>): Filling {
  const [input, out] = [inputs[0] as Dims, outputs[0] as Dims]
  const window = convolutionWindow(config)
  return {
    letters: {
      ...windowLetters(window, windowPads(window, input) as readonly Pair[], input, out),
      Cin: channelsOf(input) as number, Cout: config.filters, g: config.groups,
    },
    ...(config.useBias ? {} : { reads: { ' + Cout': '' } }),
  }
}

/** What the pages of plain convolutions along so many axes have in common. */
export const convolutionPage = <N extends Rank>(rank: N) => ({
  category: 'convolution' as const,
  config: z.strictObject(convolutionKeys(rank)),
  infer: (use: Pick<Site<SizedConvolution<N>>, 'config' | 'inputs'>): Inference => inferConvolution(use as Use),
  letters: (site: Site<SizedConvolution<N>>) => convolutionLetters(site as Site<ConvolutionConfig>),
  weights: (site: Site<SizedConvolution<N>>) => convolutionWeights(site as Site<ConvolutionConfig>),
  macs: (site: Site<SizedConvolution<N>>) => convolutionMacs(site as Site<ConvolutionConfig>),
  field: (site: Site<SizedConvolution<N>>) => convolutionField(site as Site<ConvolutionConfig>),
  traits: ({ config }: Site<SizedConvolution<N>>) => convolutionTraits(config),
  withActivation: (own: SizedConvolution<N>, added: Activation) => withActivation(own, added),
  scaled: ({ config: { activation: own } }: Site<SizedConvolution<N>>) => (own === 'linear' ? scaleKernel : null),
})
