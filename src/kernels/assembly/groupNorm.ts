import { FLOAT, VECTOR, addToDoubles, floats, sumOfDoubles } from './lanes'

/** Σ x over rows of `width` floats, one every `step` floats. */
function sumOfRows(rows: i32, width: i32, x: usize, step: i32): f64 {
  let totals = f64x2.splat(0)
  let rest: f64 = 0
  for (let row = 0; row < rows; row++) {
    let at = x
    let left = width
    while (left >= 4) {
      totals = addToDoubles(totals, v128.load(at))
      at += VECTOR
      left -= 4
    }
    while (left > 0) {
      rest += <f64>load<f32>(at)
      at += FLOAT
      left--
    }
    x += floats(step)
  }
  return sumOfDoubles(totals) + rest
}

/** Σ (x − mean)² over the same rows. */
function squaresOfRows(rows: i32, width: i32, x: usize, step: i32, mean: f32): f64 {
  const means = f32x4.splat(mean)
  let totals = f64x2.splat(0)
  let rest: f64 = 0
  for (let row = 0; row < rows; row++) {
    let at = x
    let left = width
    while (left >= 4) {
      const distance = f32x4.sub(v128.load(at), means)
      totals = addToDoubles(totals, f32x4.mul(distance, distance))
      at += VECTOR
      left -= 4
    }
    while (left > 0) {
      const distance = <f64>(load<f32>(at) - mean)
      rest += distance * distance
      at += FLOAT
      left--
    }
    x += floats(step)
  }
  return sumOfDoubles(totals) + rest
}

/** y = (x − mean) · factor over the same rows. */
function standardizeRows(rows: i32, width: i32, x: usize, y: usize, step: i32, mean: f32, factor: f32): void {
  const means = f32x4.splat(mean)
  const factors = f32x4.splat(factor)
  for (let row = 0; row < rows; row++) {
    let from = x
    let to = y
    let left = width
    while (left >= 4) {
      v128.store(to, f32x4.mul(f32x4.sub(v128.load(from), means), factors))
      from += VECTOR
      to += VECTOR
      left -= 4
    }
    while (left > 0) {
      store<f32>(to, (load<f32>(from) - mean) * factor)
      from += FLOAT
      to += FLOAT
      left--
    }
    x += floats(step)
    y += floats(step)
  }
}

/**
 * y[samples, positions, groups, width] = (x − mean) · scale, mean and scale those of each sample and group;
 * scales[samples, groups] = 1 / √(variance + ε).
 */
export function standardize(
  samples: i32,
  positions: i32,
  groups: i32,
  width: i32,
  x: usize,
  y: usize,
  scales: usize,
  epsilon: f64,
): void {
  const step = groups * width
  const count = <f64>positions * <f64>width
  for (let sample = 0; sample < samples; sample++) {
    for (let group = 0; group < groups; group++) {
      const start = floats(group * width)
      const mean = <f32>(sumOfRows(positions, width, x + start, step) / count)
      const variance = squaresOfRows(positions, width, x + start, step, mean) / count
      const scale = <f32>(1.0 / sqrt<f64>(variance + epsilon))
      standardizeRows(positions, width, x + start, y + start, step, mean, scale)
      store<f32>(scales, scale)
      scales += FLOAT
    }
    x += floats(positions * step)
    y += floats(positions * step)
  }
}

/** Σ a·b over rows of `width` floats, one every `step` floats. */
function productOfRows(rows: i32, width: i32, a: usize, b: usize, step: i32): f64 {
  let totals = f64x2.splat(0)
  let rest: f64 = 0
  for (let row = 0; row < rows; row++) {
    let first = a
    let second = b
    let left = width
    while (left >= 4) {
      totals = addToDoubles(totals, f32x4.mul(v128.load(first), v128.load(second)))
      first += VECTOR
      second += VECTOR
      left -= 4
    }
    while (left > 0) {
      rest += <f64>load<f32>(first) * <f64>load<f32>(second)
      first += FLOAT
      second += FLOAT
      left--
    }
    a += floats(step)
    b += floats(step)
  }
  return sumOfDoubles(totals) + rest
}

/** dx = scale · (dy − mean of dy − y · mean of dy·y) over the same rows. */
function unstandardizeRows(
  rows: i32,
  width: i32,
  dy: usize,
  y: usize,
  dx: usize,
  step: i32,
  scale: f32,
  mean: f32,
  product: f32,
): void {
  const scales = f32x4.splat(scale)
  const means = f32x4.splat(mean)
  const products = f32x4.splat(product)
  for (let row = 0; row < rows; row++) {
    let offset: usize = 0
    let left = width
    while (left >= 4) {
      const away = f32x4.mul(v128.load(y + offset), products)
      const rest = f32x4.sub(f32x4.sub(v128.load(dy + offset), means), away)
      v128.store(dx + offset, f32x4.mul(rest, scales))
      offset += VECTOR
      left -= 4
    }
    while (left > 0) {
      const rest = load<f32>(dy + offset) - mean - load<f32>(y + offset) * product
      store<f32>(dx + offset, rest * scale)
      offset += FLOAT
      left--
    }
    dy += floats(step)
    y += floats(step)
    dx += floats(step)
  }
}

/** dx[samples, positions, groups, width] of `standardize`, from dy, y and the scales. */
export function standardizeGradient(
  samples: i32,
  positions: i32,
  groups: i32,
  width: i32,
  dy: usize,
  y: usize,
  scales: usize,
  dx: usize,
): void {
  const step = groups * width
  const count = <f64>positions * <f64>width
  for (let sample = 0; sample < samples; sample++) {
    for (let group = 0; group < groups; group++) {
      const start = floats(group * width)
      const mean = <f32>(sumOfRows(positions, width, dy + start, step) / count)
      const product = <f32>(productOfRows(positions, width, dy + start, y + start, step) / count)
      const scale = load<f32>(scales)
      unstandardizeRows(positions, width, dy + start, y + start, dx + start, step, scale, mean, product)
      scales += FLOAT
    }
    const bytes = floats(positions * step)
    dy += bytes
    y += bytes
    dx += bytes
  }
}
