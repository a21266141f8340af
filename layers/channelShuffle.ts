// channelShuffle: the channels of groups take turns.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Channels, Image, Indivisible, Num } from '../src/types/shape.ts'

/** What channelShuffle takes. */
export interface ChannelShuffleConfig<G extends number = number> {
  /** How many groups the channels come in; must divide them. */
  groups: G
}

type Shuffled<X, G extends number> =
  X extends string ? X
  : Indivisible<Channels<X>, G> extends true ? `channelShuffle: ${Num<G>} groups do not divide ${Num<Channels<X>>} channels`
  : X

export interface ChannelShuffle<G extends number> extends Callable {
  readonly kind: 'channelShuffle'
  readonly [SETTINGS]: G
  readonly [OUT]: Shuffled<Image<this[typeof IN], 'channelShuffle'>, G>
}

type Factory = <const G extends number>(config: ChannelShuffleConfig<G>) => ChannelShuffle<G>

/**
 * The channels of an image, group by group: reshape channels to [groups, channels / groups], transpose, flatten.
 *
 * Output channel i·groups + g is input channel g·(channels / groups) + i. Between two grouped convolutions it lets every
 * group of the second see something of every group of the first.
 *
 * @throws LayergraphError from `graph()`: `shape/groups`, `shape/not-an-image`.
 */
export const channelShuffle = withTypes<Factory>()(defineLayer({
  kind: 'channelShuffle',
  category: 'reshape',
  summary: 'Mixes the channels of groups, so that grouped convolutions see all of them.',
  summaryZh: '混洗各组的通道，使分组卷积能看到所有通道。',
  formula: 'channel i·g + k of the output is channel k·(C/g) + i of the input; no parameters; no MACs',
  paper: {
    title: 'ShuffleNet: an extremely efficient convolutional neural network for mobile devices',
    authors: 'Zhang, Zhou, Lin, Sun', year: 2018, url: 'https://arxiv.org/abs/1707.01083',
  },
  config: z.strictObject({ groups: size }),
  examples: [
    { config: { groups: 3 }, inputs: [[2, 3, 6]] },
    { config: { groups: 2 }, inputs: [[3, 2, 8]] },
  ],
  infer({ config: { groups }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const channels = input?.[2] ?? null
    if (channels === null || channels % groups === 0) return output(input as Dims)
    return misfit('shape/groups', `${groups} groups do not divide ${channels} channels`, 'choose groups that divide the channels')
  },
  macs: () => 0,
  traits: () => ({ shuffles: true }),
  field: () => pointwise,
  follows: ({ config: { groups } }) => ({ does: 'shuffle', groups }),
  forward: (op, { config }, [x]) => op.channelShuffle(x!, config.groups),
}))
