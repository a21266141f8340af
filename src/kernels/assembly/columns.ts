import { VECTOR, floats } from './lanes'

/**
 * Walking down the columns of a matrix [rows, channels]: the shape of every statistic per channel.
 *
 * Rows are read in the order of memory. Several of them make one wide row, so that its floats are a multiple of four,
 * and enough of them that a sum is not waited for; the columns of a channel are folded at the end. Two wide rows are
 * taken at a time, and rows left over singly.
 *
 * What belongs to four columns, coefficients and sums, lies in a slot of five vectors, so that one pointer reaches all
 * of it. Sums are floats for a block of rows, and doubles between blocks: the error does not grow with the number of
 * rows.
 */

/** Wide rows of a block, an even number. */
export const BLOCK_ROWS = 128

/** Bytes of one double. */
export const DOUBLE: usize = 8

/** Bytes of a slot. */
export const SLOT: usize = 80

/** The least floats of a wide row. */
const WIDE = 32

/** How many rows are read as one. */
export function rowsAsOne(channels: i32): i32 {
  let folds = (channels & 3) == 0 ? 1 : (channels & 1) == 0 ? 2 : 4
  while (channels * folds < WIDE) folds *= 2
  return folds
}

/** Bytes of the slots of a wide row. */
export function slotBytes(width: i32): usize {
  return (<usize>width >> 2) * SLOT
}

/** Bytes of scratch of the functions that walk columns: slots, and two doubles for each column. */
export function columnScratch(channels: i32): usize {
  const width = channels * rowsAsOne(channels)
  return slotBytes(width) + 2 * <usize>width * DOUBLE
}

/** The address of one column's lane in vector `part` of its slot. */
export function inSlot(slots: usize, column: i32, part: i32): usize {
  return slots + (<usize>column >> 2) * SLOT + <usize>part * VECTOR + floats(column & 3)
}

/** Writes a channel's number into vector `part` of the slots of all its columns. */
export function setInSlots(slots: usize, channels: i32, folds: i32, c: i32, part: i32, value: f64): void {
  for (let fold = 0; fold < folds; fold++) store<f32>(inSlot(slots, fold * channels + c, part), <f32>value)
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

/** Adds the float sums, vector `part` of each slot, to the doubles at `totals`, and clears them. */
export function flushSlots(width: i32, slots: usize, part: i32, totals: usize): void {
  let source = slots + <usize>part * VECTOR
  for (let column = 0; column < width; column += 4) {
    addFourToDoubles(totals, v128.load(source))
    v128.store(source, f32x4.splat(0))
    source += SLOT
    totals += 4 * DOUBLE
  }
}

/** Adds two wide rows to vector 0 of the slots. */
function addRows(width: i32, x: usize, slots: usize): void {
  const step = floats(width)
  const end = x + step
  while (x < end) {
    v128.store(slots, f32x4.add(v128.load(slots), f32x4.add(v128.load(x), v128.load(x + step))))
    slots += SLOT
    x += VECTOR
  }
}

/** sum[channels] = Σ over the rows of x[rows, channels]. Scratch: columnScratch. */
export function channelSum(rows: i32, channels: i32, x: usize, sum: usize, scratch: usize): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const slots = scratch + <usize>width * DOUBLE
  const pairs = rows / (2 * folds)
  memory.fill(scratch, 0, <usize>width * DOUBLE + slotBytes(width))
  for (let pair = 1; pair <= pairs; pair++) {
    addRows(width, x, slots)
    x += 2 * floats(width)
    if (pair % (BLOCK_ROWS / 2) == 0 || pair == pairs) flushSlots(width, slots, 0, scratch)
  }
  const rest = rows - 2 * pairs * folds
  for (let c = 0; c < channels; c++) {
    let total = foldedTotal(scratch, channels, c, folds)
    for (let i = 0; i < rest; i++) total += <f64>load<f32>(x + floats(i * channels + c))
    store<f32>(sum + floats(c), <f32>total)
  }
}
