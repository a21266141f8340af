import { VECTOR, clearFloats, floats } from './lanes'
import { isMaximum, windowMaximum, windowMaximumGradient } from './poolWindow'

export { avgPool2d } from './avgPool2d'

// A window is handed around as poolWindow.ts explains.

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
