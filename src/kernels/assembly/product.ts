import { VECTOR, clamp, floats, multiplyAdd } from './lanes'
import { LEFT_WIDTH, NARROW_WIDTH, RIGHT_WIDTH, leftPanels } from './panels'

/**
 * The product of packed panels, tile by tile. Every dense product here ends in this page: matrix products,
 * convolutions, their gradients, Winograd's.
 *
 * Where a row of the result goes is read from a table of addresses, one 32-bit number per row: so the same loop
 * writes matrices, pixels, and the scattered sums of an input gradient. A row with address 0 is not written.
 */

/** Bytes of an entry in a table of addresses. */
export const ADDRESS: usize = 4

/** Bytes of a row of a tile, and of a tile: 5 rows of 8 floats. */
const TILE_ROW: usize = 32
export const TILE_BYTES: usize = 160

/** Depth multiplied at a time: a left panel of it stays in the first-level cache. */
const DEPTH_SLICE = 512

/**
 * tile[5, 8] = left panel · right panel.
 *
 * The form matters more than it seems: ten accumulators and one step per round keep everything in registers, `while`
 * instead of `do`, and plain stores right behind the loop. V8 spills accumulators otherwise, at a third of the speed. Per
 * product this tile reads less than one of 8 × 4, which loads hold up.
 */
function multiplyTile(depth: i32, left: usize, right: usize, tile: usize): void {
  let r0a = f32x4.splat(0)
  let r0b = f32x4.splat(0)
  let r1a = f32x4.splat(0)
  let r1b = f32x4.splat(0)
  let r2a = f32x4.splat(0)
  let r2b = f32x4.splat(0)
  let r3a = f32x4.splat(0)
  let r3b = f32x4.splat(0)
  let r4a = f32x4.splat(0)
  let r4b = f32x4.splat(0)
  const end = left + floats(LEFT_WIDTH * depth)
  while (left < end) {
    const first = v128.load(right)
    const second = v128.load(right, 16)
    const x0 = v128.load32_splat(left)
    r0a = multiplyAdd(x0, first, r0a)
    r0b = multiplyAdd(x0, second, r0b)
    const x1 = v128.load32_splat(left, 4)
    r1a = multiplyAdd(x1, first, r1a)
    r1b = multiplyAdd(x1, second, r1b)
    const x2 = v128.load32_splat(left, 8)
    r2a = multiplyAdd(x2, first, r2a)
    r2b = multiplyAdd(x2, second, r2b)
    const x3 = v128.load32_splat(left, 12)
    r3a = multiplyAdd(x3, first, r3a)
    r3b = multiplyAdd(x3, second, r3b)
    const x4 = v128.load32_splat(left, 16)
    r4a = multiplyAdd(x4, first, r4a)
    r4b = multiplyAdd(x4, second, r4b)
    left += 20
    right += 32
  }
  v128.store(tile, r0a)
  v128.store(tile, r0b, 16)
  v128.store(tile, r1a, 32)
  v128.store(tile, r1b, 48)
  v128.store(tile, r2a, 64)
  v128.store(tile, r2b, 80)
  v128.store(tile, r3a, 96)
  v128.store(tile, r3b, 112)
  v128.store(tile, r4a, 128)
  v128.store(tile, r4b, 144)
}

/** The same for a panel of four columns; the rows of the tile lie as far apart. */
function multiplyNarrowTile(depth: i32, left: usize, right: usize, tile: usize): void {
  let r0 = f32x4.splat(0)
  let r1 = f32x4.splat(0)
  let r2 = f32x4.splat(0)
  let r3 = f32x4.splat(0)
  let r4 = f32x4.splat(0)
  const end = left + floats(LEFT_WIDTH * depth)
  while (left < end) {
    const four = v128.load(right)
    r0 = multiplyAdd(v128.load32_splat(left), four, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 4), four, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 8), four, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 12), four, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 16), four, r4)
    left += 20
    right += 16
  }
  v128.store(tile, r0)
  v128.store(tile, r1, 32)
  v128.store(tile, r2, 64)
  v128.store(tile, r3, 96)
  v128.store(tile, r4, 128)
}

