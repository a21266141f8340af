import { FLOAT, clearFloats, floats } from './lanes'
import { Convolution } from './convolution'
import { LEFT_WIDTH, leftBytes, packLeft, packRight, rightBytes } from './panels'
import { ADDRESS, TILE_BYTES, multiplyPanels, tableBytes, tabulateRows } from './product'
import {
  Sample,
  addDots,
  gradientByColumn,
  gradientByFactor,
  gradientByRow,
  locate,
  readSample,
  sampleBytes,
  spreadGradient,
} from './sampling'

/**
 * Deformable convolution as products of packed panels.
 *
 * The record is that of a convolution. Where a convolution reads its window, this one samples every tap at a place
 * of its own and writes the samples out as columns: for each output pixel `c.groups` stretches of `c.depth`
 * floats, (tap, channel of the group), as the rows of the filter lie. Columns are made for a block of pixels at a
 * time, so the memory they take does not grow with the image.
 *
 * Forward: y = columns · filter. Backward: dcolumns = dy · filterᵀ; from dcolumns the gradients by the image, the
 * offsets and the mask; and dfilter += columnsᵀ · dy.
 *
 * Offsets lie as [pixel, offset group, tap, (down, right)], the mask as [pixel, offset group, tap]; a mask of 0 is
 * none. The channels are cut into offset groups and into groups of the filter, independently.
 */

/** Floats of a block of columns: what stays in the second-level cache beside the filter. */
const BLOCK_FLOATS = 32768

/** Floats that one output pixel reads. */
function columnSize(c: Convolution): i32 {
  return c.groups * c.depth
}

/** Pixels of a block: a multiple of eight. */
function blockPixels(c: Convolution): i32 {
  return max(16, min(128, (BLOCK_FLOATS / max(1, columnSize(c))) & ~7))
}

// ── samples ─────────────────────────────────────────────────────────────────

/** The place where an output pixel's window begins, and the address of its image. */
@unmanaged
class Pixel {
  image: usize
  top: i32
  left: i32
}

function pixelBytes(): usize {
  return offsetof<Pixel>()
}

function findPixel(p: Pixel, c: Convolution, x: usize, index: i32): void {
  const image = index / c.outPixels
  const inside = index - image * c.outPixels
  const row = inside / c.outWidth
  p.image = x + <usize>image * floats(c.height * c.width * c.channels)
  p.top = row * c.strideHeight - c.top
  p.left = (inside - row * c.outWidth) * c.strideWidth - c.left
}

/** Locates tap `tap` of a pixel, whose offset pair is at `offset`. */
// @ts-ignore: decorators of AssemblyScript
@inline
function locateTap(s: Sample, c: Convolution, p: Pixel, tap: i32, offset: usize, zeros: usize): bool {
  const row = tap / c.filterWidth
  const column = tap - row * c.filterWidth
  const y = <f32>(p.top + row * c.dilationHeight) + load<f32>(offset)
  const x = <f32>(p.left + column * c.dilationWidth) + load<f32>(offset, 4)
  return locate(s, c, p.image, zeros, y, x)
}

/** What a tap outside the image reads: zero, unless its offset is no number, which must not stay hidden. */
// @ts-ignore: decorators of AssemblyScript
@inline
function outsideValue(offset: usize): f32 {
  return isNaN(load<f32>(offset)) || isNaN(load<f32>(offset, 4)) ? NaN : 0
}

function fillFloats(target: usize, count: i32, value: f32): void {
  for (let i = 0; i < count; i++) store<f32>(target + floats(i), value)
}

/** Where (tap, channel) lies in a column. */
// @ts-ignore: decorators of AssemblyScript
@inline
function columnOffset(c: Convolution, tap: i32, channel: i32): usize {
  const group = channel / c.groupChannels
  return floats(group * c.depth + tap * c.groupChannels + (channel - group * c.groupChannels))
}

/** How many of the channels before `end` lie beside `channel` in a column: those of its group. */
// @ts-ignore: decorators of AssemblyScript
@inline
function stretchOf(c: Convolution, channel: i32, end: i32): i32 {
  const group = channel / c.groupChannels
  return min(end, (group + 1) * c.groupChannels) - channel
}

