import { VECTOR, floats } from './lanes'
import { Convolution } from './convolution'
import { LEFT_WIDTH, PRODUCT_BYTES, RIGHT_WIDTH, multiplyTiles } from './planes'
import { SQUARE_BYTES, describeSquare } from './squares'
import {
  BLOCK_BYTES,
  Block,
  GAP,
  describeLeft,
  describeRight,
  evenShare,
  leftPanel,
  leftPlane,
  rightPanel,
  rightPlane,
  tilesOf,
  transformTiles,
} from './winogradTiles'
import { BETWEEN_BYTES, FILTER_TAPS, OUT_TILE, PLANES, TILE, filterGradientTile } from './winogradTransforms'

/**
 * The gradient of Winograd's filter, dg = Gᵀ dU G with dU = Σ over the tiles of V·dM (formulas: winogradTransforms.ts).
 *
 * A large block of tiles is transformed, V into left panels and dM into right ones. Then dU is summed and transformed
 * back by and by, a rectangle of channels and output channels at a time: so no more of dU is in memory than the
 * second-level cache holds, and dg is all that blocks add up.
 */

/** Tiles of a block: so many, or fewer where their transforms would take more bytes than this, but not below some. */
const MOST_TILES = 64
const FEW_TILES = 40
const BLOCK_ROOM = 6 << 20

/** Channels and output channels of a rectangle of dU: multiples of eight. */
const ROWS = 32
const COLUMNS = 32

/** Bytes of a plane of a rectangle. */
const SUM_PLANE: usize = <usize>((ROWS / LEFT_WIDTH) * (COLUMNS / RIGHT_WIDTH)) * PRODUCT_BYTES + GAP

function blockTiles(c: Convolution): i32 {
  const tileBytes = <i32>PLANES * 4 * (c.channels + c.outChannels)
  return evenShare(tilesOf(c), max(FEW_TILES, min(MOST_TILES, BLOCK_ROOM / tileBytes)), 1)
}

// Scratch: records | between | patch | V | dM | a rectangle of dU.

const RECORD_BYTES: usize = 2 * SQUARE_BYTES + 2 * BLOCK_BYTES

function patchBytes(c: Convolution): usize {
  return max(TILE * TILE * floats(c.channels), OUT_TILE * OUT_TILE * floats(c.outChannels))
}

export function winogradFilterGradientScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const tiles = blockTiles(c)
  return RECORD_BYTES + BETWEEN_BYTES + patchBytes(c)
    + PLANES * (leftPlane(tiles, c.channels) + rightPlane(tiles, c.outChannels) + SUM_PLANE)
}

/** dfilter from x and dy, which is pooled when there is a `which` (pooled.ts). */
export function winogradFilterGradient(
  record: usize,
  x: usize,
  dy: usize,
  which: usize,
  dfilter: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const tiles = blockTiles(c)
  const image = describeSquare(scratch, x, c.height, c.width, c.channels, <i32>TILE, c.top, c.left)
  const gradient = describeSquare(scratch + SQUARE_BYTES, dy, c.outHeight, c.outWidth, c.outChannels, <i32>OUT_TILE, 0, 0)
  const blocks = scratch + 2 * SQUARE_BYTES
  const between = scratch + RECORD_BYTES
  const patch = between + BETWEEN_BYTES
  const left = describeLeft(blocks, tiles, c.channels, patch + patchBytes(c))
  const right = describeRight(blocks + BLOCK_BYTES, tiles, c.outChannels, left.planes + PLANES * left.plane)
  const sums = right.planes + PLANES * right.plane
  const all = tilesOf(c)
  let first = 0
  // Without any tile the gradient is still written.
  do {
    const count = min(tiles, all - first)
    transformTiles(c, image, false, first, count, left, 0, patch, between)
    transformTiles(c, gradient, true, first, count, right, which, patch, between)
    for (let i = 0; i < c.channels; i += ROWS) {
      const rows = min(ROWS, c.channels - i)
      for (let o = 0; o < c.outChannels; o += COLUMNS) {
        const columns = min(COLUMNS, c.outChannels - o)
        sumRectangle(tiles, count, left, right, i, o, rows, columns, sums)
        writeRectangle(c, rows, columns, sums, dfilter + floats(i * c.outChannels + o), first > 0, between)
      }
    }
    first += tiles
  } while (first < all)
}

/** dU of a rectangle. */
function sumRectangle(
  tiles: i32, count: i32, left: Block, right: Block, i: i32, o: i32, rows: i32, columns: i32, sums: usize,
): void {
  const leftStep = leftPanel(tiles)
  const rightStep = rightPanel(tiles)
  let leftAt = left.planes + <usize>(i / LEFT_WIDTH) * leftStep
  let rightAt = right.planes + <usize>(o / RIGHT_WIDTH) * rightStep
  for (let p: usize = 0; p < PLANES; p++) {
    multiplyTiles(count, rows, columns, leftAt, leftStep, rightAt, rightStep, sums)
    leftAt += left.plane
    rightAt += right.plane
    sums += SUM_PLANE
  }
}

/** Transforms a rectangle of dU back, and writes or adds it to dfilter. */
function writeRectangle(
  c: Convolution, rows: i32, columns: i32, sums: usize, dfilter: usize, accumulate: bool, between: usize,
): void {
  const tap = floats(c.channels * c.outChannels)
  const leftPanels = rows / LEFT_WIDTH
  for (let i = 0; i < rows; i++) {
    for (let o = 0; o < columns; o += 4) {
      const product = (o / RIGHT_WIDTH) * leftPanels + i / LEFT_WIDTH
      const from = sums + <usize>product * PRODUCT_BYTES + floats((i % LEFT_WIDTH) * RIGHT_WIDTH + o % RIGHT_WIDTH)
      if (accumulate) filterGradientTile(from, SUM_PLANE, dfilter + floats(o), tap, between, true)
      else filterGradientTile(from, SUM_PLANE, dfilter + floats(o), tap, between, false)
    }
    dfilter += floats(c.outChannels)
  }
}
