/**
 * When a convolution goes by Winograd's F(4×4, 3×3): 36 products for sixteen outputs instead of 144. The formulas are
 * in assembly/winogradTransforms.ts.
 *
 * The result differs from the plain sum by rounding, about 2e-6 of the largest value instead of 1e-6; and an infinite
 * or NaN pixel reaches all sixteen outputs of its tile, not only those that see it.
 */

import type { ConvAttrs, ConvSizes } from './conv2d.ts'

/** Products per channel for a tile of 4×4 outputs, and for one output as a plain sum. */
const TILE_PRODUCTS = 36
const PLAIN_PRODUCTS = 9

/** What it takes to transform the filter, in tiles: measured, and about the same for all numbers of channels. */
const FILTER_TILES = 24

/** Whether the convolution and its gradients are of a kind that assembly/winograd.ts computes, and faster. */
export function suitsWinograd({ input, filter, output }: ConvSizes, { strides, dilations, groups }: ConvAttrs): boolean {
  const plain = groups === 1 && [...strides, ...dilations].every((step) => step === 1)
  const threes = filter[0] === 3 && filter[1] === 3
  if (!plain || !threes || input[3] % 4 !== 0 || output[3] % 4 !== 0) return false
  const [batch, height, width] = output
  const tiles = batch * Math.ceil(height / 4) * Math.ceil(width / 4)
  return TILE_PRODUCTS * (tiles + FILTER_TILES) < PLAIN_PRODUCTS * batch * height * width
}
