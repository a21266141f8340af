// pointwise: a 1×1 convolution.
import { type Conv2d, conv2d, type Conv2dConfig } from '../layers/conv2d.ts'
import type { Size2d } from '../src/types/shape.ts'

/** What pointwise takes: all of conv2d's config that means something for a single pixel. */
export type PointwiseConfig<F extends number = number, S extends Size2d = Size2d, G extends number = number> =
  Omit<Conv2dConfig<F, 1, S, 'valid', 1, G>, 'kernelSize' | 'padding' | 'dilationRate'>

/**
 * A 1×1 convolution: one dense layer, shared by all pixels.
 *
 * [h, w, channels] → [h, w, filters]: mixes channels, changes their number, and with an activation adds a bend. Weights:
 * channels · filters + filters.
 * Paper: Lin, Chen, Yan, "Network in network", 2014, https://arxiv.org/abs/1312.4400.
 */
export function pointwise<const F extends number, const S extends Size2d = 1, const G extends number = 1>(
  config: PointwiseConfig<F, S, G>,
): Conv2d<F, 1, S, 'valid', 1, G> {
  return conv2d({ ...config, kernelSize: 1 } as Conv2dConfig) as unknown as Conv2d<F, 1, S, 'valid', 1, G>
}
