/**
 * Which of four ways a convolution and its gradients go.
 *
 * - `winograd`: 3×3 filters with stride 1 by Winograd's F(4×4, 3×3), 36 products for sixteen outputs instead of 144
 *   (assembly/winogradTransforms.ts). The result differs from the plain sum by rounding, about 2e-6 of the largest value
 *   instead of 1e-6; and an infinite or NaN pixel reaches all sixteen outputs of its tile, not only those that see it.
 * - `grey`: 3×3 filters over one channel, straight from the image (assembly/greyConv2d.ts).
 * - `taps`: filters that mostly look out of the image, position by position (assembly/tapsConv2d.ts).
 * - `product`: everything else, as a product of packed windows (assembly/conv2d.ts).
 */

import type { ConvAttrs, ConvSizes } from './conv2d.ts'

export type Conv2dWay = 'winograd' | 'grey' | 'taps' | 'product'

/** Products per channel for a tile of 4×4 outputs, and for one output as a plain sum. */
const TILE_PRODUCTS = 36
const PLAIN_PRODUCTS = 9

/** What it takes, in tiles, to transform the filter, and to read one that is transformed: measured, for all channels alike. */
const FILTER_TILES = 10
const READ_TILES = 2

function pays([batch, height, width]: ConvSizes['output'], filterTiles: number): boolean {
  const tiles = batch * Math.ceil(height / 4) * Math.ceil(width / 4)
  return TILE_PRODUCTS * (tiles + filterTiles) < PLAIN_PRODUCTS * batch * height * width
}

/** Of the products of windows, the share that a filter may see inside the image for `taps` to pay: measured. */
const SEEN_SHARE = 0.75

/** Channels of a group from which on gathering pixels costs less than what is left out. */
const TAP_CHANNELS = 16

/** The share of the positions of all windows that lie inside, along one axis. */
function seen(axis: 0 | 1, { input, filter, output }: ConvSizes, { strides, pads, dilations }: ConvAttrs): number {
  const [size, positions, windows] = [input[axis + 1] as number, filter[axis], output[axis + 1] as number]
  let inside = 0
  for (let tap = 0; tap < positions; tap++) {
    for (let window = 0; window < windows; window++) {
      const place = window * strides[axis] + tap * dilations[axis] - pads[axis][0]
      if (place >= 0 && place < size) inside++
    }
  }
  return inside / (positions * windows)
}

function leavesOut(sizes: ConvSizes, attrs: ConvAttrs): boolean {
  const { input: [, , , channels], filter: [, , groupChannels, outChannels], output: [, height, width] } = sizes
  if (groupChannels < TAP_CHANNELS || outChannels * groupChannels < TAP_CHANNELS * channels || height * width === 0) return false
  return seen(0, sizes, attrs) * seen(1, sizes, attrs) <= SEEN_SHARE
}

/** The way of a convolution and of its gradients. `kept`: the filter is transformed already. */
export function conv2dWay(sizes: ConvSizes, attrs: ConvAttrs, kept = false): Conv2dWay {
  const { input, filter, output } = sizes
  const { strides, dilations, groups } = attrs
  const threes = filter[0] === 3 && filter[1] === 3
  if (threes && groups === 1 && output[3] % 4 === 0) {
    if (input[3] === 1 && dilations[1] === 1) return 'grey'
    const dense = [...strides, ...dilations].every((step) => step === 1)
    if (dense && input[3] % 4 === 0 && pays(output, kept ? READ_TILES : FILTER_TILES)) return 'winograd'
  }
  return leavesOut(sizes, attrs) ? 'taps' : 'product'
}
