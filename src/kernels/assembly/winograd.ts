import { VECTOR, floats } from './lanes'
import { Convolution } from './convolution'
import { storeTransposed } from './panels'
import { GROUP_BYTES, PANEL_TILES, PRODUCT_BYTES, addPlaneProduct, multiplyPlane } from './planes'
import { poolSquare, unpoolSquare } from './pooled'
import {
  SQUARE_BYTES,
  Square,
  addSquare,
  describeSquare,
  isInside,
  moveSquare,
  pixelAt,
  readSquare,
  writeSquare,
} from './squares'
import {
  BETWEEN_BYTES,
  OUT_TILE,
  PLANES,
  TILE,
  filterGradientTile,
  filterTile,
  inputGradientTile,
  inputTile,
  outputGradientTile,
  outputTile,
} from './winogradTransforms'

/**
 * Convolutions of 3×3 with stride 1 by Winograd's F(4×4, 3×3) (formulas: winogradTransforms.ts), where channels and
 * output channels are multiples of four.
 *
 * A block of tiles is transformed, the 36 planes are multiplied one after the other (layouts: planes.ts), the results
 * are transformed back; so transformed values stay in the second-level cache. Tiles are numbered row by row, image by
 * image.
 */

/** Pixels from one tile to the next. */
const STEP = <i32>OUT_TILE

/** Tiles in a block: a multiple of eight. */
const BLOCK_TILES = 40

/** Bytes that keep planes from lying a power of two apart, where they would fight for the same cache lines. */
const PLANE_GAP: usize = 64

// How a block of transformed tiles is laid out: in fours, or in panels of eight or four channels with tiles as depth.
const FOURS = 0
const LEFT = 1
const RIGHT = 2

/** Bytes of a panel of eight channels of a block, and of four. */
const LEFT_PANEL: usize = 40 * 32
const RIGHT_PANEL: usize = 40 * 16

/** Where things are in scratch, and how far planes lie apart. */
@unmanaged
class Workspace {
  between: usize
  tile: usize
  patch: usize
  /** The transforms of four filters side by side. */
  fourFilters: usize
  /** The square of the image, and of the output, that belongs to a tile. */
  inputSquare: usize
  outputSquare: usize
  filters: usize
  filterPlane: usize
  inputs: usize
  inputPlane: usize
  outputs: usize
  outputPlane: usize
}

const WORKSPACE_BYTES: usize = 64

const FOUR_FILTERS_BYTES: usize = 36 * 64

function patchBytes(c: Convolution): usize {
  return TILE * TILE * floats(max(c.channels, c.outChannels))
}

function blockPlane(channels: i32): usize {
  return floats(BLOCK_TILES * ((channels + 7) & ~7)) + PLANE_GAP
}

function filterPlane(c: Convolution): usize {
  return floats(c.channels * c.outChannels) + PLANE_GAP
}

/** Bytes of scratch of the forward function. */
export function winogradScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const records = WORKSPACE_BYTES + BETWEEN_BYTES + PRODUCT_BYTES + FOUR_FILTERS_BYTES + 2 * SQUARE_BYTES
  return records + patchBytes(c) + PLANES * (blockPlane(c.channels) + blockPlane(c.outChannels))
}

/** Bytes of a transformed filter. */
export function winogradFilterBytes(record: usize): usize {
  return PLANES * filterPlane(changetype<Convolution>(record))
}

/** Bytes of scratch of the gradients. */
export function winogradGradientScratch(record: usize): usize {
  return winogradScratch(record) + winogradFilterBytes(record)
}

/** Transforms a filter. Scratch: as for the forward function. */
export function winogradFilter(record: usize, filter: usize, planes: usize, scratch: usize): void {
  const c = changetype<Convolution>(record)
  const w = layOut(c, scratch)
  w.filters = planes
  transformFilter(c, w, filter)
}

function layOut(c: Convolution, scratch: usize): Workspace {
  const w = changetype<Workspace>(scratch)
  w.between = scratch + WORKSPACE_BYTES
  w.tile = w.between + BETWEEN_BYTES
  w.fourFilters = w.tile + PRODUCT_BYTES
  w.inputSquare = w.fourFilters + FOUR_FILTERS_BYTES
  w.outputSquare = w.inputSquare + SQUARE_BYTES
  w.patch = w.outputSquare + SQUARE_BYTES
  w.inputs = w.patch + patchBytes(c)
  w.inputPlane = blockPlane(c.channels)
  w.outputs = w.inputs + PLANES * w.inputPlane
  w.outputPlane = blockPlane(c.outChannels)
  w.filters = w.outputs + PLANES * w.outputPlane
  w.filterPlane = filterPlane(c)
  return w
}

