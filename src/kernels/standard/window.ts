/** How tfjs-core's description of a sliding window reads in the attributes of our pages. */

import type { backend_util } from '@tensorflow/tfjs-core'
import type { Pads, Pair, Shape4 } from '../shapes.ts'

type Info = backend_util.Conv2DInfo

/** Padding before and after an axis, such that `count` windows fit and not one more. */
function padsOf(before: number, size: number, span: number, stride: number, count: number): readonly [number, number] {
  return [before, Math.max(0, (count - 1) * stride + span - size - before)]
}

/** Strides, dilations and pads. The pads are those that windows touch, so that rounding their count up needs no care. */
export function windowOf(info: Info): { readonly strides: Pair; readonly dilations: Pair; readonly pads: Pads } {
  const { padInfo, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth } = info
  return {
    strides: [strideHeight, strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [
      padsOf(padInfo.top, info.inHeight, effectiveFilterHeight, strideHeight, info.outHeight),
      padsOf(padInfo.left, info.inWidth, effectiveFilterWidth, strideWidth, info.outWidth),
    ],
  }
}

/** [batch, height, width, channels] of the input, whatever the order in memory. */
export function imagesOf({ batchSize, inHeight, inWidth, inChannels }: Info): Shape4 {
  return [batchSize, inHeight, inWidth, inChannels]
}
