import { FLOAT, VECTOR, floats, multiplyAdd } from './lanes'

/**
 * The products of one Winograd plane. Transforms write vectors of four channels wherever they are told to, so the
 * factors are laid out as the innermost loops read them, and nothing is packed afterwards.
 *
 * - A factor whose depth are channels, [tiles, channels], is laid out in fours: panels of four tiles; in a panel, four
 *   channels after four channels, a vector per tile. A result has the same layout, so that it may be a factor.
 * - Factors whose depth are tiles are laid out in panels of four channels on the left and eight on the right, tile after
 *   tile; a filter in panels of eight columns, depth after depth.
 * - A last panel on the right may hold four columns only; its depths lie as far apart as in the others.
 */

/** Channels in a panel on the left and on the right. */
export const LEFT_WIDTH = 4
export const RIGHT_WIDTH = 8

/** Bytes from one depth of a right panel to the next. */
export const RIGHT_STEP: usize = 32

/** Tiles in a panel of fours. */
export const PANEL_TILES = 4

/** Bytes of four channels in a panel of fours. */
export const GROUP_BYTES: usize = 64

/** Bytes of a product of two panels whose depth are tiles: four rows of eight columns. */
export const PRODUCT_BYTES: usize = 128

/**
 * result[4 tiles, 8 columns] = fours · right panel. `depth` is a multiple of four.
 *
 * One round per channel: when four of them are one round, the compiler moves all loads to its start, and V8 runs out of
 * registers. Five tiles, ten accumulators, do not fit beside two loops either.
 */
function multiplyFours(depth: i32, left: usize, right: usize, result: usize): void {
  let r0a = f32x4.splat(0)
  let r0b = f32x4.splat(0)
  let r1a = f32x4.splat(0)
  let r1b = f32x4.splat(0)
  let r2a = f32x4.splat(0)
  let r2b = f32x4.splat(0)
  let r3a = f32x4.splat(0)
  let r3b = f32x4.splat(0)
  const end = right + floats(RIGHT_WIDTH * depth)
  while (right < end) {
    const group = left + VECTOR
    while (left < group) {
      const first = v128.load(right)
      const second = v128.load(right, 16)
      const x0 = v128.load32_splat(left)
      r0a = multiplyAdd(x0, first, r0a)
      r0b = multiplyAdd(x0, second, r0b)
      const x1 = v128.load32_splat(left, 16)
      r1a = multiplyAdd(x1, first, r1a)
      r1b = multiplyAdd(x1, second, r1b)
      const x2 = v128.load32_splat(left, 32)
      r2a = multiplyAdd(x2, first, r2a)
      r2b = multiplyAdd(x2, second, r2b)
      const x3 = v128.load32_splat(left, 48)
      r3a = multiplyAdd(x3, first, r3a)
      r3b = multiplyAdd(x3, second, r3b)
      left += FLOAT
      right += RIGHT_STEP
    }
    left += GROUP_BYTES - VECTOR
  }
  v128.store(result, r0a)
  v128.store(result, r1a, 16)
  v128.store(result, r2a, 32)
  v128.store(result, r3a, 48)
  v128.store(result, r0b, 64)
  v128.store(result, r1b, 80)
  v128.store(result, r2b, 96)
  v128.store(result, r3b, 112)
}

/** The same for a panel of four columns. */
function multiplyNarrowFours(depth: i32, left: usize, right: usize, result: usize): void {
  let r0 = f32x4.splat(0)
  let r1 = f32x4.splat(0)
  let r2 = f32x4.splat(0)
  let r3 = f32x4.splat(0)
  const end = right + floats(RIGHT_WIDTH * depth)
  while (right < end) {
    const group = left + VECTOR
    while (left < group) {
      const first = v128.load(right)
      r0 = multiplyAdd(v128.load32_splat(left), first, r0)
      r1 = multiplyAdd(v128.load32_splat(left, 16), first, r1)
      r2 = multiplyAdd(v128.load32_splat(left, 32), first, r2)
      r3 = multiplyAdd(v128.load32_splat(left, 48), first, r3)
      left += FLOAT
      right += RIGHT_STEP
    }
    left += GROUP_BYTES - VECTOR
  }
  v128.store(result, r0)
  v128.store(result, r1, 16)
  v128.store(result, r2, 32)
  v128.store(result, r3, 48)
}