function inputSquare(c: Convolution, w: Workspace, images: usize): Square {
  return describeSquare(w.inputSquare, images, c.height, c.width, c.channels, <i32>TILE, c.top, c.left)
}

function outputSquare(c: Convolution, w: Workspace, images: usize): Square {
  return describeSquare(w.outputSquare, images, c.outHeight, c.outWidth, c.outChannels, <i32>OUT_TILE, 0, 0)
}

function tileColumns(c: Convolution): i32 {
  return (c.outWidth + STEP - 1) / STEP
}

function tilesPerImage(c: Convolution): i32 {
  return ((c.outHeight + STEP - 1) / STEP) * tileColumns(c)
}

/** Moves a square to where tile `tile` reads or writes; behind the last tile it sees nothing. */
function moveToTile(c: Convolution, s: Square, tile: i32): void {
  const image = tile / tilesPerImage(c)
  const inImage = tile - image * tilesPerImage(c)
  const row = inImage / tileColumns(c)
  const column = inImage - row * tileColumns(c)
  if (image < c.batch) moveSquare(s, image, row * STEP, column * STEP)
  else moveSquare(s, 0, s.top + s.height, 0)
}

/** Where the first four channels of tile t of a block are in a plane. */
function placeOf(layout: i32, t: i32, channels: i32): usize {
  if (layout == LEFT) return <usize>t * 2 * VECTOR
  if (layout == RIGHT) return <usize>t * VECTOR
  return floats((t / PANEL_TILES) * PANEL_TILES * channels) + <usize>(t % PANEL_TILES) * VECTOR
}

/** The way from four channels to the next four, after an even and after an odd number of steps. */
function evenStep(layout: i32): usize {
  return layout == FOURS ? GROUP_BYTES : layout == LEFT ? VECTOR : RIGHT_PANEL
}

function oddStep(layout: i32): usize {
  return layout == LEFT ? LEFT_PANEL - VECTOR : evenStep(layout)
}

/** Transforms a block of tiles that are read, of the image or, when `gradient`, of dy; `which` is 0 for none. */
function transformTiles(
  c: Convolution,
  w: Workspace,
  s: Square,
  gradient: bool,
  first: i32,
  count: i32,
  layout: i32,
  planes: usize,
  plane: usize,
  which: usize,
): void {
  const pixel = floats(s.channels)
  const even = evenStep(layout)
  const odd = oddStep(layout)
  for (let t = 0; t < count; t++) {
    moveToTile(c, s, first + t)
    let from = w.patch
    let line = <usize>s.size * pixel
    if (which != 0) unpoolSquare(s, s.images, which, from)
    else if (isInside(s)) {
      from = pixelAt(s, 0, 0)
      line = <usize>s.width * pixel
    } else readSquare(s, from)
    let to = planes + placeOf(layout, t, s.channels)
    for (let channel = 0; channel < s.channels; channel += 4) {
      if (gradient) outputGradientTile(from, pixel, line, to, plane, w.between)
      else inputTile(from, pixel, line, to, plane, w.between)
      from += VECTOR
      to += channel & 4 ? odd : even
    }
  }
}

/** U as panels of a right factor [channels, output channels]. */
function transformFilter(c: Convolution, w: Workspace, filter: usize): void {
  const tap = floats(c.channels * c.outChannels)
  for (let i = 0; i < c.channels; i++) {
    for (let o = 0; o < c.outChannels; o += 4) {
      const to = w.filters + <usize>((o / 4) * c.channels + i) * VECTOR
      filterTile(filter, tap, to, w.filterPlane, w.between)
      filter += VECTOR
    }
  }
}

/** Uᵀ as panels of a right factor [output channels, channels]. */
function transformFilterTransposed(c: Convolution, w: Workspace, filter: usize): void {
  const tap = floats(c.channels * c.outChannels)
  const row = floats(c.outChannels)
  const four = w.fourFilters
  for (let i = 0; i < c.channels; i += 4) {
    for (let o = 0; o < c.outChannels; o += 4) {
      const from = filter + floats(i * c.outChannels + o)
      for (let lane: usize = 0; lane < 4; lane++) {
        filterTile(from + lane * row, tap, four + lane * VECTOR, 4 * VECTOR, w.between)
      }
      const to = w.filters + <usize>((i / 4) * c.outChannels + o) * VECTOR
      for (let p: usize = 0; p < PLANES; p++) {
        const values = four + p * 4 * VECTOR
        storeTransposed(to + p * w.filterPlane, VECTOR, v128.load(values), v128.load(values, 16),
          v128.load(values, 32), v128.load(values, 48))
      }
    }
  }
}

/** Panels of eight tiles that hold `count` tiles; what the last one has too much is computed and not read. */
function panelsOf(count: i32): i32 {
  return (count + PANEL_TILES - 1) / PANEL_TILES
}