/** Writes `bytes` of each row of a tile `offset` bytes into the rows: clamp((old if accumulate) + tile + bias). */
function writeTile(
  tile: usize,
  rows: usize,
  offset: usize,
  bytes: usize,
  bias: usize,
  accumulate: bool,
  floor: v128,
  ceiling: v128,
): void {
  const end = tile + TILE_BYTES
  while (tile < end) {
    const row = <usize>load<u32>(rows)
    if (row != 0) {
      let at: usize = 0
      while (at < bytes) {
        let value = v128.load(tile + at)
        if (bias != 0) value = f32x4.add(value, v128.load(bias + at))
        if (accumulate) value = f32x4.add(value, v128.load(row + offset + at))
        v128.store(row + offset + at, clamp(value, floor, ceiling))
        at += VECTOR
      }
    }
    tile += TILE_ROW
    rows += ADDRESS
  }
}

/** The same for a number of columns that is no multiple of four. */
function writeSomeColumns(
  tile: usize,
  rows: usize,
  offset: usize,
  columns: i32,
  bias: usize,
  accumulate: bool,
  least: f32,
  most: f32,
): void {
  for (let i = 0; i < LEFT_WIDTH; i++) {
    const row = <usize>load<u32>(rows)
    for (let j = 0; row != 0 && j < columns; j++) {
      const target = row + offset + floats(j)
      let value = load<f32>(tile + floats(j))
      if (bias != 0) value += load<f32>(bias + floats(j))
      if (accumulate) value += load<f32>(target)
      store<f32>(target, min<f32>(max<f32>(value, least), most))
    }
    tile += TILE_ROW
    rows += ADDRESS
  }
}

/** One left panel times all right panels, of which the depths from `first` on count; all of them are `whole` deep. */
function multiplyRow(
  depth: i32,
  left: usize,
  right: usize,
  whole: i32,
  first: i32,
  columns: i32,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  least: f32,
  most: f32,
  tile: usize,
): void {
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const panel = floats(RIGHT_WIDTH * whole)
  const wide = floats(RIGHT_WIDTH * first)
  while (columns >= RIGHT_WIDTH) {
    multiplyTile(depth, left, right + wide, tile)
    writeTile(tile, rows, offset, TILE_ROW, bias, accumulate, floor, ceiling)
    right += panel
    offset += TILE_ROW
    if (bias != 0) bias += TILE_ROW
    columns -= RIGHT_WIDTH
  }
  if (columns == 0) return
  const narrow = right + floats(NARROW_WIDTH * first)
  if (columns == NARROW_WIDTH) {
    multiplyNarrowTile(depth, left, narrow, tile)
    writeTile(tile, rows, offset, VECTOR, bias, accumulate, floor, ceiling)
    return
  }
  if (columns > NARROW_WIDTH) multiplyTile(depth, left, right + wide, tile)
  else multiplyNarrowTile(depth, left, narrow, tile)
  writeSomeColumns(tile, rows, offset, columns, bias, accumulate, least, most)
}

/**
 * Row i of the result, at the address rows[i] + offset, = clamp((itself if accumulate) + left·right + bias).
 *
 * `tile` is TILE_BYTES of scratch. `rows` has an entry for every row of the last panel, 0 for missing ones. A
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
  tile: usize,
): void {
  const leftPanel = floats(LEFT_WIDTH * depth)
  const panels = leftPanels(rowCount)
  let k = 0
  // A depth of 0 still writes the bias.
  do {
    const slice = min(DEPTH_SLICE, depth - k)
    const last = k + slice == depth
    const leftSlice = left + floats(LEFT_WIDTH * k)
    for (let i = 0; i < panels; i++) {
      multiplyRow(slice, leftSlice + <usize>i * leftPanel, right, depth, k, columns,
        rows + <usize>(i * LEFT_WIDTH) * ADDRESS, offset, last ? bias : 0, accumulate || k > 0, last ? least : -Infinity,
        last ? most : Infinity, tile)
    }
    k += slice
  } while (k < depth)
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
