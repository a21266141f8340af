// invertedResidual: wide inside, narrow at both ends.
import { dropPath } from '../layers/dropPath.ts'
import { relu6 } from '../layers/relu6.ts'
import { silu } from '../layers/silu.ts'
import { named, sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { depthwiseBatchNorm } from './depthwiseBatchNorm.ts'
import { residual } from './residual.ts'
import { squeezeExcite } from './squeezeExcite.ts'

/** What invertedResidual takes. */
export interface InvertedResidualConfig {
  /** Channels that come in. */
  channels: number
  /** Channels that go out. */
  filters: number
  /** How many times wider it is inside; 1 leaves the first convolution out. */
  expansion: number
  /** Of the depthwise convolution, default 3. */
  kernelSize?: number
  /** Of the depthwise convolution, default 1. */
  strides?: number
  /** After the first two convolutions, default 'relu6'. */
  activation?: 'relu6' | 'silu'
  /** Units of a squeeze-and-excitation after the depthwise convolution, default none. */
  squeezed?: number
  /** Share of the images for which training leaves the body out, where there is a shortcut; default 0. */
  dropPath?: number
}

/**
 * A 1×1 convolution to expansion · channels, a depthwise one, and a 1×1 convolution without activation to `filters`; added to
 * its input where both have one shape.
 *
 * Takes [h, w, channels], gives [h / strides, w / strides, filters], rounded up.
 * Papers: Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018, https://arxiv.org/abs/1801.04381;
 * with squeeze-and-excitation Tan, Le, "EfficientNet", 2019, https://arxiv.org/abs/1905.11946.
 */
export function invertedResidual({
  channels, filters, expansion, kernelSize = 3, strides = 1, activation = 'relu6', squeezed, dropPath: rate = 0,
}: InvertedResidualConfig): Op {
  const act = (): Op => (activation === 'silu' ? silu() : relu6())
  const inside = channels * expansion
  const padding = (kernelSize - 1) / 2
  const shortcut = strides === 1 && channels === filters
  const body: readonly Op[] = [
    ...(expansion === 1 ? [] : [named('expand', convBatchNorm({ filters: inside, kernelSize: 1 })), act()]),
    named('depthwise', depthwiseBatchNorm({ kernelSize, strides, padding })), act(),
    ...(squeezed === undefined ? [] : [squeezeExcite({ channels: inside, squeezed, activation: activation === 'silu' ? 'silu' : 'relu' })]),
    named('project', convBatchNorm({ filters, kernelSize: 1 })),
    ...(shortcut && rate > 0 ? [dropPath({ rate })] : []),
  ]
  return shortcut ? residual(sequence(...body)) : sequence(...body)
}