/** y = clamp(x * filter + bias, least, most), the filter transformed by `winogradFilter`; pooled when there is a `which` (pooled.ts). A bias of 0 is none. */
export function winogradForward(
  record: usize,
  x: usize,
  filters: usize,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  which: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const w = layOut(c, scratch)
  const read = inputSquare(c, w, x)
  const written = outputSquare(c, w, y)
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const tiles = c.batch * tilesPerImage(c)
  w.filters = filters
  for (let first = 0; first < tiles; first += BLOCK_TILES) {
    const count = min(BLOCK_TILES, tiles - first)
    transformTiles(c, w, read, false, first, count, FOURS, w.inputs, w.inputPlane, 0)
    for (let p: usize = 0; p < PLANES; p++) {
      multiplyPlane(panelsOf(count), c.outChannels, c.channels, w.inputs + p * w.inputPlane,
        w.filters + p * w.filterPlane, w.outputs + p * w.outputPlane)
    }
    for (let t = 0; t < count; t++) {
      moveToTile(c, written, first + t)
      writeOutput(c, w, written, t, bias, floor, ceiling, which)
    }
  }
}

/** Transforms the output of tile t of a block and writes it. */
function writeOutput(
  c: Convolution,
  w: Workspace,
  s: Square,
  t: i32,
  bias: usize,
  floor: v128,
  ceiling: v128,
  which: usize,
): void {
  const pixel = floats(c.outChannels)
  const direct = which == 0 && isInside(s)
  let to = direct ? pixelAt(s, 0, 0) : w.patch
  const line = direct ? <usize>s.width * pixel : OUT_TILE * pixel
  let from = w.outputs + placeOf(FOURS, t, c.outChannels)
  for (let o = 0; o < c.outChannels; o += 4) {
    const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias + floats(o))
    outputTile(from, w.outputPlane, to, pixel, line, shift, floor, ceiling, w.between)
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
  const w = layOut(c, scratch)
  const read = outputSquare(c, w, dy)
  const written = inputSquare(c, w, dx)
  const pixel = floats(c.channels)
  const tiles = c.batch * tilesPerImage(c)
  transformFilterTransposed(c, w, filter)
  memory.fill(dx, 0, <usize>c.batch * floats(c.height * c.width * c.channels))
  for (let first = 0; first < tiles; first += BLOCK_TILES) {
    const count = min(BLOCK_TILES, tiles - first)
    transformTiles(c, w, read, true, first, count, FOURS, w.outputs, w.outputPlane, which)
    for (let p: usize = 0; p < PLANES; p++) {
      multiplyPlane(panelsOf(count), c.channels, c.outChannels, w.outputs + p * w.outputPlane,
        w.filters + p * w.filterPlane, w.inputs + p * w.inputPlane)
    }
    for (let t = 0; t < count; t++) {
      moveToTile(c, written, first + t)
      let from = w.inputs + placeOf(FOURS, t, c.channels)
      for (let i = 0; i < c.channels; i += 4) {
        inputGradientTile(from, w.inputPlane, w.patch + floats(i), pixel, TILE * pixel, w.between)
        from += GROUP_BYTES
      }
      addSquare(written, w.patch)
    }
  }
}

/** dfilter from x and dy: dU is summed over all tiles, plane by plane, and transformed back once. */
export function winogradFilterGradient(
  record: usize,
  x: usize,
  dy: usize,
  which: usize,
  dfilter: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const w = layOut(c, scratch)
  const image = inputSquare(c, w, x)
  const gradient = outputSquare(c, w, dy)
  const tiles = c.batch * tilesPerImage(c)
  memory.fill(w.filters, 0, PLANES * w.filterPlane)
  for (let first = 0; first < tiles; first += BLOCK_TILES) {
    // An odd last tile gets a neighbour of zeros.
    const count = (min(BLOCK_TILES, tiles - first) + 1) & ~1
    transformTiles(c, w, image, false, first, count, LEFT, w.inputs, w.inputPlane, 0)
    transformTiles(c, w, gradient, true, first, count, RIGHT, w.outputs, w.outputPlane, which)
    for (let p: usize = 0; p < PLANES; p++) {
      addPlaneProduct(count, c.channels, c.outChannels, w.inputs + p * w.inputPlane, LEFT_PANEL,
        w.outputs + p * w.outputPlane, RIGHT_PANEL, w.filters + p * w.filterPlane, w.tile)
    }
  }
  const tap = floats(c.channels * c.outChannels)
  for (let at: usize = 0; at < tap; at += VECTOR) {
    filterGradientTile(w.filters + at, w.filterPlane, dfilter + at, tap, w.between)
  }
}
