import { VECTOR, floats, multiplyAdd } from './lanes'
import { BLOCK_ROWS, DOUBLE, SLOT, inSlot, rowsAsOne, slotBytes } from './columns'

/**
 * Mean and variance of channels.
 *
 *     of a block:    d = x − pilot        mean = pilot + Σ d / rows        square = Σ d² − (Σ d)² / rows
 *
 * The pilot is the mean of the blocks before, or the first row: distances from it are no longer than the spread, so that
 * a mean far from zero does not swallow it, and the rows are read once. Matrices [rows, channels] are walked as
 * columns.ts explains, with pilot, Σ d and Σ d² in vectors 0, 1 and 2 of each slot.
 */

/** Adds the distances of two wide rows to the slots. */
function addRows(width: i32, x: usize, slots: usize): void {
  const step = floats(width)
  const end = x + step
  while (x < end) {
    const pilot = v128.load(slots)
    const distance = f32x4.sub(v128.load(x), pilot)
    const below = f32x4.sub(v128.load(x + step), pilot)
    const square = multiplyAdd(below, below, f32x4.mul(distance, distance))
    v128.store(slots, f32x4.add(v128.load(slots, 16), f32x4.add(distance, below)), 16)
    v128.store(slots, f32x4.add(v128.load(slots, 32), square), 32)
    slots += SLOT
    x += VECTOR
  }
}

/**
 * Joins a group of `count` values with mean `mean` and sum of squared distances `square` to the `before`
 * values already in the doubles at `means` and `squares`. Chan, Golub and LeVeque, "Updating formulae and a
 * pairwise algorithm for computing sample variances", 1979.
 */
function join(means: usize, squares: usize, before: f64, count: f64, mean: f64, square: f64): void {
  const share = count / (before + count)
  const distance = mean - load<f64>(means)
  store<f64>(means, load<f64>(means) + distance * share)
  store<f64>(squares, load<f64>(squares) + square + distance * distance * before * share)
}

/** Joins the block in the slots to the doubles, and begins another one: the means are its pilots. */
function joinBlock(width: i32, slots: usize, means: usize, squares: usize, before: i32, rows: i32): void {
  const inverse = 1.0 / <f64>rows
  for (let column = 0; column < width; column++) {
    const slot = inSlot(slots, column, 0)
    const sum = <f64>load<f32>(slot, 16)
    const mean = <f64>load<f32>(slot) + sum * inverse
    join(means, squares, <f64>before, <f64>rows, mean, <f64>load<f32>(slot, 32) - sum * sum * inverse)
    store<f32>(slot, <f32>load<f64>(means))
    store<f32>(slot, 0, 16)
    store<f32>(slot, 0, 32)
    means += DOUBLE
    squares += DOUBLE
  }
}

/** The pilots of the first block are the first row. */
function writePilots(width: i32, x: usize, slots: usize): void {
  for (let column = 0; column < width; column += 4) {
    v128.store(slots, v128.load(x))
    x += VECTOR
    slots += SLOT
  }
}

/** Joins the columns of a channel and the rows left over to column c. */
function finishMoments(
  c: i32,
  channels: i32,
  folds: i32,
  wideRows: i32,
  rest: i32,
  x: usize,
  means: usize,
  squares: usize,
): void {
  const column = <usize>c * DOUBLE
  let count = <f64>wideRows
  if (count > 0) {
    for (let fold = 1; fold < folds; fold++) {
      const other = <usize>(fold * channels + c) * DOUBLE
      join(
        means + column,
        squares + column,
        count,
        <f64>wideRows,
        load<f64>(means + other),
        load<f64>(squares + other),
      )
      count += <f64>wideRows
    }
  }
  for (let i = 0; i < rest; i++) {
    join(means + column, squares + column, count, 1, <f64>load<f32>(x + floats(i * channels + c)), 0)
    count += 1
  }
}

/** mean[channels] and variance[channels] (divided by rows) of x[rows, channels]. Scratch: columnScratch. */
export function channelMoments(
  rows: i32,
  channels: i32,
  x: usize,
  mean: usize,
  variance: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const means = scratch
  const squares = means + <usize>width * DOUBLE
  const slots = squares + <usize>width * DOUBLE
  const wideRows = rows / (2 * folds) * 2
  memory.fill(scratch, 0, 2 * <usize>width * DOUBLE + slotBytes(width))
  if (wideRows > 0) writePilots(width, x, slots)
  let before = 0
  for (let row = 2; row <= wideRows; row += 2) {
    addRows(width, x, slots)
    x += 2 * floats(width)
    if (row - before == BLOCK_ROWS || row == wideRows) {
      joinBlock(width, slots, means, squares, before, row - before)
      before = row
    }
  }
  for (let c = 0; c < channels; c++) {
    finishMoments(c, channels, folds, wideRows, rows - wideRows * folds, x, means, squares)
    store<f32>(mean + floats(c), <f32>load<f64>(means + <usize>c * DOUBLE))
    store<f32>(variance + floats(c), <f32>(load<f64>(squares + <usize>c * DOUBLE) / <f64>rows))
  }
}
