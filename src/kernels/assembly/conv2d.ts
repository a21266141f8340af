import { FLOAT, clearFloats, floats } from './lanes'
import {
  Convolution,
  frameBytes,
  framedImages,
  imagesAtATime,
  tabulateWindows,
} from './convolution'
import { LEFT_WIDTH, leftBytes, leftPanels, packRight, rightBytes } from './panels'
import { ADDRESS, TILE_BYTES, multiplyPanels, multiplyRows, repeatLastRow, tableBytes, tabulateRows } from './product'
import { swapBlocks } from './swap'
import { packValues, packWindows } from './windows'

/**
 * Convolutions as products of packed panels.
 *
 * Forward: [pixels, window values] · filter. Filter gradient: [window values, pixels] · dy. Input gradient: for
 * every position in the filter, dy · its filter matrixᵀ is added to the pixels which that position sees.
 * Groups are separate products on a slice of the channels.
 */

/** Floats of a packed block of the left factor: about what stays in the second-level cache beside the filter. */
const BLOCK_FLOATS = 49152

/** Rows of a block whose left factor has this depth: a multiple of five. */
function blockRows(depth: i32): i32 {
  return (max(20, min(255, BLOCK_FLOATS / max(1, depth))) / LEFT_WIDTH) * LEFT_WIDTH
}

/** Pixels whose products are summed before they are added to a filter gradient. */
const GRADIENT_PIXELS = 256

/** Values of windows that are packed at a time for a filter gradient: a multiple of five. */
const GRADIENT_VALUES = 100

function gradientValues(c: Convolution): i32 {
  return min(GRADIENT_VALUES, leftPanels(c.depth) * LEFT_WIDTH)
}

/** Bytes of a packed filter. */
export function packedFilterBytes(record: usize): usize {
  const c = changetype<Convolution>(record)
  return <usize>c.groups * rightBytes(c.groupOutChannels, c.depth)
}

/** Packs a filter into panels, group after group. */
export function packFilter(record: usize, filter: usize, panels: usize): void {
  const c = changetype<Convolution>(record)
  for (let g = 0; g < c.groups; g++) {
    packRight(filter + floats(g * c.groupOutChannels), 1, c.outChannels, c.groupOutChannels, c.depth, panels)
    panels += rightBytes(c.groupOutChannels, c.depth)
  }
}

// Forward. Scratch: tile | windows | rows | window panels | outputs to shuffle | frames.

export function conv2dForwardScratch(record: usize, shuffle: i32): usize {
  const c = changetype<Convolution>(record)
  const rows = blockRows(c.depth)
  return TILE_BYTES + 2 * tableBytes(rows) + leftBytes(rows, c.depth) + shuffledBytes(c, rows, shuffle) + frameBytes(c)
}

/** Bytes of the outputs of a block, whose channels are shuffled on their way to y. */
function shuffledBytes(c: Convolution, rows: i32, shuffle: i32): usize {
  return shuffle > 1 ? <usize>rows * floats(c.outChannels) : 0
}

/**
 * y = clamp(x * filter + bias, least, most), the filter packed by `packFilter`. A bias of 0 is none. With `shuffle` above
 * 1, channel i·shuffle + g of y is channel g·(outChannels / shuffle) + i of that.
 */