/** Writes the columns of `count` pixels from `first` on. */
function sampleColumns(
  c: Convolution,
  offsetGroups: i32,
  x: usize,
  offsets: usize,
  mask: usize,
  first: i32,
  count: i32,
  columns: usize,
  work: usize,
  zeros: usize,
): void {
  const s = changetype<Sample>(work)
  const p = changetype<Pixel>(work + sampleBytes())
  const taps = c.filterHeight * c.filterWidth
  const channels = c.channels / offsetGroups
  let entry = <usize>first * <usize>(offsetGroups * taps)
  for (let i = 0; i < count; i++) {
    findPixel(p, c, x, first + i)
    for (let group = 0; group < offsetGroups; group++) {
      const begin = group * channels
      const end = begin + channels
      for (let tap = 0; tap < taps; tap++) {
        const offset = offsets + entry * 2 * FLOAT
        const factor: f32 = mask == 0 ? 1 : load<f32>(mask + entry * FLOAT)
        const isInside = locateTap(s, c, p, tap, offset, zeros)
        let channel = begin
        while (channel < end) {
          const stretch = stretchOf(c, channel, end)
          const target = columns + columnOffset(c, tap, channel)
          if (isInside) readSample(s, floats(channel), stretch, factor, target)
          else fillFloats(target, stretch, outsideValue(offset))
          channel += stretch
        }
        entry++
      }
    }
    columns += floats(columnSize(c))
  }
}

// ── forward: tile | sample, pixel | zeros | rows | columns | column panels | filter panels of all groups ─────

/** Bytes of a sample and a pixel, and of zeros for all channels. */
function workBytes(c: Convolution): usize {
  return sampleBytes() + pixelBytes() + floats(c.channels)
}

export function deformConv2dForwardScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const pixels = blockPixels(c)
  const filters = <usize>c.groups * rightBytes(c.groupOutChannels, c.depth)
  return TILE_BYTES + workBytes(c) + tableBytes(pixels) + floats(pixels * columnSize(c)) + leftBytes(pixels, c.depth)
    + filters
}

/** y = activation(columns · filter + bias). A mask or bias of 0 is none. */
export function deformConv2dForward(
  record: usize,
  offsetGroups: i32,
  x: usize,
  offsets: usize,
  mask: usize,
  filter: usize,
  bias: usize,
  relu: bool,
  y: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const most = blockPixels(c)
  const work = scratch + TILE_BYTES
  const zeros = work + sampleBytes() + pixelBytes()
  const rows = work + workBytes(c)
  const columns = rows + tableBytes(most)
  const left = columns + floats(most * columnSize(c))
  const right = left + leftBytes(most, c.depth)
  const rightStep = rightBytes(c.groupOutChannels, c.depth)
  clearFloats(zeros, c.channels)
  for (let g = 0; g < c.groups; g++) {
    const from = filter + floats(g * c.groupOutChannels)
    packRight(from, 1, c.outChannels, c.groupOutChannels, c.depth, right + <usize>g * rightStep)
  }
  const pixels = c.batch * c.outPixels
  for (let first = 0; first < pixels; first += most) {
    const count = min(most, pixels - first)
    sampleColumns(c, offsetGroups, x, offsets, mask, first, count, columns, work, zeros)
    tabulateRows(rows, y + <usize>first * floats(c.outChannels), floats(c.outChannels), count)
    for (let g = 0; g < c.groups; g++) {
      const offset = floats(g * c.groupOutChannels)
      packLeft(columns + floats(g * c.depth), columnSize(c), 1, count, c.depth, left)
      multiplyPanels(count, c.groupOutChannels, c.depth, left, right + <usize>g * rightStep, rows, offset,
        bias == 0 ? 0 : bias + offset, false, relu, scratch)
    }
  }
}

// ── backward ────────────────────────────────────────────────────────────────

/** The sizes of the parts of scratch: tile | sample, pixel, zeros | rows | table | columns | dcolumns | panels …. */
export function deformConv2dGradientsScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const pixels = blockPixels(c)
  const filters = <usize>c.groups * rightBytes(c.depth, c.groupOutChannels)
  return TILE_BYTES + workBytes(c) + tableBytes(pixels) + tableBytes(c.depth) + 2 * floats(pixels * columnSize(c))
    + leftPanelBytes(c) + rightBytes(c.groupOutChannels, pixels) + filters
}

/** The larger of the two left factors that are packed: dy of a block, and eight values of its columns. */
function leftPanelBytes(c: Convolution): usize {
  const pixels = blockPixels(c)
  return max(leftBytes(pixels, c.groupOutChannels), leftBytes(LEFT_WIDTH, pixels))
}

