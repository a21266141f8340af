import { VECTOR, clamp, floats } from './lanes'
import { LEFT_WIDTH, NARROW_WIDTH, RIGHT_WIDTH, leftPanels } from './panels'
import { loadSome, storeSome } from './someLanes'
import { multiplyNarrowRowsTile, multiplyNarrowTile, multiplyRowsTile, multiplyTile } from './tiles'

/**
 * The product of a left factor and packed panels of a right one, tile by tile. Every dense product here ends in this
 * page: matrix products, convolutions, their gradients.
 *
 * Where a row of the result goes is read from a table of addresses, one 32-bit number per row: so the same loop
 * writes matrices, pixels, and the scattered sums of an input gradient. A row with address 0 is not written.
 *
 * The left factor is packed into panels, or its rows are read where they are, from a table of addresses as well.
 */

/** Bytes of an entry in a table of addresses. */
export const ADDRESS: usize = 4

/** Bytes of five entries. */
const FIVE: usize = 20

/** Bytes of a row of a tile: 8 floats. */
const TILE_ROW: usize = 32

// Scratch of a product: floor and ceiling | zeros, a row of a tile long | where in a tile its rows lie | a tile.
const ZEROS_AT: usize = 32
const TILE_ROWS_AT: usize = 64
const TILE_AT: usize = 96
export const TILE_BYTES: usize = 256

/** Depth multiplied at a time: a right panel of it stays in the first-level cache while left panels pass by. */
const DEPTH_SLICE = 512

/** Up to so many bytes of a right factor stay there all together, so that the result is written row by row. */
const NEAR_BYTES: usize = 24576

/** One tile, the left factor as in `multiply`. */
// @ts-ignore: decorators of AssemblyScript
@inline
function multiplyOne(
  wide: bool,
  inPlace: bool,
  depth: i32,
  left: usize,
  shift: usize,
  right: usize,
  starts: usize,
  startOffset: usize,
  rows: usize,
  offset: usize,
): void {
  if (inPlace) {
    if (wide) multiplyRowsTile(depth, left, shift, right, starts, startOffset, rows, offset)
    else multiplyNarrowRowsTile(depth, left, shift, right, starts, startOffset, rows, offset)
  } else if (wide) multiplyTile(depth, left, right, starts, startOffset, rows, offset)
  else multiplyNarrowTile(depth, left, right, starts, startOffset, rows, offset)
}

/** Brings `bytes` of five rows between the bounds. */
function clampTile(rows: usize, offset: usize, bytes: usize, work: usize): void {
  const floor = v128.load(work)
  const ceiling = v128.load(work, 16)
  for (const end = rows + FIVE; rows < end; rows += ADDRESS) {
    const row = <usize>load<u32>(rows) + offset
    for (let at: usize = 0; at < bytes; at += VECTOR) v128.store(row + at, clamp(v128.load(row + at), floor, ceiling))
  }
}

/** Writes the first `columns` of the rows of a tile that are there: clamp(tile + (old if accumulate, else bias)). */
function writePart(tile: usize, columns: i32, rows: usize, offset: usize, bias: usize, accumulate: bool, work: usize): void {
  const floor = v128.load(work)
  const ceiling = v128.load(work, 16)
  for (const end = rows + FIVE; rows < end; rows += ADDRESS) {
    const row = <usize>load<u32>(rows)
    for (let j = 0; row != 0 && j < columns; j += 4) {
      const here = columns - j
      const target = row + offset + floats(j)
      let value = v128.load(tile + floats(j))
      if (accumulate) value = f32x4.add(value, loadSome(target, here))
      else if (bias != 0) value = f32x4.add(value, loadSome(bias + floats(j), here))
      storeSome(target, clamp(value, floor, ceiling), here)
    }
    tile += TILE_ROW
  }
}

/** A tile of which rows or columns are missing. */
function multiplyPart(
  inPlace: bool,
  depth: i32,
  left: usize,
  shift: usize,
  right: usize,
  columns: i32,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  work: usize,
): void {
  const tile = work + TILE_AT
  const zeros = work + ZEROS_AT
  multiplyOne(columns > NARROW_WIDTH, inPlace, depth, left, shift, right, zeros, zeros, work + TILE_ROWS_AT, tile)
  writePart(tile, columns, rows, offset, bias, accumulate, work)
}

/** Are all five rows of a panel there? */
function allThere(rows: usize): bool {
  for (const end = rows + FIVE; rows < end; rows += ADDRESS) {
    if (load<u32>(rows) == 0) return false
  }
  return true
}

/** Left panels, `leftStep` bytes apart, times one right panel of up to eight columns. */
function multiplyColumn(
  inPlace: bool,
  depth: i32,
  panels: i32,
  left: usize,
  leftStep: usize,
  shift: usize,
  right: usize,
  columns: i32,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  clamps: bool,
  work: usize,
): void {
  const zeros = work + ZEROS_AT
  const full = columns == RIGHT_WIDTH || columns == NARROW_WIDTH
  const startOffset = accumulate ? offset : bias != 0 ? bias : zeros
  while (panels > 0) {
    if (full && allThere(rows)) {
      const starts = accumulate ? rows : zeros
      multiplyOne(columns == RIGHT_WIDTH, inPlace, depth, left, shift, right, starts, startOffset, rows, offset)
      if (clamps) clampTile(rows, offset, floats(columns), work)
    } else multiplyPart(inPlace, depth, left, shift, right, columns, rows, offset, bias, accumulate, work)
    left += leftStep
    rows += FIVE
    panels--
  }
}