export function conv2dForward(
  record: usize,
  x: usize,
  filters: usize,
  bias: usize,
  least: f32,
  most: f32,
  shuffle: i32,
  y: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const block = blockRows(c.depth)
  const tile = scratch
  const windows = tile + TILE_BYTES
  const rows = windows + tableBytes(block)
  const left = rows + tableBytes(block)
  const rightStep = rightBytes(c.groupOutChannels, c.depth)
  const ordered = left + leftBytes(block, c.depth)
  const frames = ordered + shuffledBytes(c, block, shuffle)
  const outRow = floats(c.outChannels)
  const images = imagesAtATime(c)
  for (let image = 0; image < c.batch; image += images) {
    const here = min(images, c.batch - image)
    const framed = framedImages(c, x, image, here, frames)
    const pixels = here * c.outPixels
    for (let first = 0; first < pixels; first += block) {
      const count = min(block, pixels - first)
      tabulateWindows(c, framed, first, count, windows)
      repeatLastRow(windows, count)
      tabulateRows(rows, shuffle > 1 ? ordered : y, outRow, count)
      for (let g = 0; g < c.groups; g++) {
        const offset = floats(g * c.groupOutChannels)
        const filter = filters + <usize>g * rightStep
        const shift = bias == 0 ? 0 : bias + offset
        if (c.runs == 1) {
          const from = floats(g * c.groupChannels)
          multiplyRows(count, c.groupOutChannels, c.depth, windows, from, filter, rows, offset, shift, false, least, most, tile)
        } else {
          packWindows(c, windows, count, g, left)
          multiplyPanels(count, c.groupOutChannels, c.depth, left, filter, rows, offset, shift, false, least, most, tile)
        }
      }
      if (shuffle > 1) swapBlocks(count, shuffle, c.outChannels / shuffle, 1, ordered, y)
      y += <usize>count * outRow
    }
  }
}

// Filter gradient. Scratch: tile | windows | rows | panels of window values | panels of dy | frames.

export function conv2dFilterGradientScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const panels = leftBytes(gradientValues(c), GRADIENT_PIXELS) + rightBytes(c.groupOutChannels, GRADIENT_PIXELS)
  return TILE_BYTES + tableBytes(GRADIENT_PIXELS) + tableBytes(c.depth) + panels + frameBytes(c)
}

/** dfilter[value, o] = Σ over the pixels of x[window value]·dy[pixel, o]. */
export function conv2dFilterGradient(record: usize, x: usize, dy: usize, dfilter: usize, scratch: usize): void {
  const c = changetype<Convolution>(record)
  const tile = scratch
  const windows = tile + TILE_BYTES
  const rows = windows + tableBytes(GRADIENT_PIXELS)
  const left = rows + tableBytes(c.depth)
  const right = left + leftBytes(gradientValues(c), GRADIENT_PIXELS)
  const frames = right + rightBytes(c.groupOutChannels, GRADIENT_PIXELS)
  clearFloats(dfilter, c.depth * c.outChannels)
  tabulateRows(rows, dfilter, floats(c.outChannels), c.depth)
  const images = imagesAtATime(c)
  for (let image = 0; image < c.batch; image += images) {
    const here = min(images, c.batch - image)
    const framed = framedImages(c, x, image, here, frames)
    const pixels = here * c.outPixels
    for (let first = 0; first < pixels; first += GRADIENT_PIXELS) {
      const count = min(GRADIENT_PIXELS, pixels - first)
      tabulateWindows(c, framed, first, count, windows)
      for (let g = 0; g < c.groups; g++) {
        const offset = floats(g * c.groupOutChannels)
        packRight(dy + offset, 1, c.outChannels, c.groupOutChannels, count, right)
        for (let k = 0; k < c.depth; k += GRADIENT_VALUES) {
          const values = min(GRADIENT_VALUES, c.depth - k)
          packValues(c, windows, count, g, k, values, left)
          multiplyPanels(values, c.groupOutChannels, count, left, right, rows + <usize>k * ADDRESS, offset, 0, true,
            -Infinity, Infinity, tile)
        }
      }
      dy += <usize>count * floats(c.outChannels)
    }
  }
}

// Input gradient. Scratch: tile | positions | rows of dx | rows of dy | filter panels per position and group.

/** Bytes of a position: the address of the image, and the row and column where the window starts. */
const POSITION: usize = 12

export function conv2dInputGradientScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const rows = blockRows(c.outChannels)
  const taps = <usize>(c.filterHeight * c.filterWidth)
  const right = taps * <usize>c.groups * rightBytes(c.groupChannels, c.groupOutChannels)
  return TILE_BYTES + <usize>rows * POSITION + 2 * tableBytes(rows) + right
}