/** result[tiles, columns] = left[tiles, depth] · right[depth, columns]: fours, and right panels. */
export function multiplyPlane(
  panels: i32,
  columns: i32,
  depth: i32,
  left: usize,
  right: usize,
  result: usize,
  resultPanel: usize,
): void {
  const leftPanel = floats(PANEL_TILES * depth)
  // A right panel stays in the first-level cache while all left ones pass by.
  for (let column = 0; column < columns; column += RIGHT_WIDTH) {
    const wide = columns - column >= RIGHT_WIDTH
    for (let i: usize = 0; i < <usize>panels; i++) {
      if (wide) multiplyFours(depth, left + i * leftPanel, right, result + i * resultPanel)
      else multiplyNarrowFours(depth, left + i * leftPanel, right, result + i * resultPanel)
    }
    right += <usize>depth * RIGHT_STEP
    result += 2 * GROUP_BYTES
  }
}

/** tile[4, 8] = left panelᵀ · right panel. */
function multiplyTile(depth: i32, left: usize, right: usize, tile: usize): void {
  let r0a = f32x4.splat(0)
  let r0b = f32x4.splat(0)
  let r1a = f32x4.splat(0)
  let r1b = f32x4.splat(0)
  let r2a = f32x4.splat(0)
  let r2b = f32x4.splat(0)
  let r3a = f32x4.splat(0)
  let r3b = f32x4.splat(0)
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
    left += VECTOR
    right += RIGHT_STEP
  }
  v128.store(tile, r0a)
  v128.store(tile, r0b, 16)
  v128.store(tile, r1a, 32)
  v128.store(tile, r1b, 48)
  v128.store(tile, r2a, 64)
  v128.store(tile, r2b, 80)
  v128.store(tile, r3a, 96)
  v128.store(tile, r3b, 112)
}

/** The same for a right panel of four columns; the rows of the tile lie as far apart. */
function multiplyNarrowTile(depth: i32, left: usize, right: usize, tile: usize): void {
  let r0 = f32x4.splat(0)
  let r1 = f32x4.splat(0)
  let r2 = f32x4.splat(0)
  let r3 = f32x4.splat(0)
  const end = left + floats(LEFT_WIDTH * depth)
  while (left < end) {
    const first = v128.load(right)
    r0 = multiplyAdd(v128.load32_splat(left), first, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 4), first, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 8), first, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 12), first, r3)
    left += VECTOR
    right += RIGHT_STEP
  }
  v128.store(tile, r0)
  v128.store(tile, r1, 32)
  v128.store(tile, r2, 64)
  v128.store(tile, r3, 96)
}

/**
 * products = leftᵀ·right for left[depth, rows] and right[depth, columns], in panels `leftPanel` and `rightPanel` bytes
 * apart. The product of every right panel with every left one is a block of PRODUCT_BYTES, one behind the other.
 */
export function multiplyTiles(
  depth: i32,
  rows: i32,
  columns: i32,
  left: usize,
  leftPanel: usize,
  right: usize,
  rightPanel: usize,
  products: usize,
): void {
  for (let column = 0; column < columns; column += RIGHT_WIDTH) {
    const wide = columns - column >= RIGHT_WIDTH
    let panel = left
    for (let row = 0; row < rows; row += LEFT_WIDTH) {
      if (wide) multiplyTile(depth, panel, right, products)
      else multiplyNarrowTile(depth, panel, right, products)
      panel += leftPanel
      products += PRODUCT_BYTES
    }
    right += rightPanel
  }
}
