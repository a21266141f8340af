import { clearFloats, floats } from './lanes'
import { windowAverage, windowAverageGradient } from './poolWindow'

// A window is handed around as poolWindow.ts explains.

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
