import { VECTOR, clamp, floats } from './lanes'
import { LEFT_WIDTH, RIGHT_WIDTH, evenDepth, leftPanels, rightPanels } from './panels'

/**
 * The product of packed panels, tile by tile. Every dense product here ends in this page: matrix products,
 * convolutions, their gradients, Winograd's.
 *
 * Where a row of the result goes is read from a table of addresses, one 32-bit number per row: so the same loop
 * writes matrices, pixels, and the scattered sums of an input gradient. A row with address 0 is not written.
 */

/** Bytes of an entry in a table of addresses. */
export const ADDRESS: usize = 4

/** Bytes of a tile: 8 rows of 4 floats. */
export const TILE_BYTES: usize = 128

/** Depth multiplied at a time: a left panel of it stays in the first-level cache. */
const DEPTH_SLICE = 512

/**
 * tile[8, 4] = left panel · right panel. `depth` is even.
 *
 * The form matters more than it seems: eight accumulators and two steps per round keep everything in registers,
 * `while` instead of `do`, and plain stores right behind the loop. V8 spills accumulators otherwise, at a third
 * of the speed.
 */
export function multiplyTile(depth: i32, left: usize, right: usize, tile: usize): void {
  let r0 = f32x4.splat(0)
  let r1 = f32x4.splat(0)
  let r2 = f32x4.splat(0)
  let r3 = f32x4.splat(0)
  let r4 = f32x4.splat(0)
  let r5 = f32x4.splat(0)
  let r6 = f32x4.splat(0)
  let r7 = f32x4.splat(0)
  const end = left + floats(LEFT_WIDTH * depth)
  while (left < end) {
    const even = v128.load(right)
    r0 = f32x4.add(r0, f32x4.mul(v128.load32_splat(left), even))
    r1 = f32x4.add(r1, f32x4.mul(v128.load32_splat(left, 4), even))
    r2 = f32x4.add(r2, f32x4.mul(v128.load32_splat(left, 8), even))
    r3 = f32x4.add(r3, f32x4.mul(v128.load32_splat(left, 12), even))
    r4 = f32x4.add(r4, f32x4.mul(v128.load32_splat(left, 16), even))
    r5 = f32x4.add(r5, f32x4.mul(v128.load32_splat(left, 20), even))
    r6 = f32x4.add(r6, f32x4.mul(v128.load32_splat(left, 24), even))
    r7 = f32x4.add(r7, f32x4.mul(v128.load32_splat(left, 28), even))
    const odd = v128.load(right, 16)
    r0 = f32x4.add(r0, f32x4.mul(v128.load32_splat(left, 32), odd))
    r1 = f32x4.add(r1, f32x4.mul(v128.load32_splat(left, 36), odd))
    r2 = f32x4.add(r2, f32x4.mul(v128.load32_splat(left, 40), odd))
    r3 = f32x4.add(r3, f32x4.mul(v128.load32_splat(left, 44), odd))
    r4 = f32x4.add(r4, f32x4.mul(v128.load32_splat(left, 48), odd))
    r5 = f32x4.add(r5, f32x4.mul(v128.load32_splat(left, 52), odd))
    r6 = f32x4.add(r6, f32x4.mul(v128.load32_splat(left, 56), odd))
    r7 = f32x4.add(r7, f32x4.mul(v128.load32_splat(left, 60), odd))
    left += 64
    right += 32
  }
  v128.store(tile, r0)
  v128.store(tile, r1, 16)
  v128.store(tile, r2, 32)
  v128.store(tile, r3, 48)
  v128.store(tile, r4, 64)
  v128.store(tile, r5, 80)
  v128.store(tile, r6, 96)
  v128.store(tile, r7, 112)
}

/** Writes a tile of four columns `offset` bytes into the rows: clamp((old if accumulate) + tile + bias). */
function writeTile(
  tile: usize,
  rows: usize,
  offset: usize,
  bias: usize,
  accumulate: bool,
  floor: v128,
  ceiling: v128,
): void {
  const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias)
  const end = tile + TILE_BYTES
  while (tile < end) {
    const row = <usize>load<u32>(rows)
    if (row != 0) {
      let value = f32x4.add(v128.load(tile), shift)
      if (accumulate) value = f32x4.add(value, v128.load(row + offset))
      v128.store(row + offset, clamp(value, floor, ceiling))
    }
    tile += VECTOR
    rows += ADDRESS
  }
}

/** The same for the last one to three columns. */
function writeNarrowTile(
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
    tile += VECTOR
    rows += ADDRESS
  }
}

/** One left panel times all right panels, over a slice of the depth; `panel` is the bytes of a right panel. */
function multiplyRow(
  depth: i32,
  left: usize,
  right: usize,
  panel: usize,
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
  let left4 = columns
  while (left4 >= RIGHT_WIDTH) {
    multiplyTile(depth, left, right, tile)
    writeTile(tile, rows, offset, bias, accumulate, floor, ceiling)
    right += panel
    offset += VECTOR
    if (bias != 0) bias += VECTOR
    left4 -= RIGHT_WIDTH
  }
  if (left4 > 0) {
    multiplyTile(depth, left, right, tile)
    writeNarrowTile(tile, rows, offset, left4, bias, accumulate, least, most)
  }
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
  const padded = evenDepth(depth)
  const leftPanel = floats(LEFT_WIDTH * padded)
  const rightPanel = floats(RIGHT_WIDTH * padded)
  const panels = leftPanels(rowCount)
  let k = 0
  // A depth of 0 still writes the bias.
  do {
    const slice = min(DEPTH_SLICE, padded - k)
    const last = k + slice == padded
    const leftSlice = left + floats(LEFT_WIDTH * k)
    const rightSlice = right + floats(RIGHT_WIDTH * k)
    for (let i = 0; i < panels; i++) {
      multiplyRow(slice, leftSlice + <usize>i * leftPanel, rightSlice, rightPanel, columns,
        rows + <usize>(i * LEFT_WIDTH) * ADDRESS, offset, last ? bias : 0, accumulate || k > 0, last ? least : -Infinity,
        last ? most : Infinity, tile)
    }
    k += slice
  } while (k < padded)
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