/** Does every pixel lie under one window, and under one position of it? */
function seesOnce(c: Convolution): bool {
  return c.filterHeight * c.filterWidth == 1 && !c.framed && c.outHeight == c.height && c.outWidth == c.width
}

function tabulatePositions(c: Convolution, dx: usize, first: i32, count: i32, positions: usize): void {
  for (let i = 0; i < count; i++) {
    const pixel = first + i
    const image = pixel / c.outPixels
    const row = (pixel - image * c.outPixels) / c.outWidth
    const column = pixel - image * c.outPixels - row * c.outWidth
    const at = positions + <usize>i * POSITION
    store<u32>(at, <u32>(dx + <usize>image * floats(c.height * c.width * c.channels)))
    store<i32>(at, row * c.strideHeight - c.top, 4)
    store<i32>(at, column * c.strideWidth - c.left, 8)
  }
}

/** The pixels that one position of the filter sees, 0 where it looks out of the image. */
function tabulateSeen(c: Convolution, positions: usize, count: i32, tap: i32, rows: usize): void {
  const down = (tap / c.filterWidth) * c.dilationHeight
  const right = (tap % c.filterWidth) * c.dilationWidth
  const all = leftPanels(count) * LEFT_WIDTH
  for (let i = 0; i < all; i++) {
    const at = positions + <usize>i * POSITION
    let address: u32 = 0
    if (i < count) {
      const row = load<i32>(at, 4) + down
      const column = load<i32>(at, 8) + right
      const inside = <u32>row < <u32>c.height && <u32>column < <u32>c.width
      if (inside) address = load<u32>(at) + <u32>floats((row * c.width + column) * c.channels)
    }
    store<u32>(rows + <usize>i * ADDRESS, address)
  }
}

/** dx[pixel, c] = Σ over the windows that see it of dy[o]·filter[position, c, o]. */
export function conv2dInputGradient(record: usize, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const c = changetype<Convolution>(record)
  const most = blockRows(c.outChannels)
  const once = seesOnce(c)
  const taps = c.filterHeight * c.filterWidth
  const tile = scratch
  const positions = tile + TILE_BYTES
  const rows = positions + <usize>most * POSITION
  const lefts = rows + tableBytes(most)
  const right = lefts + tableBytes(most)
  const rightStep = rightBytes(c.groupChannels, c.groupOutChannels)
  for (let tap = 0; tap < taps; tap++) {
    for (let g = 0; g < c.groups; g++) {
      const from = filter + floats(tap * c.groupChannels * c.outChannels + g * c.groupOutChannels)
      const to = right + <usize>(tap * c.groups + g) * rightStep
      packRight(from, c.outChannels, 1, c.groupChannels, c.groupOutChannels, to)
    }
  }
  if (!once) memory.fill(dx, 0, <usize>c.batch * floats(c.height * c.width * c.channels))
  const pixels = c.batch * c.outPixels
  for (let first = 0; first < pixels; first += most) {
    const count = min(most, pixels - first)
    if (once) tabulateRows(rows, dx + <usize>first * floats(c.channels), floats(c.channels), count)
    else tabulatePositions(c, dx, first, count, positions)
    tabulateRows(lefts, dy + <usize>first * floats(c.outChannels), floats(c.outChannels), count)
    repeatLastRow(lefts, count)
    for (let tap = 0; tap < taps; tap++) {
      if (!once) tabulateSeen(c, positions, count, tap, rows)
      for (let g = 0; g < c.groups; g++) {
        multiplyRows(count, c.groupChannels, c.groupOutChannels, lefts, floats(g * c.groupOutChannels),
          right + <usize>(tap * c.groups + g) * rightStep, rows, floats(g * c.groupChannels), 0, !once, -Infinity, Infinity, tile)
      }
    }
  }
}
