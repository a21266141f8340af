import { VECTOR, floats } from './lanes'
import { BLOCK_ROWS, DOUBLE, addFourToDoubles, foldedTotal, repeatRow, rowsAsOne } from './columns'

export { channelMoments } from './moments'

// Matrices [rows, channels] are walked in wide rows and blocks, as columns.ts explains.

/** 1 / √(variance + ε) of channel c. */
function inverseDeviation(variance: usize, c: i32, epsilon: f64): f64 {
  return 1.0 / sqrt<f64>(<f64>load<f32>(variance + floats(c)) + epsilon)
}

/** gamma or beta of channel c, or what stands for a missing one (pointer 0). */
function channelValue(values: usize, c: i32, missing: f64): f64 {
  return values == 0 ? missing : <f64>load<f32>(values + floats(c))
}

/** y = (x − mean)·factor + shift of `count` floats, coefficients side by side. */
function applyRow(count: i32, x: usize, y: usize, mean: usize, factor: usize, shift: usize): void {
  let at: usize = 0
  while (count >= 4) {
    const distance = f32x4.sub(v128.load(x + at), v128.load(mean + at))
    v128.store(y + at, f32x4.add(f32x4.mul(distance, v128.load(factor + at)), v128.load(shift + at)))
    at += VECTOR
    count -= 4
  }
  while (count > 0) {
    const distance = load<f32>(x + at) - load<f32>(mean + at)
    store<f32>(y + at, distance * load<f32>(factor + at) + load<f32>(shift + at))
    at += 4
    count--
  }
}

/** y = (x − mean) / √(variance + ε) · gamma + beta of x[rows, channels]. Scratch: 12·channels floats. */
export function batchNormApply(
  rows: i32,
  channels: i32,
  x: usize,
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  y: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const means = scratch
  const factors = means + floats(width)
  const shifts = factors + floats(width)
  for (let c = 0; c < channels; c++) {
    store<f32>(means + floats(c), load<f32>(mean + floats(c)))
    store<f32>(factors + floats(c), <f32>(channelValue(gamma, c, 1) * inverseDeviation(variance, c, epsilon)))
    store<f32>(shifts + floats(c), <f32>channelValue(beta, c, 0))
  }
  repeatRow(means, channels, folds)
  repeatRow(factors, channels, folds)
  repeatRow(shifts, channels, folds)
  while (rows > 0) {
    const count = rows >= folds ? width : rows * channels
    applyRow(count, x, y, means, factors, shifts)
    x += floats(count)
    y += floats(count)
    rows -= folds
  }
}

/** Adds Σ dy and Σ dy·(x − mean) of one block down the columns to the doubles at `sums` and `products`. */
function addGradientBlock(
  rows: i32,
  width: i32,
  dy: usize,
  x: usize,
  mean: usize,
  sums: usize,
  products: usize,
): void {
  const step = floats(width)
  for (let column = 0; column < width; column += 4) {
    const center = v128.load(mean + floats(column))
    let sum = f32x4.splat(0)
    let product = f32x4.splat(0)
    let at = floats(column)
    let left = rows
    while (left > 0) {
      const g = v128.load(dy + at)
      sum = f32x4.add(sum, g)
      product = f32x4.add(product, f32x4.mul(g, f32x4.sub(v128.load(x + at), center)))
      at += step
      left--
    }
    addFourToDoubles(sums + <usize>column * DOUBLE, sum)
    addFourToDoubles(products + <usize>column * DOUBLE, product)
  }
}

/**
 * dgamma[c] = Σ dy·(x − mean) / √(variance + ε) and dbeta[c] = Σ dy over the rows of [rows, channels].
 * Scratch: 8·channels doubles and 4·channels floats.
 */
