import { VECTOR, floats, multiplyAdd } from './lanes'

/**
 * The products of one Winograd plane. Transforms write vectors of four channels wherever they are told to, so the
 * factors are laid out as the innermost loops read them, and nothing is packed afterwards.
 *
 * - A factor whose depth are channels, [tiles, channels], is laid out in fours: panels of eight tiles; in a panel,
 *   four channels after four channels, a vector per tile. A result has the same layout, so that it may be a factor.
 * - Factors whose depth are tiles are laid out in panels of eight channels on the left and four on the right, tile after
 *   tile; a filter in panels of four output channels, channel after channel.
 */

/** Channels in a panel on the left and on the right. */
const LEFT_WIDTH = 8
const RIGHT_WIDTH = 4

/** Bytes of a product of two panels. */
export const PRODUCT_BYTES: usize = 128

/** Tiles in a panel of fours. */
export const PANEL_TILES = 8

/** Bytes of four channels in a panel of fours. */
export const GROUP_BYTES: usize = 128

/** result[8 tiles, 4 columns] = fours · right panel. `depth` is a multiple of four. */
function multiplyFours(depth: i32, left: usize, right: usize, result: usize): void {
  let r0 = f32x4.splat(0)
  let r1 = f32x4.splat(0)
  let r2 = f32x4.splat(0)
  let r3 = f32x4.splat(0)
  let r4 = f32x4.splat(0)
  let r5 = f32x4.splat(0)
  let r6 = f32x4.splat(0)
  let r7 = f32x4.splat(0)
  const end = right + <usize>depth * VECTOR
  while (right < end) {
    const first = v128.load(right)
    r0 = multiplyAdd(v128.load32_splat(left), first, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 16), first, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 32), first, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 48), first, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 64), first, r4)
    r5 = multiplyAdd(v128.load32_splat(left, 80), first, r5)
    r6 = multiplyAdd(v128.load32_splat(left, 96), first, r6)
    r7 = multiplyAdd(v128.load32_splat(left, 112), first, r7)
    const second = v128.load(right, 16)
    r0 = multiplyAdd(v128.load32_splat(left, 4), second, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 20), second, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 36), second, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 52), second, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 68), second, r4)
    r5 = multiplyAdd(v128.load32_splat(left, 84), second, r5)
    r6 = multiplyAdd(v128.load32_splat(left, 100), second, r6)
    r7 = multiplyAdd(v128.load32_splat(left, 116), second, r7)
    const third = v128.load(right, 32)
    r0 = multiplyAdd(v128.load32_splat(left, 8), third, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 24), third, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 40), third, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 56), third, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 72), third, r4)
    r5 = multiplyAdd(v128.load32_splat(left, 88), third, r5)
    r6 = multiplyAdd(v128.load32_splat(left, 104), third, r6)
    r7 = multiplyAdd(v128.load32_splat(left, 120), third, r7)
    const fourth = v128.load(right, 48)
    r0 = multiplyAdd(v128.load32_splat(left, 12), fourth, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 28), fourth, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 44), fourth, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 60), fourth, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 76), fourth, r4)
    r5 = multiplyAdd(v128.load32_splat(left, 92), fourth, r5)
    r6 = multiplyAdd(v128.load32_splat(left, 108), fourth, r6)
    r7 = multiplyAdd(v128.load32_splat(left, 124), fourth, r7)
    left += GROUP_BYTES
    right += 4 * VECTOR
  }
  v128.store(result, r0)
  v128.store(result, r1, 16)
  v128.store(result, r2, 32)
  v128.store(result, r3, 48)
  v128.store(result, r4, 64)
  v128.store(result, r5, 80)
  v128.store(result, r6, 96)
  v128.store(result, r7, 112)
}

/** result[tiles, columns] = left[tiles, depth] · right[depth, columns]: fours, and panels of four columns. */
export function multiplyPlane(
  panels: i32,
  columns: i32,
  depth: i32,
  left: usize,
  right: usize,
  result: usize,
): void {
  const leftPanel = floats(PANEL_TILES * depth)
  const resultPanel = floats(PANEL_TILES * columns)
  // A right panel stays in the first-level cache while all left ones pass by.
  for (let column = 0; column < columns; column += RIGHT_WIDTH) {
    for (let i = 0; i < panels; i++) {
      multiplyFours(depth, left + <usize>i * leftPanel, right, result + <usize>i * resultPanel)
    }
    right += <usize>depth * VECTOR
    result += GROUP_BYTES
  }
}

/**
 * tile[8, 4] = left panel · right panel. `depth` is even: two steps per round.
 */
function multiplyTile(depth: i32, left: usize, right: usize, tile: usize): void {
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
    r0 = multiplyAdd(v128.load32_splat(left), even, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 4), even, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 8), even, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 12), even, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 16), even, r4)
    r5 = multiplyAdd(v128.load32_splat(left, 20), even, r5)
    r6 = multiplyAdd(v128.load32_splat(left, 24), even, r6)
    r7 = multiplyAdd(v128.load32_splat(left, 28), even, r7)
    const odd = v128.load(right, 16)
    r0 = multiplyAdd(v128.load32_splat(left, 32), odd, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 36), odd, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 40), odd, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 44), odd, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 48), odd, r4)
    r5 = multiplyAdd(v128.load32_splat(left, 52), odd, r5)
    r6 = multiplyAdd(v128.load32_splat(left, 56), odd, r6)
    r7 = multiplyAdd(v128.load32_splat(left, 60), odd, r7)
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

/** Adds the first `rows` vectors of `values` to vectors `step` bytes apart. */
function addRows(rows: i32, values: usize, target: usize, step: usize): void {
  while (rows > 0) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(values)))
    values += VECTOR
    target += step
    rows--
  }
}

/**
 * sum[rows, columns] += leftᵀ·right for left[depth, rows] in panels of eight and right[depth, columns] in panels of
 * four, `leftPanel` and `rightPanel` bytes apart. The depth is even, columns are a multiple of
 * four, the sum is row by row. `tile` is PRODUCT_BYTES of scratch.
 */
export function addPlaneProduct(
  depth: i32,
  rows: i32,
  columns: i32,
  left: usize,
  leftPanel: usize,
  right: usize,
  rightPanel: usize,
  sum: usize,
  tile: usize,
): void {
  const row = floats(columns)
  for (let i = 0; i < rows; i += LEFT_WIDTH) {
    let panel = right
    for (let j = 0; j < columns; j += RIGHT_WIDTH) {
      // Two calls: a function that is called once is inlined, and V8 then spills its accumulators.
      if (rows - i >= LEFT_WIDTH) {
        multiplyTile(depth, left, panel, tile)
        addRows(LEFT_WIDTH, tile, sum + floats(j), row)
      } else {
        multiplyTile(depth, left, panel, tile)
        addRows(rows - i, tile, sum + floats(j), row)
      }
      panel += rightPanel
    }
    left += leftPanel
    sum += floats(LEFT_WIDTH) * <usize>columns
  }
}