/** One left panel, whose rows are all there, times `count` right panels of eight columns. */
function multiplyRow(
  inPlace: bool,
  depth: i32,
  left: usize,
  shift: usize,
  right: usize,
  rightStep: usize,
  count: i32,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  clamps: bool,
  work: usize,
): void {
  const zeros = work + ZEROS_AT
  const starts = accumulate ? rows : zeros
  let startOffset = accumulate ? offset : bias != 0 ? bias : zeros
  const next: usize = startOffset == zeros ? 0 : TILE_ROW
  while (count > 0) {
    multiplyOne(true, inPlace, depth, left, shift, right, starts, startOffset, rows, offset)
    if (clamps) clampTile(rows, offset, TILE_ROW, work)
    right += rightStep
    offset += TILE_ROW
    startOffset += next
    count--
  }
}

/** What a product works with, beside its factors. */
function prepareWork(work: usize): void {
  v128.store(work + ZEROS_AT, f32x4.splat(0))
  v128.store(work + ZEROS_AT, f32x4.splat(0), 16)
  for (let i = 0; i < LEFT_WIDTH; i++) store<u32>(work + TILE_ROWS_AT + <usize>i * ADDRESS, <u32>i * <u32>TILE_ROW)
}

/** Both products below. In place, `left` is the table of rows, and they start `shift` bytes behind its addresses. */
function multiply(
  inPlace: bool,
  rowCount: i32,
  columns: i32,
  depth: i32,
  left: usize,
  shift: usize,
  right: usize,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  least: f32,
  most: f32,
  work: usize,
): void {
  const panels = leftPanels(rowCount)
  const leftStep = inPlace ? FIVE : floats(LEFT_WIDTH * depth)
  prepareWork(work)
  let k = 0
  // A depth of 0 still writes the bias.
  do {
    const slice = min(DEPTH_SLICE, depth - k)
    const last = k + slice == depth
    const clamps = last && (least > -Infinity || most < Infinity)
    v128.store(work, f32x4.splat(last ? least : -Infinity))
    v128.store(work, f32x4.splat(last ? most : Infinity), 16)
    const near = floats(columns * slice) <= NEAR_BYTES
    const group = near ? 1 : panels
    const adds = accumulate || k > 0
    const start = adds ? 0 : bias
    for (let i = 0; i < panels; i += group) {
      const from = left + <usize>i * leftStep + (inPlace ? 0 : floats(LEFT_WIDTH * k))
      const into = rows + <usize>i * FIVE
      let j = 0
      if (near && allThere(into)) {
        j = columns & -RIGHT_WIDTH
        multiplyRow(inPlace, slice, from, shift, right + floats(RIGHT_WIDTH * k), floats(RIGHT_WIDTH * depth), j / RIGHT_WIDTH,
          into, offset, start, adds, clamps, work)
      }
      for (; j < columns; j += RIGHT_WIDTH) {
        const here = min(RIGHT_WIDTH, columns - j)
        const panel = right + floats(j * depth + (here > NARROW_WIDTH ? RIGHT_WIDTH : NARROW_WIDTH) * k)
        multiplyColumn(inPlace, slice, min(group, panels - i), from, leftStep, shift, panel, here, into, offset + floats(j),
          start == 0 ? 0 : start + floats(j), adds, clamps, work)
      }
    }
    shift += floats(slice)
    k += slice
  } while (k < depth)
}

/**
 * Row i of the result, at the address rows[i] + offset, = clamp(left·right + (itself if accumulate, else bias)), left and
 * right packed into panels.
 *
 * `work` is TILE_BYTES of scratch. `rows` has an entry for every row of the last panel, 0 for missing ones. A
 * `bias` of 0 is none.
 */
export function multiplyPanels(
  rowCount: i32,
  columns: i32,
  depth: i32,
  left: usize,
  right: usize,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  least: f32,
  most: f32,
  work: usize,
): void {
  multiply(false, rowCount, columns, depth, left, 0, right, rows, offset, bias, accumulate, least, most, work)
}

/**
 * The same, row i of the left factor read where it lies, at lefts[i] + shift. `lefts` is a table like `rows`, but missing
 * rows have the address of some other one.
 */
export function multiplyRows(
  rowCount: i32,
  columns: i32,
  depth: i32,
  lefts: usize,
  shift: usize,
  right: usize,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  least: f32,
  most: f32,
  work: usize,
): void {
  multiply(true, rowCount, columns, depth, lefts, shift, right, rows, offset, bias, accumulate, least, most, work)
}

/** Makes the missing rows of a table equal to its last one. */
export function repeatLastRow(rows: usize, count: i32): void {
  const all = leftPanels(count) * LEFT_WIDTH
  for (let i = count; i < all; i++) store<u32>(rows + <usize>i * ADDRESS, load<u32>(rows + <usize>(count - 1) * ADDRESS))
}

/** Writes the addresses of `count` rows `step` bytes apart, and 0 for the missing rows of the last panel. */
export function tabulateRows(rows: usize, first: usize, step: usize, count: i32): void {
  const all = leftPanels(count) * LEFT_WIDTH
  for (let i = 0; i < all; i++) {
    store<u32>(rows + <usize>i * ADDRESS, i < count ? <u32>(first + <usize>i * step) : 0)
  }
}

/** Bytes of a table of `count` rows. */
export function tableBytes(count: i32): usize {
  return <usize>(leftPanels(count) * LEFT_WIDTH) * ADDRESS
}
