import { FLOAT, VECTOR, floats } from './lanes'

// x is [outer, middle, inner], the factor [outer, inner]: one factor for all positions along the middle.

/** y = x · factor; x and y may be the same place. */
export function multiplyRepeated(outer: i32, middle: i32, inner: i32, x: usize, factor: usize, y: usize): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) multiplyRow(middle, x, load<f32>(factor), y)
    else multiplyRows(middle, inner, x, factor, y)
    x += floats(middle * inner)
    y += floats(middle * inner)
    factor += floats(inner)
  }
}

function multiplyRow(count: i32, x: usize, factor: f32, y: usize): void {
  const factors = f32x4.splat(factor)
  while (count >= 4) {
    v128.store(y, f32x4.mul(v128.load(x), factors))
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, load<f32>(x) * factor)
    x += FLOAT
    y += FLOAT
    count--
  }
}

function multiplyRows(rows: i32, width: i32, x: usize, factor: usize, y: usize): void {
  for (let row = 0; row < rows; row++) {
    let source = factor
    let left = width
    while (left >= 4) {
      v128.store(y, f32x4.mul(v128.load(x), v128.load(source)))
      x += VECTOR
      y += VECTOR
      source += VECTOR
      left -= 4
    }
    while (left > 0) {
      store<f32>(y, load<f32>(x) * load<f32>(source))
      x += FLOAT
      y += FLOAT
      source += FLOAT
      left--
    }
  }
}

/** sums[outer, inner] = Σ a·b along the middle, in double precision. */
export function productSum(outer: i32, middle: i32, inner: i32, a: usize, b: usize, sums: usize): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(sums, <f32>rowProduct(middle, a, b))
    else columnProducts(middle, inner, a, b, sums)
    a += floats(middle * inner)
    b += floats(middle * inner)
    sums += floats(inner)
  }
}

function rowProduct(count: i32, a: usize, b: usize): f64 {
  let sum: f64 = 0
  while (count >= 4) {
    const four = f32x4.mul(v128.load(a), v128.load(b))
    sum += <f64>f32x4.extract_lane(four, 0) + <f64>f32x4.extract_lane(four, 1)
    sum += <f64>f32x4.extract_lane(four, 2) + <f64>f32x4.extract_lane(four, 3)
    a += VECTOR
    b += VECTOR
    count -= 4
  }
  while (count > 0) {
    sum += <f64>load<f32>(a) * <f64>load<f32>(b)
    a += FLOAT
    b += FLOAT
    count--
  }
  return sum
}

/** Σ a·b down each column. */
function columnProducts(rows: i32, width: i32, a: usize, b: usize, sums: usize): void {
  const step = floats(width)
  let left = width
  while (left >= 4) {
    let lower = f64x2.splat(0)
    let upper = f64x2.splat(0)
    let offset: usize = 0
    for (let row = 0; row < rows; row++) {
      const four = f32x4.mul(v128.load(a + offset), v128.load(b + offset))
      lower = f64x2.add(lower, f64x2.promote_low_f32x4(four))
      upper = f64x2.add(upper, f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 0)))
      offset += step
    }
    store<f32>(sums, <f32>f64x2.extract_lane(lower, 0))
    store<f32>(sums, <f32>f64x2.extract_lane(lower, 1), 4)
    store<f32>(sums, <f32>f64x2.extract_lane(upper, 0), 8)
    store<f32>(sums, <f32>f64x2.extract_lane(upper, 1), 12)
    a += VECTOR
    b += VECTOR
    sums += VECTOR
    left -= 4
  }
  while (left > 0) {
    let sum: f64 = 0
    let offset: usize = 0
    for (let row = 0; row < rows; row++) {
      sum += <f64>load<f32>(a + offset) * <f64>load<f32>(b + offset)
      offset += step
    }
    store<f32>(sums, <f32>sum)
    a += FLOAT
    b += FLOAT
    sums += FLOAT
    left--
  }
}
