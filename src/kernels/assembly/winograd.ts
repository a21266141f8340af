import { VECTOR, floats } from './lanes'
import { Convolution } from './convolution'
import { GROUP_BYTES, PANEL_TILES, multiplyPlane } from './planes'
import { poolSquare } from './pooled'
import { SQUARE_BYTES, Square, addSquare, describeSquare, isInside, pixelAt, writeSquare } from './squares'
import { COPIED_BYTES, FILTER_COLUMNS, filterPlane, transformFilter } from './winogradFilter'
import {
  BLOCK_BYTES,
  Block,
  describeFours,
  evenShare,
  foursPlane,
  moveToTile,
  panelsOf,
  placeOf,
  tilesOf,
  transformTiles,
} from './winogradTiles'
import { BETWEEN_BYTES, OUT_TILE, PLANES, TILE, inputGradientTile, outputTile } from './winogradTransforms'

/**
 * Convolutions of 3×3 with stride 1 by Winograd's F(4×4, 3×3) (formulas: winogradTransforms.ts), where channels and
 * output channels are multiples of four.
 *
 * A block of tiles is transformed, the 36 planes are multiplied one after the other (layouts: planes.ts), the results
 * are transformed back.
 */

/**
 * Tiles in a block, at most: so many that their transforms stay in the second-level cache, or more where the transformed
 * filter is so large that reading it once per block is what counts.
 */
const BLOCK_TILES = 40
const LARGE_BLOCK_TILES = 96
const LARGE_FILTER: usize = 4 << 20

/** Bytes of a transformed filter that stay in a cache where it is used once only. */
const PART_BYTES: usize = 1 << 19

/** Where things are in scratch. */
@unmanaged
class Workspace {
  between: usize
  copied: usize
  patch: usize
  /** The square of the image, and of the output, that belongs to a tile. */
  inputSquare: Square
  outputSquare: Square
  /** The transformed tiles of both. */
  inputs: Block
  outputs: Block
  /** The filter: as it is, or transformed already. */
  filter: usize
  ready: bool
  /** Room for what is transformed of it at a time. */
  part: usize
}

const WORKSPACE_BYTES: usize = 64
const RECORD_BYTES: usize = WORKSPACE_BYTES + 2 * SQUARE_BYTES + 2 * BLOCK_BYTES

function patchBytes(c: Convolution): usize {
  return TILE * TILE * floats(max(c.channels, c.outChannels))
}

/** Tiles in a block: about the same in each, panels of them full. */
function blockTiles(c: Convolution): i32 {
  const large = PLANES * filterPlane(c.channels, c.outChannels) > LARGE_FILTER
  return evenShare(tilesOf(c), large ? LARGE_BLOCK_TILES : BLOCK_TILES, PANEL_TILES)
}

/**
 * Columns of the filter that are transformed at a time: all of them, if they serve several blocks. A single block takes
 * them part by part, so that no more than a part of them is ever written to memory and read again.
 */
function columnsAtATime(c: Convolution, depth: i32, columns: i32): i32 {
  if (tilesOf(c) > blockTiles(c)) return columns
  const most = <i32>(PART_BYTES / filterPlane(depth, FILTER_COLUMNS) / PLANES) * FILTER_COLUMNS
  return min(columns, max(FILTER_COLUMNS, most))
}

/** Bytes of what is transformed of the filter at a time. */
function partBytes(c: Convolution, depth: i32, columns: i32): usize {
  return PLANES * filterPlane(depth, columnsAtATime(c, depth, columns))
}

/** Bytes of scratch of the forward function, for a filter that is transformed already or one that is not. */
export function winogradScratch(record: usize, ready: bool): usize {
  const c = changetype<Convolution>(record)
  const tiles = blockTiles(c)
  return RECORD_BYTES + BETWEEN_BYTES + COPIED_BYTES + patchBytes(c)
    + PLANES * (foursPlane(tiles, c.channels) + foursPlane(tiles, c.outChannels))
    + (ready ? 0 : partBytes(c, c.channels, c.outChannels))
}

/** Bytes of a transformed filter. */
export function winogradFilterBytes(record: usize): usize {
  const c = changetype<Convolution>(record)
  return PLANES * filterPlane(c.channels, c.outChannels)
}

/** Bytes of scratch of the input gradient. */
export function winogradInputGradientScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  return winogradScratch(record, true) + partBytes(c, c.outChannels, c.channels)
}

/** Transforms a filter, which is then ready. Scratch: as for the forward function. */
export function winogradFilter(record: usize, filter: usize, planes: usize, scratch: usize): void {
  const c = changetype<Convolution>(record)
  transformFilter(c, filter, false, 0, c.outChannels, planes, filterPlane(c.channels, c.outChannels), scratch,
    scratch + COPIED_BYTES)
}

