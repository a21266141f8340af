// fire: a narrow 1×1 convolution in front of two wide ones side by side.
import { concat } from '../layers/concat.ts'
import { conv2d } from '../layers/conv2d.ts'
import { named, parallel, sequence } from '../src/graph/compose.ts'

/**
 * The Fire block: a 1×1 convolution to `squeeze` channels, then 1×1 and 3×3 convolutions to `expand` channels each.
 *
 * Takes [h, w, channels], gives [h, w, 2 · expand].
 * Paper: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016,
 * https://arxiv.org/abs/1602.07360.
 */
export const fire = <const E extends number>(config: { readonly squeeze: number; readonly expand: E }) => sequence(
  named('squeeze', conv2d({ filters: config.squeeze, kernelSize: 1, activation: 'relu' })),
  parallel([
    named('expand1', conv2d({ filters: config.expand, kernelSize: 1, activation: 'relu' })),
    named('expand3', conv2d({ filters: config.expand, kernelSize: 3, padding: 1, activation: 'relu' })),
  ], concat()))
