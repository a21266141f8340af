// groupNorm: brings groups of channels of each image to mean 0 and variance 1, then to a learned mean and scale.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise, normLetters } from '../src/spec/elementwise.ts'
import { misfit } from '../src/spec/layer.ts'
import type { WeightSpec } from '../src/spec/weight.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Channels, Indivisible, Num, Ranked } from '../src/types/shape.ts'

/** What groupNorm takes. The words and the defaults are Keras'. */
export interface GroupNormConfig<G extends number = number> {
  /** Number of groups, default 32; must divide the channels. 1 normalizes the whole image, one per channel each channel. */
  groups?: G
  /** Added to the variance before its root is taken, default 0.001. PyTorch's default is 0.00001. */
  epsilon?: number
  /** Adds a learned `beta` per channel, default true. */
  center?: boolean
  /** Multiplies by a learned `gamma` per channel, default true. */
  scale?: boolean
}

type GroupNormOut<X, G extends number> =
  X extends string ? X
  : Indivisible<Channels<X>, G> extends true ? `groupNorm: ${Num<G>} groups do not divide ${Num<Channels<X>>} channels`
  : X

export interface GroupNorm<G extends number = 32> extends Callable {
  readonly kind: 'groupNorm'
  readonly [SETTINGS]: G
  readonly [OUT]: GroupNormOut<Ranked<this[typeof IN], 'groupNorm'>, G>
}

const config = z.strictObject({
  groups: size.default(32),
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
})

/**
 * (x − mean) / √(variance + epsilon) · gamma + beta, with mean and variance of each image and group of channels.
 *
 * The same in training and evaluation, and for any size of batch. With as many groups as channels it is instance
 * normalization. Weights, each [channels]: gamma, beta. Counts as no MACs. Mean and variance let every pixel move every other
 * one a little; the receptive field leaves that out, as the literature does.
 *
 * @throws LayergraphError from `graph()`: `shape/groups`, `shape/scalar`.
 */
export const groupNorm = withTypes<<const G extends number = 32>(config?: GroupNormConfig<G>) => GroupNorm<G>>()(defineLayer({
  kind: 'groupNorm',
  category: 'normalization',
  summary: 'Normalizes groups of channels within each image.',
  summaryZh: '在每幅图像内对各组通道做归一化。',
  formula: 'out = in; params = (scale + center)·C; no MACs',
  paper: { title: 'Group normalization', authors: 'Wu, He', year: 2018, url: 'https://arxiv.org/abs/1803.08494' },
  config,
  examples: [
    { config: { groups: 2 }, inputs: [[4, 3, 6]] },
    { config: { groups: 3, epsilon: 1e-5, scale: false }, inputs: [[3, 3, 3]] },
    { config: { groups: 1 }, inputs: [[5]] },
  ],
  ...channelwise,
  letters: (site) => normLetters(site),
  infer(use) {
    const { groups } = use.config
    const channels = use.inputs[0]?.at(-1) ?? null
    if (channels === null || channels % groups === 0) return channelwise.infer(use)
    return misfit('shape/groups', `${groups} groups do not divide ${channels} channels`, 'choose groups that divide the channels')
  },
  weights({ config: { center, scale }, inputs: [input] }) {
    const weight = (name: string, initializer: 'zeros' | 'ones'): WeightSpec =>
      ({ name, shape: [input?.at(-1) ?? null], initializer, trainable: true })
    return [...(scale ? [weight('gamma', 'ones')] : []), ...(center ? [weight('beta', 'zeros')] : [])]
  },
  forward: (op, { config: { groups, epsilon } }, [x], { gamma = null, beta = null }) =>
    op.groupNorm(x!, gamma, beta, { groups, epsilon, over: 'sample' }),
}))
