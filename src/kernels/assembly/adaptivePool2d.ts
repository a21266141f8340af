import { clearFloats, floats } from './lanes'
import { windowAverage, windowAverageGradient, windowMaximum, windowMaximumGradient } from './poolWindow'

/** The first pixel of bin `index`: ⌊index · size / bins⌋. */
function binStart(index: i32, size: i32, bins: i32): i32 {
  return <i32>((<i64>index * <i64>size) / <i64>bins)
}

/** The pixel behind bin `index`: ⌈(index + 1) · size / bins⌉. */
function binEnd(index: i32, size: i32, bins: i32): i32 {
  return <i32>(((<i64>index + 1) * <i64>size + <i64>bins - 1) / <i64>bins)
}

/** y[batch, outHeight, outWidth, channels], the maximum (or the average) of each bin. */
export function adaptivePool2d(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  maximum: bool,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      const y0 = binStart(i, height, outHeight)
      const rows = binEnd(i, height, outHeight) - y0
      for (let j = 0; j < outWidth; j++) {
        const x0 = binStart(j, width, outWidth)
        const columns = binEnd(j, width, outWidth) - x0
        const start = x + floats((y0 * width + x0) * channels)
        if (maximum) windowMaximum(channels, start, rows, columns, pixel, line, y)
        else windowAverage(channels, start, rows, columns, pixel, line, 1 / <f32>(rows * columns), y)
        y += pixel
      }
    }
    x += floats(height * width * channels)
  }
}

/** dx[batch, height, width, channels]; bins may overlap. x and y are read for maxima only. */
export function adaptivePool2dGradient(
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
  maximum: bool,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  const toGradient = dx - x
  clearFloats(dx, batch * height * width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      const y0 = binStart(i, height, outHeight)
      const rows = binEnd(i, height, outHeight) - y0
      for (let j = 0; j < outWidth; j++) {
        const x0 = binStart(j, width, outWidth)
        const columns = binEnd(j, width, outWidth) - x0
        const start = floats((y0 * width + x0) * channels)
        if (maximum) windowMaximumGradient(channels, x + start, rows, columns, pixel, line, y, dy, toGradient)
        else windowAverageGradient(channels, dy, rows, columns, pixel, line, 1 / <f32>(rows * columns), dx + start)
        y += pixel
        dy += pixel
      }
    }
    x += floats(height * width * channels)
    dx += floats(height * width * channels)
  }
}
