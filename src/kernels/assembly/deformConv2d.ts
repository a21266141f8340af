import { clearFloats, floats } from './lanes'
import { Convolution } from './convolution'
import { LEFT_WIDTH, leftBytes, packLeft, packRight, rightBytes } from './panels'
import { ADDRESS, TILE_BYTES, multiplyPanels, tableBytes, tabulateRows } from './product'
import { columnSize, prepareWork, readColumn, workBytes } from './movedWindows'

/**
 * Deformable convolution as products of packed panels.
 *
 * The record is that of a convolution. The windows, with their taps moved, are written out as columns
 * (movedWindows.ts), for a block of pixels at a time, so that the memory they take does not grow with the image.
 *
 * Forward: y = columns · filter. Backward: dcolumns = dy · filterᵀ; from dcolumns the gradients by the image, the
 * offsets and the mask; and dfilter += columnsᵀ · dy. Groups are separate products on a stretch of the columns.
 */

/** Floats of a block of columns: what stays in the second-level cache beside the filter. */
const BLOCK_FLOATS = 32768

/** Pixels of a block: a multiple of five. */
function blockPixels(c: Convolution): i32 {
  return (max(20, min(125, BLOCK_FLOATS / max(1, columnSize(c)))) / LEFT_WIDTH) * LEFT_WIDTH
}

// ── forward: tile | work | rows | columns | column panels ──────────────────────────────────────────────

export function deformConv2dForwardScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const pixels = blockPixels(c)
  return TILE_BYTES + workBytes(c) + tableBytes(pixels) + floats(pixels * columnSize(c)) + leftBytes(pixels, c.depth)
}

/** y = clamp(columns · filter + bias, least, most), the filter packed by `packFilter`. A mask or bias of 0 is none. */
export function deformConv2dForward(
  record: usize,
  offsetGroups: i32,
  x: usize,
  offsets: usize,
  mask: usize,
  filters: usize,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const block = blockPixels(c)
  const size = columnSize(c)
  const rows = scratch + TILE_BYTES + workBytes(c)
  const columns = rows + tableBytes(block)
  const left = columns + floats(block * size)
  const rightStep = rightBytes(c.groupOutChannels, c.depth)
  const t = prepareWork(c, scratch + TILE_BYTES)
  t.offsetGroups = offsetGroups
  t.x = x
  t.offsets = offsets
  t.mask = mask
  const pixels = c.batch * c.outPixels
  for (let first = 0; first < pixels; first += block) {
    const count = min(block, pixels - first)
    for (let i = 0; i < count; i++) readColumn(c, t, first + i, columns + floats(i * size), 0)
    tabulateRows(rows, y + <usize>first * floats(c.outChannels), floats(c.outChannels), count)
    for (let g = 0; g < c.groups; g++) {
      const offset = floats(g * c.groupOutChannels)
      packLeft(columns + floats(g * c.depth), size, 1, count, c.depth, left)
      multiplyPanels(count, c.groupOutChannels, c.depth, left, filters + <usize>g * rightStep, rows, offset,
        bias == 0 ? 0 : bias + offset, false, least, most, scratch)
    }
  }
}

// ── backward: tile | work | rows | rows of dfilter | columns | dcolumns | left panels | dy panels | filter panels ──

export function deformConv2dGradientsScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const pixels = blockPixels(c)
  const filters = <usize>c.groups * rightBytes(c.depth, c.groupOutChannels)
  return TILE_BYTES + workBytes(c) + tableBytes(pixels) + tableBytes(c.depth) + 2 * floats(pixels * columnSize(c))
    + leftPanelBytes(c) + rightBytes(c.groupOutChannels, pixels) + filters
}

/** The larger of the two left factors that are packed: dy of a block, and five values of its columns. */
function leftPanelBytes(c: Convolution): usize {
  const pixels = blockPixels(c)
  return max(leftBytes(pixels, c.groupOutChannels), leftBytes(LEFT_WIDTH, pixels))
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
  const rows = scratch + TILE_BYTES + workBytes(c)
  const filterRows = rows + tableBytes(most)
  const columns = filterRows + tableBytes(c.depth)
  const dcolumns = columns + floats(most * size)
  const left = dcolumns + floats(most * size)
  const dyRight = left + leftPanelBytes(c)
  const right = dyRight + rightBytes(c.groupOutChannels, most)
  const rightStep = rightBytes(c.depth, c.groupOutChannels)
  const t = prepareWork(c, scratch + TILE_BYTES)
  t.offsetGroups = offsetGroups
  t.x = x
  t.offsets = offsets
  t.mask = mask
  t.dx = dx
  t.doffsets = doffsets
  t.dmask = dmask
  memory.fill(dx, 0, <usize>c.batch * floats(c.height * c.width * c.channels))
  clearFloats(dfilter, c.depth * c.outChannels)
  tabulateRows(filterRows, dfilter, floats(c.outChannels), c.depth)
  for (let g = 0; g < c.groups; g++) {
    const from = filter + floats(g * c.groupOutChannels)
    packRight(from, c.outChannels, 1, c.depth, c.groupOutChannels, right + <usize>g * rightStep)
  }
  const pixels = c.batch * c.outPixels
  for (let first = 0; first < pixels; first += most) {
    const count = min(most, pixels - first)
    tabulateRows(rows, dcolumns, floats(size), count)
    for (let g = 0; g < c.groups; g++) {
      packLeft(dy + floats(g * c.groupOutChannels), c.outChannels, 1, count, c.groupOutChannels, left)
      multiplyPanels(count, c.depth, c.groupOutChannels, left, right + <usize>g * rightStep, rows,
        floats(g * c.depth), 0, false, -Infinity, Infinity, scratch)
    }
    for (let i = 0; i < count; i++) {
      const at = floats(i * size)
      readColumn(c, t, first + i, columns + at, dcolumns + at)
    }
    for (let g = 0; g < c.groups; g++) {
      const offset = floats(g * c.groupOutChannels)
      packRight(dy + offset, 1, c.outChannels, c.groupOutChannels, count, dyRight)
      addFilterGradient(c, columns + floats(g * c.depth), count, left, dyRight, filterRows, offset, scratch)
    }
    dy += <usize>count * floats(c.outChannels)
  }
}

/** dfilter += columnsᵀ · dy for one group: five values of the columns at a time. */
function addFilterGradient(
  c: Convolution,
  columns: usize,
  count: i32,
  left: usize,
  right: usize,
  rows: usize,
  offset: usize,
  tile: usize,
): void {
  for (let k = 0; k < c.depth; k += LEFT_WIDTH) {
    const values = min(LEFT_WIDTH, c.depth - k)
    packLeft(columns + floats(k), 1, columnSize(c), values, count, left)
    multiplyPanels(values, c.groupOutChannels, count, left, right, rows + <usize>k * ADDRESS, offset, 0, true, -Infinity,
      Infinity, tile)
  }
}
