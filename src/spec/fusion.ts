// How a layer runs in the same go as the one before it: what it amounts to there, and what the one before can take in.
import type { Activation } from './config.ts'
import type { PoolOptions } from './ops.ts'

/** Numbers of a weight outside of a tensor library, by the layer's names. */
export type PlainWeights = Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>

/** factor · x + offset, channel by channel. */
export interface Scale {
  readonly factor: Float64Array
  readonly offset: Float64Array
}

/** What a layer does to the output of the one before it. */
export type Following =
  /** Hands on what it gets. */
  | { readonly does: 'nothing' }
  /** Hands on the same numbers in another shape. */
  | { readonly does: 'reshape' }
  | { readonly does: 'activation'; readonly activation: Activation }
  | { readonly does: 'maxPool'; readonly options: PoolOptions }
  /** Lets the channels of so many groups take turns. */
  | { readonly does: 'shuffle'; readonly groups: number }
  /** Scales channels by what its weights say. */
  | { readonly does: 'scale'; readonly of: (weights: PlainWeights) => Scale }

/** A layer that is linear up to its own activation takes another one in when it has none. */
export function withActivation<C extends { readonly activation: Activation }>(config: C, activation: Activation): C | null {
  return config.activation === 'linear' ? { ...config, activation } : null
}

/** Weights that give factor · y + offset instead of y: a kernel whose last axes are the output channels, and a bias. */
export function scaleKernel({ kernel, bias, ...others }: PlainWeights, { factor, offset }: Scale): PlainWeights {
  const { data, shape } = kernel as PlainWeights[string]
  const channels = factor.length
  const scaled = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += channels) {
    for (let i = 0; i < channels; i++) scaled[start + i] = (data[start + i] as number) * (factor[i] as number)
  }
  const moved = Float32Array.from(offset, (value, i) => value + (bias === undefined ? 0 : (bias.data[i] as number) * (factor[i] as number)))
  return { ...others, kernel: { data: scaled, shape }, bias: { data: moved, shape: [channels] } }
}

/** What an activation with a layer of its own amounts to. */
export const follows = (activation: Activation) => (): Following => ({ does: 'activation', activation })

/** What a max-pool amounts to whose windows of 2×2 tile the image; others have no kernel that does more than pooling. */
export function followsMaxPool(options: PoolOptions): Following | null {
  const twos = [...options.poolSize, ...options.strides].every((size) => size === 2)
  const tiles = twos && options.pads.flat().every((pad) => pad === 0)
  return tiles ? { does: 'maxPool', options } : null
}
