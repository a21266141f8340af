import { FLOAT, VECTOR, clearFloats, floats } from './lanes'

export { avgPool2d } from './avgPool2d'

/**
 * Pooling over x[batch, height, width, channels], four channels at a time.
 *
 * A window is handed around as its first pixel, the rows and columns left of it after clipping to the image,
 * and two steps in bytes: `pixel` to the next column, `line` to the next row.
 */

/**
 * y[channels] = the maximum over one window, NaN if one of its pixels is; nothing at all gives −∞. The NaN
 * are collected beside the maximum: f32x4.max, which hands them on itself, takes three times as long.
 */
function windowMaximum(
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

export function maxPool2d(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  poolHeight: i32,
  poolWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      const y0 = max(0, i * strideHeight - top)
      const rows = min(height, i * strideHeight - top + poolHeight) - y0
      for (let j = 0; j < outWidth; j++) {
        const x0 = max(0, j * strideWidth - left)
        const columns = min(width, j * strideWidth - left + poolWidth) - x0
        windowMaximum(channels, x + floats((y0 * width + x0) * channels), rows, columns, pixel, line, y)
        y += pixel
      }
    }
    x += floats(height * width * channels)
  }
}

/** The commonest pooling: windows of 2×2, stride 2, no padding, channels divisible by four. */
export function maxPool2x2(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  outHeight: i32,
  outWidth: i32,
  y: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      let source = x + floats(2 * i * width * channels)
      for (let j = 0; j < outWidth; j++) {
        for (let c = 0; c < channels; c += 4) {
          const upper = f32x4.max(v128.load(source), v128.load(source + pixel))
          const lower = f32x4.max(v128.load(source + line), v128.load(source + line + pixel))
          v128.store(y, f32x4.max(upper, lower))
          source += VECTOR
          y += VECTOR
        }
        source += pixel
      }
    }
    x += floats(height * width * channels)
  }
}

/** Where x is the maximum m: equal to it, or NaN (then m is NaN as well). */
function isMaximum(x: v128, m: v128): v128 {
  return v128.or(f32x4.eq(x, m), f32x4.ne(x, x))
}

/**
 * Adds dy[channels] to dx at the first maximum of one window; `y` holds the maxima, `toGradient` is dx − x in
 * bytes.
 */
function windowMaximumGradient(
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

export function maxPool2dGradient(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  poolHeight: i32,
  poolWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  dy: usize,
  dx: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  const toGradient = dx - x
  clearFloats(dx, batch * height * width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      const y0 = max(0, i * strideHeight - top)
      const rows = min(height, i * strideHeight - top + poolHeight) - y0
      for (let j = 0; j < outWidth; j++) {
        const x0 = max(0, j * strideWidth - left)
        const columns = min(width, j * strideWidth - left + poolWidth) - x0
        const start = x + floats((y0 * width + x0) * channels)
        windowMaximumGradient(channels, start, rows, columns, pixel, line, y, dy, toGradient)
        y += pixel
        dy += pixel
      }
    }
    x += floats(height * width * channels)
  }
}

/**
 * The gradient of maxPool2x2 writes each pixel once: windows do not overlap. A last odd row or column gets
 * zeros.
 */
export function maxPool2x2Gradient(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  dy: usize,
  dx: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  const restOfLine = (width - 2 * outWidth) * channels
  const restOfImage = (height - 2 * outHeight) * width * channels
  const toGradient = dx - x
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      let source = x
      for (let j = 0; j < outWidth; j++) {
        for (let c = 0; c < channels; c += 4) {
          const maximum = v128.load(y)
          const target = source + toGradient
          let left = v128.load(dy)
          let hit = isMaximum(v128.load(source), maximum)
          v128.store(target, v128.and(left, hit))
          left = v128.andnot(left, hit)
          hit = isMaximum(v128.load(source + pixel), maximum)
          v128.store(target + pixel, v128.and(left, hit))
          left = v128.andnot(left, hit)
          hit = isMaximum(v128.load(source + line), maximum)
          v128.store(target + line, v128.and(left, hit))
          left = v128.andnot(left, hit)
          hit = isMaximum(v128.load(source + line + pixel), maximum)
          v128.store(target + line + pixel, v128.and(left, hit))
          source += VECTOR
          y += VECTOR
          dy += VECTOR
        }
        source += pixel
      }
      clearFloats(source + toGradient, restOfLine)
      clearFloats(source + line + toGradient, restOfLine)
      x += 2 * line
    }
    clearFloats(x + toGradient, restOfImage)
    x += floats(restOfImage)
  }
}
