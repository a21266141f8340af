// What convolutions along one, two or three axes share: config keys, the misfit of groups, weights, MACs.
import { z } from 'zod'
import {
  activation, type Initializer, initializer, type Padding, paddingOf, type Rank, size, sizesOf,
} from './config.ts'
import type { WindowRule } from './field.ts'
import type { Inference, Misfit, Site } from './layer.ts'
import type { Dims, Size } from './tensor.ts'
import type { WeightSpec } from './weight.ts'
import { axesMisfit, inferWindow, type Window, windowField } from './window.ts'

/** The part of a convolution's config that does not depend on how many axes there are. */
export interface ConvolutionConfig {
  readonly filters: number
  readonly kernelSize: readonly number[]
  readonly strides: readonly number[]
  readonly padding: Padding<Rank>
  readonly dilationRate: readonly number[]
  readonly groups: number
  readonly useBias: boolean
  readonly kernelInitializer: Initializer
  readonly biasInitializer: Initializer
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
