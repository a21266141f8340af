// shuffleUnitV2: half of the channels pass, half are convolved, then both are mixed.
import { channelShuffle } from '../layers/channelShuffle.ts'
import { concat } from '../layers/concat.ts'
import { relu } from '../layers/relu.ts'
import { slice } from '../layers/slice.ts'
import { parallel, sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { depthwiseBatchNorm } from './depthwiseBatchNorm.ts'

const inRow = (...layers: readonly Op[]): Op => sequence(...layers)
const pointwise = (filters: number): Op => inRow(convBatchNorm({ filters, kernelSize: 1 }), relu())
const depthwise = (strides: number): Op => depthwiseBatchNorm({ kernelSize: 3, strides, padding: 1 })

/** What shuffleUnitV2 takes. */
export interface ShuffleUnitV2Config {
  /** Channels that go out; even. With strides 1 also those that come in. */
  filters: number
  /** 1 (default), or 2, which halves the image and may change the channels. */
  strides?: 1 | 2
}

/**
 * The unit of ShuffleNet v2: [h, w, c] → [h / strides, w / strides, filters].
 *
 * With strides 1 one half of the channels passes and the other goes through a 1×1, a depthwise and a 1×1 convolution; with
 * strides 2 both halves are made from all channels. Then the halves are shuffled.
 * Paper: Ma, Zhang, Zheng, Sun, "ShuffleNet V2: practical guidelines for efficient CNN architecture design", 2018,
 * https://arxiv.org/abs/1807.11164.
 */
export function shuffleUnitV2({ filters, strides = 1 }: ShuffleUnitV2Config): Op {
  const half = filters / 2
  const channels = (begin: number): Op => slice({ begin: [0, 0, begin], size: [-1, -1, half] })
  const [left, right] = strides === 1
    ? [channels(0), inRow(channels(half), pointwise(half))]
    : [inRow(depthwise(2), pointwise(half)), pointwise(half)]
  return inRow(
    parallel([left, inRow(right, depthwise(strides), pointwise(half))], concat()),
    channelShuffle({ groups: 2 }))
}