/** From the columns' gradient of one pixel, the gradients by its offsets and mask, and by the pixels it read. */
function spreadColumn(
  c: Convolution,
  offsetGroups: i32,
  p: Pixel,
  s: Sample,
  offsets: usize,
  mask: usize,
  dcolumn: usize,
  doffsets: usize,
  dmask: usize,
  zeros: usize,
  across: usize,
): void {
  const taps = c.filterHeight * c.filterWidth
  const channels = c.channels / offsetGroups
  for (let group = 0; group < offsetGroups; group++) {
    const begin = group * channels
    const end = begin + channels
    for (let tap = 0; tap < taps; tap++) {
      const factor: f32 = mask == 0 ? 1 : load<f32>(mask)
      const isInside = locateTap(s, c, p, tap, offsets, zeros)
      let channel = begin
      while (isInside && channel < end) {
        const stretch = stretchOf(c, channel, end)
        const gradient = dcolumn + columnOffset(c, tap, channel)
        addDots(s, floats(channel), stretch, gradient)
        spreadGradient(s, floats(channel), stretch, factor, gradient, zeros, across)
        channel += stretch
      }
      const otherwise = outsideValue(offsets)
      store<f32>(doffsets, isInside ? factor * gradientByRow(s) : otherwise)
      store<f32>(doffsets, isInside ? factor * gradientByColumn(s) : otherwise, 4)
      if (dmask != 0) store<f32>(dmask, isInside ? gradientByFactor(s) : otherwise)
      offsets += 2 * FLOAT
      doffsets += 2 * FLOAT
      if (mask != 0) mask += FLOAT
      if (dmask != 0) dmask += FLOAT
    }
  }
}

/** All gradients at once, for they share the columns' gradient. Without a mask `mask` and `dmask` are 0. */
export function deformConv2dGradients(
  record: usize,
  offsetGroups: i32,
  x: usize,
  offsets: usize,
  mask: usize,
  filter: usize,
  dy: usize,
  dx: usize,
  doffsets: usize,
  dmask: usize,
  dfilter: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const most = blockPixels(c)
  const size = columnSize(c)
  const work = scratch + TILE_BYTES
  const zeros = work + sampleBytes() + pixelBytes()
  const rows = work + workBytes(c)
  const filterRows = rows + tableBytes(most)
  const columns = filterRows + tableBytes(c.depth)
  const dcolumns = columns + floats(most * size)
  const left = dcolumns + floats(most * size)
  const dyRight = left + leftPanelBytes(c)
  const right = dyRight + rightBytes(c.groupOutChannels, most)
  const rightStep = rightBytes(c.depth, c.groupOutChannels)
  const entries = offsetGroups * c.filterHeight * c.filterWidth
  clearFloats(zeros, c.channels)
  memory.fill(dx, 0, <usize>c.batch * floats(c.height * c.width * c.channels))
  clearFloats(dfilter, c.depth * c.outChannels)
  tabulateRows(filterRows, dfilter, floats(c.outChannels), c.depth)
  for (let g = 0; g < c.groups; g++) {
    const from = filter + floats(g * c.groupOutChannels)
    packRight(from, c.outChannels, 1, c.depth, c.groupOutChannels, right + <usize>g * rightStep)
  }
  const s = changetype<Sample>(work)
  const p = changetype<Pixel>(work + sampleBytes())
  const pixels = c.batch * c.outPixels
  for (let first = 0; first < pixels; first += most) {
    const count = min(most, pixels - first)
    const dyBlock = dy + <usize>first * floats(c.outChannels)
    tabulateRows(rows, dcolumns, floats(size), count)
    for (let g = 0; g < c.groups; g++) {
      packLeft(dyBlock + floats(g * c.groupOutChannels), c.outChannels, 1, count, c.groupOutChannels, left)
      multiplyPanels(count, c.depth, c.groupOutChannels, left, right + <usize>g * rightStep, rows,
        floats(g * c.depth), 0, false, false, scratch)
    }
    for (let i = 0; i < count; i++) {
      const entry = <usize>(first + i) * <usize>entries * FLOAT
      findPixel(p, c, x, first + i)
      spreadColumn(c, offsetGroups, p, s, offsets + 2 * entry, mask == 0 ? 0 : mask + entry,
        dcolumns + <usize>i * floats(size), doffsets + 2 * entry, dmask == 0 ? 0 : dmask + entry, zeros, dx - x)
    }
    sampleColumns(c, offsetGroups, x, offsets, mask, first, count, columns, work, zeros)
    for (let g = 0; g < c.groups; g++) {
      const offset = floats(g * c.groupOutChannels)
      packRight(dyBlock + offset, 1, c.outChannels, c.groupOutChannels, count, dyRight)
      for (let k = 0; k < c.depth; k += LEFT_WIDTH) {
        packLeft(columns + floats(g * c.depth + k), 1, size, min(LEFT_WIDTH, c.depth - k), count, left)
        multiplyPanels(min(LEFT_WIDTH, c.depth - k), c.groupOutChannels, count, left, dyRight,
          filterRows + <usize>k * ADDRESS, offset, 0, true, false, scratch)
      }
    }
  }
}
