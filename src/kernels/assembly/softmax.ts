import { FLOAT, VECTOR, addToDoubles, floats, multiplySubtract, sumOfDoubles } from './lanes'
import { expOfNegative, logOfDouble } from './exponential'

/** The largest of `count` floats, or NaN if one of them is. */
export function rowMaximum(x: usize, count: i32): f32 {
  let four = f32x4.splat(-Infinity)
  while (count >= 4) {
    four = f32x4.max(four, v128.load(x))
    x += VECTOR
    count -= 4
  }
  while (count > 0) {
    four = f32x4.max(four, v128.load32_splat(x))
    x += FLOAT
    count--
  }
  const two = f32x4.max(four, i64x2.shuffle(four, four, 1, 0))
  return max<f32>(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1))
}

/** y = exp(x − shift) for `count` floats, none above the shift. Returns the sum of y. */
export function exponentials(x: usize, count: i32, shift: f32, y: usize): f64 {
  const shifts = f32x4.splat(shift)
  let totals = f64x2.splat(0)
  let rest: f64 = 0
  while (count >= 4) {
    const e = expOfNegative(f32x4.sub(v128.load(x), shifts))
    v128.store(y, e)
    totals = addToDoubles(totals, e)
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    const e = f32x4.extract_lane(expOfNegative(f32x4.sub(v128.load32_splat(x), shifts)), 0)
    store<f32>(y, e)
    rest += <f64>e
    x += FLOAT
    y += FLOAT
    count--
  }
  return sumOfDoubles(totals) + rest
}

/** Multiplies `count` floats by a factor in place. */
function multiplyRow(y: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  while (count >= 4) {
    v128.store(y, f32x4.mul(v128.load(y), factors))
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, load<f32>(y) * factor)
    y += FLOAT
    count--
  }
}

/** y[rows, width] = exp(x − max) / Σ exp(x − max), row by row. */
export function softmax(rows: i32, width: i32, x: usize, y: usize): void {
  for (let row = 0; row < rows; row++) {
    const total = exponentials(x, width, rowMaximum(x, width), y)
    multiplyRow(y, width, <f32>(1.0 / total))
    x += floats(width)
    y += floats(width)
  }
}

/** Σ a·b over `count` floats. */
function rowDotProduct(a: usize, b: usize, count: i32): f64 {
  let totals = f64x2.splat(0)
  let rest: f64 = 0
  while (count >= 4) {
    totals = addToDoubles(totals, f32x4.mul(v128.load(a), v128.load(b)))
    a += VECTOR
    b += VECTOR
    count -= 4
  }
  while (count > 0) {
    rest += <f64>load<f32>(a) * <f64>load<f32>(b)
    a += FLOAT
    b += FLOAT
    count--
  }
  return sumOfDoubles(totals) + rest
}

/** dx[rows, width] = y · (dy − Σ dy·y), row by row. */
export function softmaxGradient(rows: i32, width: i32, dy: usize, y: usize, dx: usize): void {
  for (let row = 0; row < rows; row++) {
    const product = <f32>rowDotProduct(dy, y, width)
    const products = f32x4.splat(product)
    let left = width
    while (left >= 4) {
      v128.store(dx, f32x4.mul(v128.load(y), f32x4.sub(v128.load(dy), products)))
      dy += VECTOR
      y += VECTOR
      dx += VECTOR
      left -= 4
    }
    while (left > 0) {
      store<f32>(dx, load<f32>(y) * (load<f32>(dy) - product))
      dy += FLOAT
      y += FLOAT
      dx += FLOAT
      left--
    }
  }
}

/** y = x − shift for `count` floats. */
function shiftRow(x: usize, count: i32, shift: f32, y: usize): void {
  const shifts = f32x4.splat(shift)
  while (count >= 4) {
    v128.store(y, f32x4.sub(v128.load(x), shifts))
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, load<f32>(x) - shift)
    x += FLOAT
    y += FLOAT
    count--
  }
}

/** y[rows, width] = (x − max) − log Σ exp(x − max), row by row. */
export function logSoftmax(rows: i32, width: i32, x: usize, y: usize): void {
  for (let row = 0; row < rows; row++) {
    const maximum = rowMaximum(x, width)
    const logarithm = <f32>logOfDouble(exponentials(x, width, maximum, y))
    shiftRow(x, width, maximum, y)
    shiftRow(y, width, logarithm, y)
    x += floats(width)
    y += floats(width)
  }
}

/** Σ x over `count` floats. */
function rowSum(x: usize, count: i32): f64 {
  let totals = f64x2.splat(0)
  let rest: f64 = 0
  while (count >= 4) {
    totals = addToDoubles(totals, v128.load(x))
    x += VECTOR
    count -= 4
  }
  while (count > 0) {
    rest += <f64>load<f32>(x)
    x += FLOAT
    count--
  }
  return sumOfDoubles(totals) + rest
}

/** dx[rows, width] = dy − exp(y) · Σ dy, row by row. */
export function logSoftmaxGradient(rows: i32, width: i32, dy: usize, y: usize, dx: usize): void {
  for (let row = 0; row < rows; row++) {
    const total = f32x4.splat(<f32>rowSum(dy, width))
    let left = width
    while (left >= 4) {
      v128.store(dx, multiplySubtract(expOfNegative(v128.load(y)), total, v128.load(dy)))
      dy += VECTOR
      y += VECTOR
      dx += VECTOR
      left -= 4
    }
    while (left > 0) {
      const four = multiplySubtract(expOfNegative(v128.load32_splat(y)), total, v128.load32_splat(dy))
      store<f32>(dx, f32x4.extract_lane(four, 0))
      dy += FLOAT
      y += FLOAT
      dx += FLOAT
      left--
    }
  }
}
