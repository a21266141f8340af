import { FLOAT, VECTOR } from './lanes'

/**
 * One pooling window over x[height, width, channels], four channels at a time.
 *
 * A window is handed around as its first pixel, the rows and columns left of it after clipping to the image,
 * and two steps in bytes: `pixel` to the next column, `line` to the next row.
 */

/**
 * y[channels] = the maximum over one window, NaN if one of its pixels is; nothing at all gives −∞. The NaN
 * are collected beside the maximum: f32x4.max, which hands them on itself, takes three times as long.
 */
export function windowMaximum(
  channels: i32,
  x: usize,
  rows: i32,
  columns: i32,
  pixel: usize,
  line: usize,
  y: usize,
): void {
  while (channels >= 4) {
    let largest = f32x4.splat(-Infinity)
    let unordered = i32x4.splat(0)
    let start = x
    for (let row = 0; row < rows; row++) {
      let source = start
      for (let column = 0; column < columns; column++) {
        const value = v128.load(source)
        largest = f32x4.pmax(largest, value)
        unordered = v128.or(unordered, f32x4.ne(value, value))
        source += pixel
      }
      start += line
    }
    v128.store(y, v128.or(largest, unordered))
    x += VECTOR
    y += VECTOR
    channels -= 4
  }
  while (channels > 0) {
    let one: f32 = -Infinity
    let start = x
    for (let row = 0; row < rows; row++) {
      let source = start
      for (let column = 0; column < columns; column++) {
        one = max<f32>(one, load<f32>(source))
        source += pixel
      }
      start += line
    }
    store<f32>(y, one)
    x += FLOAT
    y += FLOAT
    channels--
  }
}

/** Where x is the maximum m: equal to it, or NaN (then m is NaN as well). */
export function isMaximum(x: v128, m: v128): v128 {
  return v128.or(f32x4.eq(x, m), f32x4.ne(x, x))
}

/**
 * Adds dy[channels] to dx at the first maximum of one window; `y` holds the maxima, `toGradient` is dx − x in
 * bytes.
 */
export function windowMaximumGradient(
  channels: i32,
  x: usize,
  rows: i32,
  columns: i32,
  pixel: usize,
  line: usize,
  y: usize,
  dy: usize,
  toGradient: usize,
): void {
  while (channels >= 4) {
    const maximum = v128.load(y)
    let left = v128.load(dy)
    let start = x
    for (let row = 0; row < rows; row++) {
      let source = start
      for (let column = 0; column < columns; column++) {
        const target = source + toGradient
        const hit = isMaximum(v128.load(source), maximum)
        v128.store(target, f32x4.add(v128.load(target), v128.and(left, hit)))
        left = v128.andnot(left, hit)
        source += pixel
      }
      start += line
    }
    x += VECTOR
    y += VECTOR
    dy += VECTOR
    channels -= 4
  }
  while (channels > 0) {
    addToFirstMaximum(x, rows, columns, pixel, line, load<f32>(y), load<f32>(dy), toGradient)
    x += FLOAT
    y += FLOAT
    dy += FLOAT
    channels--
  }
}

/** The same for one channel. */
function addToFirstMaximum(
  x: usize,
  rows: i32,
  columns: i32,
  pixel: usize,
  line: usize,
  maximum: f32,
  gradient: f32,
  toGradient: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let source = x
    for (let column = 0; column < columns; column++) {
      const value = load<f32>(source)
      if (value == maximum || value != value) {
        store<f32>(source + toGradient, load<f32>(source + toGradient) + gradient)
        return
      }
      source += pixel
    }
    x += line
  }
}

/** y[channels] = factor · the sum over one window. */
export function windowAverage(
  channels: i32,
  x: usize,
  rows: i32,
  columns: i32,
  pixel: usize,
  line: usize,
  factor: f32,
  y: usize,
): void {
  while (channels >= 4) {
    let four = f32x4.splat(0)
    let start = x
    for (let row = 0; row < rows; row++) {
      let source = start
      for (let column = 0; column < columns; column++) {
        four = f32x4.add(four, v128.load(source))
        source += pixel
      }
      start += line
    }
    v128.store(y, f32x4.mul(four, f32x4.splat(factor)))
    x += VECTOR
    y += VECTOR
    channels -= 4
  }
  while (channels > 0) {
    let one: f32 = 0
    let start = x
    for (let row = 0; row < rows; row++) {
      let source = start
      for (let column = 0; column < columns; column++) {
        one += load<f32>(source)
        source += pixel
      }
      start += line
    }
    store<f32>(y, one * factor)
    x += FLOAT
    y += FLOAT
    channels--
  }
}

/** Adds factor · dy[channels] to every pixel of one window of dx. */
export function windowAverageGradient(
  channels: i32,
  dy: usize,
  rows: i32,
  columns: i32,
  pixel: usize,
  line: usize,
  factor: f32,
  dx: usize,
): void {
  while (channels >= 4) {
    const four = f32x4.mul(v128.load(dy), f32x4.splat(factor))
    let start = dx
    for (let row = 0; row < rows; row++) {
      let target = start
      for (let column = 0; column < columns; column++) {
        v128.store(target, f32x4.add(v128.load(target), four))
        target += pixel
      }
      start += line
    }
    dx += VECTOR
    dy += VECTOR
    channels -= 4
  }
  while (channels > 0) {
    const one = load<f32>(dy) * factor
    let start = dx
    for (let row = 0; row < rows; row++) {
      let target = start
      for (let column = 0; column < columns; column++) {
        store<f32>(target, load<f32>(target) + one)
        target += pixel
      }
      start += line
    }
    dx += FLOAT
    dy += FLOAT
    channels--
  }
}
