import { addBias } from './bias'
import { Convolution } from './convolution'
import { FLOAT, clearFloats, copyFloats, floats } from './lanes'
import { LEFT_WIDTH, leftBytes, leftPanels, packLeft, packRight, rightBytes } from './panels'
import { ADDRESS, TILE_BYTES, multiplyPanels, tableBytes, tabulateRows } from './product'

/**
 * Convolutions tap by tap, for filters that mostly look out of the image: small images with padding, wide dilations.
 *
 * A tap is a position in the filter. Only the pairs of pixels that it joins inside the image are gathered and multiplied:
 *
 *     forward           y[out] += x[in] · filter[tap]
 *     input gradient    dx[in] += dy[out] · filter[tap]ᵀ
 *     filter gradient   dfilter[tap] = Σ x[in]ᵀ · dy[out]
 *
 * A 3×3 filter with padding 1 over images of 2×2 joins 16 pairs where a window product multiplies 36.
 */

/** Output pixels looked at in one go. */
const PIXELS = 240

/** Bytes of the filter of one tap and group, as the right factor of y or of dx. */
function tapBytes(c: Convolution, backwards: bool): usize {
  return backwards ? rightBytes(c.groupChannels, c.groupOutChannels) : rightBytes(c.groupOutChannels, c.groupChannels)
}

/** Bytes of a filter packed for `tapsConv2dForward`. */
export function tapsFilterBytes(record: usize): usize {
  const c = changetype<Convolution>(record)
  return <usize>(c.filterHeight * c.filterWidth * c.groups) * tapBytes(c, false)
}

/** Packs a filter into panels: tap after tap, in each group after group. */
export function packTaps(record: usize, filter: usize, panels: usize): void {
  const c = changetype<Convolution>(record)
  for (let tap = 0; tap < c.filterHeight * c.filterWidth; tap++) {
    for (let g = 0; g < c.groups; g++) {
      packRight(tapOf(c, filter, tap, g), 1, c.outChannels, c.groupOutChannels, c.groupChannels, panels)
      panels += tapBytes(c, false)
    }
  }
}

/** Where the matrix [groupChannels, groupOutChannels] of a tap and group starts; its rows are outChannels apart. */
function tapOf(c: Convolution, filter: usize, tap: i32, g: i32): usize {
  return filter + floats(tap * c.groupChannels * c.outChannels + g * c.groupOutChannels)
}

/** Bytes of two tables of addresses, of the gathered rows of the left factor, and of its panels. */
function pairBytes(rowFloats: i32): usize {
  return TILE_BYTES + 2 * tableBytes(PIXELS) + <usize>PIXELS * floats(rowFloats) + leftBytes(PIXELS, rowFloats)
}

/**
 * Writes the addresses of the pixels of x and of y that a tap joins, for `count` output pixels from `first` on. Gives how
 * many pairs there are; behind them the tables are 0 up to the end of a panel.
 */
function tabulatePairs(c: Convolution, tap: i32, first: i32, count: i32, x: usize, y: usize, ins: usize, outs: usize): i32 {
  const down = (tap / c.filterWidth) * c.dilationHeight - c.top
  const right = (tap % c.filterWidth) * c.dilationWidth - c.left
  const image = first / c.outPixels
  let row = (first - image * c.outPixels) / c.outWidth
  let column = first - image * c.outPixels - row * c.outWidth
  const imageBytes = floats(c.height * c.width * c.channels)
  let at = x + <usize>image * imageBytes
  let pairs = 0
  for (let i = 0; i < count; i++) {
    const seenRow = row * c.strideHeight + down
    const seenColumn = column * c.strideWidth + right
    if (<u32>seenRow < <u32>c.height && <u32>seenColumn < <u32>c.width) {
      store<u32>(ins + <usize>pairs * ADDRESS, <u32>(at + floats((seenRow * c.width + seenColumn) * c.channels)))
      store<u32>(outs + <usize>pairs * ADDRESS, <u32>(y + <usize>(first + i) * floats(c.outChannels)))
      pairs++
    }
    if (++column < c.outWidth) continue
    column = 0
    if (++row < c.outHeight) continue
    row = 0
    at += imageBytes
  }
  for (let i = pairs; i < leftPanels(pairs) * LEFT_WIDTH; i++) {
    store<u32>(ins + <usize>i * ADDRESS, 0)
    store<u32>(outs + <usize>i * ADDRESS, 0)
  }
  return pairs
}

/** Copies `count` floats, `offset` bytes into each of the rows of a table, side by side. */
function gather(rows: usize, rowCount: i32, offset: usize, count: i32, target: usize): void {
  for (let i = 0; i < rowCount; i++) {
    copyFloats(target, <usize>load<u32>(rows + <usize>i * ADDRESS) + offset, count)
    target += floats(count)
  }
}

// Forward. Scratch: tile | addresses in x | addresses in y | gathered pixels | their panels.

export function tapsConv2dForwardScratch(record: usize): usize {
  return pairBytes(changetype<Convolution>(record).groupChannels)
}

