import { VECTOR, floats } from './lanes'

/**
 * Walking down the columns of a matrix [rows, channels]: the shape of every statistic per channel.
 *
 * A row whose channels are no multiple of four would leave lanes idle. So four rows are read as one wide row
 * of 4·channels floats, which always is a multiple of four, and the four columns of a channel are folded at
 * the end. Rows left over are added singly.
 *
 * Rows are walked in short blocks: inside a block the sums are floats in registers, between blocks they are
 * doubles in memory. A block stays in the first-level cache, and the error does not grow with the number of
 * rows.
 */

/** Rows of a block. */
export const BLOCK_ROWS = 128

/** Bytes of one double. */
export const DOUBLE: usize = 8

/** How many rows are read as one. */
export function rowsAsOne(channels: i32): i32 {
  return (channels & 3) == 0 ? 1 : 4
}

/** Adds four floats to the four doubles at `totals`. */
export function addFourToDoubles(totals: usize, values: v128): void {
  const upper = i64x2.shuffle(values, values, 1, 0)
  v128.store(totals, f64x2.add(v128.load(totals), f64x2.promote_low_f32x4(values)))
  v128.store(totals, f64x2.add(v128.load(totals, 16), f64x2.promote_low_f32x4(upper)), 16)
}

/** The double total of channel c, folded over the columns that hold it. */
export function foldedTotal(totals: usize, channels: i32, c: i32, folds: i32): f64 {
  let total: f64 = 0
  for (let fold = 0; fold < folds; fold++) total += load<f64>(totals + <usize>(fold * channels + c) * DOUBLE)
  return total
}

/**
 * Writes the same row of `channels` floats `folds` times in a line, as the wide rows need it: the first is
 * there already.
 */
export function repeatRow(row: usize, channels: i32, folds: i32): void {
  for (let fold = 1; fold < folds; fold++) memory.copy(row + floats(fold * channels), row, floats(channels))
}

/** Adds the column sums of one block to the doubles at `totals`. `width` is a multiple of four. */
function addBlock(rows: i32, width: i32, x: usize, totals: usize): void {
  const step = floats(width)
  let column = 0
  while (column + 16 <= width) {
    let a = f32x4.splat(0)
    let b = f32x4.splat(0)
    let c = f32x4.splat(0)
    let d = f32x4.splat(0)
    let source = x
    let left = rows
    while (left > 0) {
      a = f32x4.add(a, v128.load(source))
      b = f32x4.add(b, v128.load(source, 16))
      c = f32x4.add(c, v128.load(source, 32))
      d = f32x4.add(d, v128.load(source, 48))
      source += step
      left--
    }
    addFourToDoubles(totals, a)
    addFourToDoubles(totals + 4 * DOUBLE, b)
    addFourToDoubles(totals + 8 * DOUBLE, c)
    addFourToDoubles(totals + 12 * DOUBLE, d)
    totals += 16 * DOUBLE
    x += 4 * VECTOR
    column += 16
  }
  while (column < width) {
    let sum = f32x4.splat(0)
    let source = x
    let left = rows
    while (left > 0) {
      sum = f32x4.add(sum, v128.load(source))
      source += step
      left--
    }
    addFourToDoubles(totals, sum)
    totals += 4 * DOUBLE
    x += VECTOR
    column += 4
  }
}

/** sum[channels] = Σ over the rows of x[rows, channels]. Scratch: 4·channels doubles. */
export function channelSum(rows: i32, channels: i32, x: usize, sum: usize, scratch: usize): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const wideRows = rows / folds
  memory.fill(scratch, 0, <usize>width * DOUBLE)
  let row = 0
  while (row < wideRows) {
    const block = min(BLOCK_ROWS, wideRows - row)
    addBlock(block, width, x, scratch)
    x += floats(block * width)
    row += block
  }
  const rest = rows - wideRows * folds
  for (let c = 0; c < channels; c++) {
    let total = foldedTotal(scratch, channels, c, folds)
    for (let i = 0; i < rest; i++) total += <f64>load<f32>(x + floats(i * channels + c))
    store<f32>(sum + floats(c), <f32>total)
  }
}