export function batchNormSums(
  rows: i32,
  channels: i32,
  dy: usize,
  x: usize,
  mean: usize,
  variance: usize,
  epsilon: f64,
  dgamma: usize,
  dbeta: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const wideRows = rows / folds
  const sums = scratch
  const products = sums + <usize>width * DOUBLE
  const means = products + <usize>width * DOUBLE
  memory.fill(scratch, 0, 2 * <usize>width * DOUBLE)
  memory.copy(means, mean, floats(channels))
  repeatRow(means, channels, folds)
  let row = 0
  while (row < wideRows) {
    const count = min(BLOCK_ROWS, wideRows - row)
    addGradientBlock(count, width, dy, x, means, sums, products)
    dy += floats(count * width)
    x += floats(count * width)
    row += count
  }
  const rest = rows - wideRows * folds
  for (let c = 0; c < channels; c++) {
    let sum = foldedTotal(sums, channels, c, folds)
    let product = foldedTotal(products, channels, c, folds)
    for (let i = 0; i < rest; i++) {
      const g = <f64>load<f32>(dy + floats(i * channels + c))
      sum += g
      product += g * (<f64>load<f32>(x + floats(i * channels + c)) - <f64>load<f32>(mean + floats(c)))
    }
    store<f32>(dbeta + floats(c), <f32>sum)
    store<f32>(dgamma + floats(c), <f32>(product * inverseDeviation(variance, c, epsilon)))
  }
}

/** dx = factor·(dy − average − (x − mean)·slope) of `count` floats, coefficients side by side. */
function gradientRow(
  count: i32,
  dy: usize,
  x: usize,
  dx: usize,
  mean: usize,
  factor: usize,
  average: usize,
  slope: usize,
): void {
  let at: usize = 0
  while (count >= 4) {
    const distance = f32x4.sub(v128.load(x + at), v128.load(mean + at))
    const through = f32x4.add(v128.load(average + at), f32x4.mul(distance, v128.load(slope + at)))
    v128.store(dx + at, f32x4.mul(f32x4.sub(v128.load(dy + at), through), v128.load(factor + at)))
    at += VECTOR
    count -= 4
  }
  while (count > 0) {
    const distance = load<f32>(x + at) - load<f32>(mean + at)
    const through = load<f32>(average + at) + distance * load<f32>(slope + at)
    store<f32>(dx + at, (load<f32>(dy + at) - through) * load<f32>(factor + at))
    at += 4
    count--
  }
}

/**
 * dx = gamma·i·(dy − dbeta/rows − (x − mean)·i·dgamma/rows) with i = 1 / √(variance + ε): mean and variance
 * are those of x itself. Scratch: 16·channels floats.
 */
export function batchNormGradient(
  rows: i32,
  channels: i32,
  dy: usize,
  x: usize,
  mean: usize,
  variance: usize,
  gamma: usize,
  epsilon: f64,
  dgamma: usize,
  dbeta: usize,
  constantStatistics: bool,
  dx: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const means = scratch
  const factors = means + floats(width)
  const averages = factors + floats(width)
  const slopes = averages + floats(width)
  const through: f64 = constantStatistics ? 0 : 1.0 / <f64>rows
  for (let c = 0; c < channels; c++) {
    const inverse = inverseDeviation(variance, c, epsilon)
    store<f32>(means + floats(c), load<f32>(mean + floats(c)))
    store<f32>(factors + floats(c), <f32>(channelValue(gamma, c, 1) * inverse))
    store<f32>(averages + floats(c), <f32>(through * <f64>load<f32>(dbeta + floats(c))))
    store<f32>(slopes + floats(c), <f32>(through * inverse * <f64>load<f32>(dgamma + floats(c))))
  }
  repeatRow(means, channels, folds)
  repeatRow(factors, channels, folds)
  repeatRow(averages, channels, folds)
  repeatRow(slopes, channels, folds)
  while (rows > 0) {
    const count = rows >= folds ? width : rows * channels
    gradientRow(count, dy, x, dx, means, factors, averages, slopes)
    dy += floats(count)
    x += floats(count)
    dx += floats(count)
    rows -= folds
  }
}
