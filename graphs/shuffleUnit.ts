// shuffleUnit: the unit of ShuffleNet v1, grouped 1×1 convolutions with shuffled channels between them.
import { avgPool2d } from '../layers/avgPool2d.ts'
import { channelShuffle } from '../layers/channelShuffle.ts'
import { concat } from '../layers/concat.ts'
import type { Conv2d } from '../layers/conv2d.ts'
import { relu } from '../layers/relu.ts'
import { failure } from '../src/spec/issue.ts'
import { parallel, named, sequence } from '../src/graph/compose.ts'
import type { Op, Wrapped } from '../src/types/layer.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { depthwiseBatchNorm } from './depthwiseBatchNorm.ts'
import { residual } from './residual.ts'

/** What shuffleUnit takes. */
export interface ShuffleUnitConfig<F extends number, S extends 1 | 2> {
  /** Output channels, a multiple of 4. At strides 1 the input has as many. */
  filters: F
  /** Groups of the 1×1 convolutions. */
  groups: number
  /** 1 (default) adds the unit to its input; 2 halves the image and sets the unit beside its pooled input. */
  strides?: S
  /** Channels of the input; needed at strides 2, where the unit makes those that are missing. */
  channels?: number
  /** Groups of the first 1×1 convolution, default `groups`; ShuffleNet has 1 where the input has few channels. */
  firstGroups?: number
}

/**
 * The unit of ShuffleNet v1: 1×1 in groups to a quarter of the channels, shuffle, 3×3 depthwise, 1×1 in groups.
 *
 * At strides 1 [h, w, filters] → [h, w, filters], added to the input; at strides 2 [h, w, channels] →
 * [ceil(h / 2), ceil(w / 2), filters], beside the input's average pool.
 * Paper: Zhang, Zhou, Lin, Sun, "ShuffleNet: an extremely efficient convolutional neural network for mobile devices",
 * 2018, https://arxiv.org/abs/1707.01083.
 *
 * @throws LayergraphError `config/invalid` when strides are 2 and `channels` is missing or not below `filters`.
 */
export function shuffleUnit<const F extends number, const S extends 1 | 2 = 1>(
  { filters, groups, strides, channels, firstGroups = groups }: ShuffleUnitConfig<F, S>,
): Wrapped<'named', Conv2d<F, 3, S, 1>> {
  const halves = strides === 2
  if (halves && !(channels !== undefined && channels < filters)) {
    throw failure(
      'config/invalid', 'shuffleUnit', `strides 2 need the channels of the input, fewer than ${filters}, but got ${channels}`,
      'give channels',
    )
  }
  const middle = filters / 4
  const conv = (many: number, split: number) =>
    convBatchNorm({ filters: many, kernelSize: 1, groups: split, kernelInitializer: 'heNormal' })
  const layers: readonly Op[] = [
    conv(middle, firstGroups), relu(), channelShuffle({ groups }),
    depthwiseBatchNorm({ kernelSize: 3, strides: halves ? 2 : 1, padding: 1, kernelInitializer: 'heNormal' }),
    conv(halves ? filters - (channels as number) : filters, groups),
  ]
  const body: Op = sequence(...layers)
  const joined: Op = halves
    ? parallel([avgPool2d({ poolSize: 3, strides: 2, padding: 1 }) as Op, body], concat())
    : residual(body)
  const unit: readonly Op[] = [joined, relu()]
  return named('shuffleUnit', sequence(...unit)) as unknown as Wrapped<'named', Conv2d<F, 3, S, 1>>
}
