import { floats } from './lanes'
import { BLOCK_ROWS, DOUBLE, rowsAsOne } from './columns'

// Matrices [rows, channels] are walked in wide rows and blocks, as columns.ts explains.

/**
 * Σ d and Σ d² of one block down four columns, d the distance from the block's own mean, so that a mean far
 * from zero does not swallow the spread. They go to `sums` and `squares`, the pilot mean they are counted
 * from to `pilots`: four floats each.
 */
function blockMoments(rows: i32, step: usize, x: usize, pilots: usize, sums: usize, squares: usize): void {
  let total = f32x4.splat(0)
  let source = x
  let left = rows
  while (left > 0) {
    total = f32x4.add(total, v128.load(source))
    source += step
    left--
  }
  const pilot = f32x4.mul(total, f32x4.splat(<f32>(1.0 / <f64>rows)))
  let sum = f32x4.splat(0)
  let square = f32x4.splat(0)
  source = x
  left = rows
  while (left > 0) {
    const distance = f32x4.sub(v128.load(source), pilot)
    sum = f32x4.add(sum, distance)
    square = f32x4.add(square, f32x4.mul(distance, distance))
    source += step
    left--
  }
  v128.store(pilots, pilot)
  v128.store(sums, sum)
  v128.store(squares, square)
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

/** Joins four columns of a block, as blockMoments left them, to the doubles. */
function joinFour(means: usize, squares: usize, before: i32, rows: i32, block: usize): void {
  const inverse = 1.0 / <f64>rows
  for (let lane = 0; lane < 4; lane++) {
    const slot = block + floats(lane)
    const sum = <f64>load<f32>(slot, 16)
    const mean = <f64>load<f32>(slot) + sum * inverse
    const square = <f64>load<f32>(slot, 32) - sum * sum * inverse
    const column = <usize>lane * DOUBLE
    join(means + column, squares + column, <f64>before, <f64>rows, mean, square)
  }
}

/** Joins the columns of a channel and the rows left over to column c, and writes mean and variance. */
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

/**
 * mean[channels] and variance[channels] (divided by rows) of x[rows, channels]. Scratch: 8·channels doubles
 * and 12 floats.
 */
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
  const wideRows = rows / folds
  const means = scratch
  const squares = means + <usize>width * DOUBLE
  const block = squares + <usize>width * DOUBLE
  memory.fill(scratch, 0, 2 * <usize>width * DOUBLE)
  let row = 0
  while (row < wideRows) {
    const count = min(BLOCK_ROWS, wideRows - row)
    for (let column = 0; column < width; column += 4) {
      blockMoments(count, floats(width), x + floats(column), block, block + 16, block + 32)
      joinFour(means + <usize>column * DOUBLE, squares + <usize>column * DOUBLE, row, count, block)
    }
    x += floats(count * width)
    row += count
  }
  const rest = rows - wideRows * folds
  for (let c = 0; c < channels; c++) {
    finishMoments(c, channels, folds, wideRows, rest, x, means, squares)
    store<f32>(mean + floats(c), <f32>load<f64>(means + <usize>c * DOUBLE))
    store<f32>(variance + floats(c), <f32>(load<f64>(squares + <usize>c * DOUBLE) / <f64>rows))
  }
}