/** y = clamp(x * filter + bias, least, most), the filter packed by `packTaps`. A bias of 0 is none. */
export function tapsConv2dForward(
  record: usize,
  x: usize,
  filters: usize,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const ins = scratch + TILE_BYTES
  const outs = ins + tableBytes(PIXELS)
  const gathered = outs + tableBytes(PIXELS)
  const left = gathered + <usize>PIXELS * floats(c.groupChannels)
  const pixels = c.batch * c.outPixels
  clearFloats(y, pixels * c.outChannels)
  for (let tap = 0; tap < c.filterHeight * c.filterWidth; tap++) {
    for (let first = 0; first < pixels; first += PIXELS) {
      const pairs = tabulatePairs(c, tap, first, min(PIXELS, pixels - first), x, y, ins, outs)
      if (pairs == 0) continue
      for (let g = 0; g < c.groups; g++) {
        gather(ins, pairs, floats(g * c.groupChannels), c.groupChannels, gathered)
        packLeft(gathered, c.groupChannels, 1, pairs, c.groupChannels, left)
        multiplyPanels(pairs, c.groupOutChannels, c.groupChannels, left,
          filters + <usize>(tap * c.groups + g) * tapBytes(c, false), outs, floats(g * c.groupOutChannels), 0, true,
          -Infinity, Infinity, scratch)
      }
    }
  }
  finish(pixels, c.outChannels, bias, least, most, y)
}

/** y = clamp(y + bias, least, most), where that changes anything. */
function finish(rows: i32, channels: i32, bias: usize, least: f32, most: f32, y: usize): void {
  if (bias != 0) addBias(rows, channels, y, bias, least, most, y)
  else if (least > -Infinity || most < Infinity) {
    for (const end = y + floats(rows * channels); y < end; y += FLOAT) store<f32>(y, min<f32>(max<f32>(load<f32>(y), least), most))
  }
}

// Input gradient. Scratch: tile | addresses in dx | addresses in dy | gathered pixels | their panels | a tap's filter.

export function tapsConv2dInputGradientScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  return pairBytes(c.groupOutChannels) + tapBytes(c, true)
}

/** dx[in, c] = Σ over the taps of dy[out, o]·filter[tap, c, o]. */
export function tapsConv2dInputGradient(record: usize, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const c = changetype<Convolution>(record)
  const ins = scratch + TILE_BYTES
  const outs = ins + tableBytes(PIXELS)
  const gathered = outs + tableBytes(PIXELS)
  const left = gathered + <usize>PIXELS * floats(c.groupOutChannels)
  const right = left + leftBytes(PIXELS, c.groupOutChannels)
  const pixels = c.batch * c.outPixels
  clearFloats(dx, c.batch * c.height * c.width * c.channels)
  for (let tap = 0; tap < c.filterHeight * c.filterWidth; tap++) {
    for (let g = 0; g < c.groups; g++) {
      let packed = false
      for (let first = 0; first < pixels; first += PIXELS) {
        const pairs = tabulatePairs(c, tap, first, min(PIXELS, pixels - first), dx, dy, ins, outs)
        if (pairs == 0) continue
        if (!packed) packRight(tapOf(c, filter, tap, g), c.outChannels, 1, c.groupChannels, c.groupOutChannels, right)
        packed = true
        gather(outs, pairs, floats(g * c.groupOutChannels), c.groupOutChannels, gathered)
        packLeft(gathered, c.groupOutChannels, 1, pairs, c.groupOutChannels, left)
        multiplyPanels(pairs, c.groupChannels, c.groupOutChannels, left, right, ins, floats(g * c.groupChannels), 0, true,
          -Infinity, Infinity, scratch)
      }
    }
  }
}

// Filter gradient. Scratch: tile | addresses in x | addresses in dy | pixels of x | pixels of dy | a panel of x |
// panels of dy | rows of dfilter.

export function tapsConv2dFilterGradientScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  return TILE_BYTES + 2 * tableBytes(PIXELS) + <usize>PIXELS * floats(c.groupChannels + c.groupOutChannels)
    + leftBytes(c.groupChannels, PIXELS) + rightBytes(c.groupOutChannels, PIXELS) + tableBytes(c.groupChannels)
}

/** dfilter[tap, c, o] = Σ over the pairs of x[in, c]·dy[out, o]. */
export function tapsConv2dFilterGradient(record: usize, x: usize, dy: usize, dfilter: usize, scratch: usize): void {
  const c = changetype<Convolution>(record)
  const ins = scratch + TILE_BYTES
  const outs = ins + tableBytes(PIXELS)
  const seen = outs + tableBytes(PIXELS)
  const gathered = seen + <usize>PIXELS * floats(c.groupChannels)
  const left = gathered + <usize>PIXELS * floats(c.groupOutChannels)
  const right = left + leftBytes(c.groupChannels, PIXELS)
  const rows = right + rightBytes(c.groupOutChannels, PIXELS)
  const pixels = c.batch * c.outPixels
  for (let tap = 0; tap < c.filterHeight * c.filterWidth; tap++) {
    let written = false
    for (let first = 0; first < pixels; first += PIXELS) {
      const pairs = tabulatePairs(c, tap, first, min(PIXELS, pixels - first), x, dy, ins, outs)
      if (pairs == 0) continue
      for (let g = 0; g < c.groups; g++) {
        gather(ins, pairs, floats(g * c.groupChannels), c.groupChannels, seen)
        gather(outs, pairs, floats(g * c.groupOutChannels), c.groupOutChannels, gathered)
        packLeft(seen, 1, c.groupChannels, c.groupChannels, pairs, left)
        packRight(gathered, 1, c.groupOutChannels, c.groupOutChannels, pairs, right)
        tabulateRows(rows, tapOf(c, dfilter, tap, g), floats(c.outChannels), c.groupChannels)
        multiplyPanels(c.groupChannels, c.groupOutChannels, pairs, left, right, rows, 0, 0, written, -Infinity, Infinity, scratch)
      }
      written = true
    }
    if (!written) clearFloats(tapOf(c, dfilter, tap, 0), c.groupChannels * c.outChannels)
  }
}
