import { FLOAT, VECTOR, clearFloats, floats } from './lanes'

// A window is handed around as pool2d.ts explains.

/** y[channels] = factor · the sum over one window. */
function windowAverage(
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
function windowAverageGradient(
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

/**
 * How many pixels of one axis a window covers inside the padded input: what an average counts when padding
 * counts.
 */
function paddedExtent(start: i32, pool: i32, size: i32, after: i32): i32 {
  return min(start + pool, size + after) - start
}

/** Average pooling and, with `backward`, its gradient: then `x` is dx, which it fills, and `y` is dy. */
export function avgPool2d(
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
  bottom: i32,
  left: i32,
  right: i32,
  outHeight: i32,
  outWidth: i32,
  includePad: bool,
  y: usize,
  backward: bool,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  if (backward) clearFloats(x, batch * height * width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      const startY = i * strideHeight - top
      const y0 = max(0, startY)
      const rows = min(height, startY + poolHeight) - y0
      for (let j = 0; j < outWidth; j++) {
        const startX = j * strideWidth - left
        const x0 = max(0, startX)
        const columns = min(width, startX + poolWidth) - x0
        const count = includePad
          ? paddedExtent(startY, poolHeight, height, bottom) * paddedExtent(startX, poolWidth, width, right)
          : rows * columns
        const factor: f32 = rows > 0 && columns > 0 ? <f32>(1.0 / <f64>count) : 0
        const start = x + floats((y0 * width + x0) * channels)
        if (backward) windowAverageGradient(channels, y, rows, columns, pixel, line, factor, start)
        else windowAverage(channels, start, rows, columns, pixel, line, factor, y)
        y += pixel
      }
    }
    x += floats(height * width * channels)
  }
}