/** Lays out scratch, for images, outputs and a filter at these addresses. */
function layOut(c: Convolution, input: usize, output: usize, filter: usize, ready: bool, scratch: usize): Workspace {
  const w = changetype<Workspace>(scratch)
  const squares = scratch + WORKSPACE_BYTES
  const blocks = squares + 2 * SQUARE_BYTES
  const tiles = blockTiles(c)
  w.between = scratch + RECORD_BYTES
  w.copied = w.between + BETWEEN_BYTES
  w.patch = w.copied + COPIED_BYTES
  w.inputSquare = describeSquare(squares, input, c.height, c.width, c.channels, <i32>TILE, c.top, c.left)
  w.outputSquare = describeSquare(squares + SQUARE_BYTES, output, c.outHeight, c.outWidth, c.outChannels, <i32>OUT_TILE, 0, 0)
  w.inputs = describeFours(blocks, tiles, c.channels, w.patch + patchBytes(c))
  w.outputs = describeFours(blocks + BLOCK_BYTES, tiles, c.outChannels, w.inputs.planes + PLANES * w.inputs.plane)
  w.filter = filter
  w.ready = ready
  w.part = w.outputs.planes + PLANES * w.outputs.plane
  return w
}

/** to[tiles, columns] = from[tiles, depth] · U, or Uᵀ when `backwards`, plane by plane, for the block from tile `first` on. */
function multiplyBlock(
  c: Convolution, w: Workspace, first: i32, tiles: i32, from: Block, depth: i32, to: Block, columns: i32, backwards: bool,
): void {
  const atATime = w.ready ? columns : columnsAtATime(c, depth, columns)
  const plane = filterPlane(depth, atATime)
  const filters = w.ready ? w.filter : w.part
  for (let column = 0; column < columns; column += atATime) {
    const some = min(atATime, columns - column)
    if (!w.ready && first == 0) transformFilter(c, w.filter, backwards, column, some, filters, plane, w.copied, w.between)
    const target = to.planes + <usize>(column / 4) * GROUP_BYTES
    for (let p: usize = 0; p < PLANES; p++) {
      multiplyPlane(panelsOf(tiles), some, depth, from.planes + p * from.plane, filters + p * plane,
        target + p * to.plane, to.panel)
    }
  }
}

/**
 * y = clamp(x * filter + bias, least, most), pooled when there is a `which` (pooled.ts). A bias of 0 is none. The filter is
 * `ready` if `winogradFilter` has transformed it.
 */
export function winogradForward(
  record: usize,
  x: usize,
  filter: usize,
  ready: bool,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  which: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const w = layOut(c, x, y, filter, ready, scratch)
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const tiles = tilesOf(c)
  const block = blockTiles(c)
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first)
    transformTiles(c, w.inputSquare, false, first, count, w.inputs, 0, w.patch, w.between)
    multiplyBlock(c, w, first, count, w.inputs, c.channels, w.outputs, c.outChannels, false)
    for (let t = 0; t < count; t++) {
      moveToTile(c, w.outputSquare, first + t)
      writeOutput(c, w, t, bias, floor, ceiling, which)
    }
  }
}

/** Transforms the output of tile t of a block and writes it. */
function writeOutput(
  c: Convolution,
  w: Workspace,
  t: i32,
  bias: usize,
  floor: v128,
  ceiling: v128,
  which: usize,
): void {
  const s = w.outputSquare
  const pixel = floats(c.outChannels)
  const direct = which == 0 && isInside(s)
  let to = direct ? pixelAt(s, 0, 0) : w.patch
  const line = direct ? <usize>s.width * pixel : OUT_TILE * pixel
  let from = placeOf(w.outputs, t)
  for (let o = 0; o < c.outChannels; o += 4) {
    const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias + floats(o))
    outputTile(from, w.outputs.plane, to, pixel, line, shift, floor, ceiling, w.between)
    from += GROUP_BYTES
    to += VECTOR
  }
  if (which != 0) poolSquare(s, w.patch, floor, ceiling, s.images, which)
  else if (!direct) writeSquare(s, w.patch)
}

/** dx from dy: every tile adds what it gives to the pixels it has read. */
export function winogradInputGradient(
  record: usize,
  dy: usize,
  which: usize,
  filter: usize,
  dx: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const w = layOut(c, dx, dy, filter, false, scratch)
  const pixel = floats(c.channels)
  const tiles = tilesOf(c)
  const block = blockTiles(c)
  memory.fill(dx, 0, <usize>c.batch * floats(c.height * c.width * c.channels))
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first)
    transformTiles(c, w.outputSquare, true, first, count, w.outputs, which, w.patch, w.between)
    multiplyBlock(c, w, first, count, w.outputs, c.outChannels, w.inputs, c.channels, true)
    for (let t = 0; t < count; t++) {
      moveToTile(c, w.inputSquare, first + t)
      let from = placeOf(w.inputs, t)
      for (let i = 0; i < c.channels; i += 4) {
        inputGradientTile(from, w.inputs.plane, w.patch + floats(i), pixel, TILE * pixel, w.between)
        from += GROUP_BYTES
      }
      addSquare(w.inputSquare, w.patch)
    }
  }
}
