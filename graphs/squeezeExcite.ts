// squeezeExcite: each channel times a factor that the whole image decides.
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { multiply } from '../layers/multiply.ts'
import { named, parallel, sequence } from '../src/graph/compose.ts'
import type { Activation } from '../src/spec/config.ts'

/** What squeezeExcite takes. */
export interface SqueezeExciteConfig<C extends number = number> {
  /** Channels of the image. */
  channels: C
  /** Units between the two dense layers, commonly a fraction of the channels. */
  squeezed: number
  /** Of the first dense layer, default 'relu'. */
  activation?: Activation
  /** Of the second, which gives the factors; default 'sigmoid'. */
  gate?: Activation
}

/**
 * x · gate(dense(activation(dense(average of x)))), one factor for each channel.
 *
 * Takes [h, w, channels] and gives the same shape.
 * Paper: Hu, Shen, Sun, "Squeeze-and-excitation networks", 2018, https://arxiv.org/abs/1709.01507.
 */
export const squeezeExcite = <const C extends number>(
  { channels, squeezed, activation = 'relu', gate = 'sigmoid' }: SqueezeExciteConfig<C>,
) => parallel([
  sequence(),
  sequence(
    globalAvgPool2d(),
    named('squeeze', dense({ units: squeezed, activation })),
    named('excite', dense({ units: channels, activation: gate }))),
], multiply())
