import { VECTOR, floats } from './lanes'
import { Convolution } from './convolution'
import { GROUP_BYTES, PANEL_TILES, RIGHT_STEP } from './planes'
import { unpoolSquare } from './pooled'
import { Square, isInside, moveSquare, pixelAt, readSquare } from './squares'
import { OUT_TILE, inputTile, outputGradientTile } from './winogradTransforms'

/**
 * Blocks of transformed tiles: 36 planes, each laid out as one of the factors of planes.ts. Tiles are numbered row by
 * row, image by image.
 */

/** Pixels from one tile to the next. */
const STEP = <i32>OUT_TILE

/** Bytes that keep planes and panels from lying a power of two apart, where they would fight for the same cache lines. */
export const GAP: usize = 64

/** Where the values of a tile go. */
@unmanaged
export class Block {
  planes: usize
  /** Bytes from one plane to the next. */
  plane: usize
  /** A panel holds so many tiles, `tileStep` bytes apart; panels are `panel` bytes apart. */
  panelTiles: i32
  panel: usize
  tileStep: usize
  /** The way from four channels to the next four, after an even and after an odd number of steps. */
  evenStep: usize
  oddStep: usize
}

export const BLOCK_BYTES: usize = 32

function describeBlock(
  address: usize,
  planes: usize,
  plane: usize,
  panelTiles: i32,
  panel: usize,
  tileStep: usize,
  evenStep: usize,
  oddStep: usize,
): Block {
  const b = changetype<Block>(address)
  b.planes = planes
  b.plane = plane
  b.panelTiles = panelTiles
  b.panel = panel
  b.tileStep = tileStep
  b.evenStep = evenStep
  b.oddStep = oddStep
  return b
}

/** Panels of fours that hold `tiles` tiles; what the last one has too much is computed and not read. */
export function panelsOf(tiles: i32): i32 {
  return (tiles + PANEL_TILES - 1) / PANEL_TILES
}

/** Bytes of a plane of fours. */
export function foursPlane(tiles: i32, channels: i32): usize {
  return floats(panelsOf(tiles) * PANEL_TILES * channels) + GAP
}

/** A block in fours: the depth are channels. */
export function describeFours(address: usize, tiles: i32, channels: i32, planes: usize): Block {
  return describeBlock(address, planes, foursPlane(tiles, channels), PANEL_TILES, floats(PANEL_TILES * channels), VECTOR,
    GROUP_BYTES, GROUP_BYTES)
}

/** Bytes of a panel of four channels, and of eight, whose depth are tiles. */
export function leftPanel(tiles: i32): usize {
  return <usize>tiles * VECTOR + GAP
}

export function rightPanel(tiles: i32): usize {
  return <usize>tiles * RIGHT_STEP + GAP
}

/** Bytes of a plane of left panels, and of right ones. */
export function leftPlane(tiles: i32, channels: i32): usize {
  return <usize>(channels / 4) * leftPanel(tiles) + GAP
}

export function rightPlane(tiles: i32, channels: i32): usize {
  return <usize>((channels + 7) / 8) * rightPanel(tiles) + GAP
}

/** A block in left panels: the depth are tiles. */
export function describeLeft(address: usize, tiles: i32, channels: i32, planes: usize): Block {
  const panel = leftPanel(tiles)
  return describeBlock(address, planes, leftPlane(tiles, channels), tiles, 0, VECTOR, panel, panel)
}

/** A block in right panels: the depth are tiles. */
export function describeRight(address: usize, tiles: i32, channels: i32, planes: usize): Block {
  return describeBlock(address, planes, rightPlane(tiles, channels), tiles, 0, RIGHT_STEP, VECTOR,
    rightPanel(tiles) - VECTOR)
}

/** Where the first four channels of tile t of a block are in its first plane. */
export function placeOf(b: Block, t: i32): usize {
  const panel = t / b.panelTiles
  return b.planes + <usize>panel * b.panel + <usize>(t - panel * b.panelTiles) * b.tileStep
}

function tileColumns(c: Convolution): i32 {
  return (c.outWidth + STEP - 1) / STEP
}

function tilesPerImage(c: Convolution): i32 {
  return ((c.outHeight + STEP - 1) / STEP) * tileColumns(c)
}

/** All tiles of a convolution. */
export function tilesOf(c: Convolution): i32 {
  return c.batch * tilesPerImage(c)
}

/** Tiles of a block when blocks of at most `most` take about the same; a multiple of `step`, as `most` is. */
export function evenShare(tiles: i32, most: i32, step: i32): i32 {
  const blocks = max(1, (tiles + most - 1) / most)
  const share = (tiles + blocks - 1) / blocks
  return max(step, (share + step - 1) / step * step)
}

/** Moves a square to where tile `tile` reads or writes. */
export function moveToTile(c: Convolution, s: Square, tile: i32): void {
  const image = tile / tilesPerImage(c)
  const inImage = tile - image * tilesPerImage(c)
  const row = inImage / tileColumns(c)
  const column = inImage - row * tileColumns(c)
  moveSquare(s, image, row * STEP, column * STEP)
}

/**
 * Transforms a block of tiles that are read, of the image or, when `gradient`, of dy; `which` is 0 for none. Scratch:
 * `patch` is a tile of pixels, `between` is BETWEEN_BYTES.
 */
export function transformTiles(
  c: Convolution,
  s: Square,
  gradient: bool,
  first: i32,
  count: i32,
  b: Block,
  which: usize,
  patch: usize,
  between: usize,
): void {
  const pixel = floats(s.channels)
  for (let t = 0; t < count; t++) {
    moveToTile(c, s, first + t)
    let from = patch
    let line = <usize>s.size * pixel
    if (which != 0) unpoolSquare(s, s.images, which, patch)
    else if (isInside(s)) {
      from = pixelAt(s, 0, 0)
      line = <usize>s.width * pixel
    } else readSquare(s, patch)
    let to = placeOf(b, t)
    for (let channel = 0; channel < s.channels; channel += 4) {
      if (gradient) outputGradientTile(from, pixel, line, to, b.plane, between)
      else inputTile(from, pixel, line, to, b.plane, between)
      from += VECTOR
      to += channel & 4 ? b.oddStep : b.evenStep
    }
  }
}
