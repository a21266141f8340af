import { FLOAT, VECTOR, clamp, clearFloats, floats } from './lanes'
import { BLOCK_ROWS, DOUBLE, addFourToDoubles } from './columns'
import { Square } from './squares'

/**
 * Max-pooling of 2×2 windows that rides on a convolution, whose whole output is never in memory.
 *
 *     y = max of the window, after activation        which = 0, 1, 2 or 3, the first pixel that gave it; −1 where it is cut
 *
 * Pixels of a window are numbered row by row. Where `which` is −1 the gradient is zero, else it goes to that pixel. A
 * last odd row or column belongs to no window. Channels are a multiple of four.
 */

/** `which` where the maximum does not lie between floor and ceiling. */
const NONE: f32 = -1

/** Writes y and which of four pixels, y cut to what lies between floor and ceiling. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function poolFour(
  p0: v128, p1: v128, p2: v128, p3: v128, floor: v128, ceiling: v128, y: usize, which: usize,
): void {
  const upper = f32x4.max(p0, p1)
  const lower = f32x4.max(p2, p3)
  const most = f32x4.max(upper, lower)
  const upperWhich = v128.and(f32x4.gt(p1, p0), f32x4.splat(1))
  const lowerWhich = v128.bitselect(f32x4.splat(3), f32x4.splat(2), f32x4.gt(p3, p2))
  const winner = v128.bitselect(lowerWhich, upperWhich, f32x4.gt(lower, upper))
  const cut = v128.or(f32x4.le(most, floor), f32x4.ge(most, ceiling))
  v128.store(y, clamp(most, floor, ceiling))
  v128.store(which, v128.bitselect(f32x4.splat(NONE), winner, cut))
}

/** The gradient that reaches pixel number `pixel` of a window. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function reaching(dy: v128, which: v128, pixel: f32): v128 {
  return v128.and(dy, f32x4.eq(which, f32x4.splat(pixel)))
}

/** Pixels of the pooled image in the square, in one direction. */
function pooledInside(start: i32, size: i32, extent: i32): i32 {
  return max(0, min(size / 2, extent / 2 - start / 2))
}

/** The first pooled pixel of the square, counted in pixels from the start of the pooled images. */
function pooledPixel(s: Square, row: i32): i32 {
  return (s.number * (s.height / 2) + s.row / 2 + row) * (s.width / 2) + s.column / 2
}

/** Pools the patch of a square, whose rows, columns and size are even, into the pooled images. */
export function poolSquare(s: Square, patch: usize, floor: v128, ceiling: v128, y: usize, which: usize): void {
  const pixel = floats(s.channels)
  const line = <usize>s.size * pixel
  const rows = pooledInside(s.row, s.size, s.height)
  const columns = pooledInside(s.column, s.size, s.width)
  for (let row = 0; row < rows; row++) {
    const target = floats(pooledPixel(s, row) * s.channels)
    for (let column = 0; column < columns; column++) {
      let source = patch + <usize>(2 * row) * line + <usize>(2 * column) * pixel
      let to = target + <usize>column * pixel
      const end = to + pixel
      while (to < end) {
        poolFour(v128.load(source), v128.load(source + pixel), v128.load(source + line),
          v128.load(source + line + pixel), floor, ceiling, y + to, which + to)
        source += VECTOR
        to += VECTOR
      }
    }
  }
}

/** Fills the patch of a square with the gradient of the pixels in it. */
export function unpoolSquare(s: Square, dy: usize, which: usize, patch: usize): void {
  const pixel = floats(s.channels)
  const line = <usize>s.size * pixel
  const rows = pooledInside(s.row, s.size, s.height)
  const columns = pooledInside(s.column, s.size, s.width)
  if (2 * rows < s.size || 2 * columns < s.size) clearFloats(patch, s.size * s.size * s.channels)
  for (let row = 0; row < rows; row++) {
    const from = floats(pooledPixel(s, row) * s.channels)
    for (let column = 0; column < columns; column++) {
      const source = from + <usize>column * pixel
      const target = patch + <usize>(2 * row) * line + <usize>(2 * column) * pixel
      unpoolWindow(pixel, dy + source, which + source, target, line)
    }
  }
}

/** Writes the four pixels of one window. */
function unpoolWindow(pixel: usize, dy: usize, which: usize, target: usize, line: usize): void {
  const end = dy + pixel
  while (dy < end) {
    const gradient = v128.load(dy)
    const winner = v128.load(which)
    v128.store(target, reaching(gradient, winner, 0))
    v128.store(target + pixel, reaching(gradient, winner, 1))
    v128.store(target + line, reaching(gradient, winner, 2))
    v128.store(target + line + pixel, reaching(gradient, winner, 3))
    dy += VECTOR
    which += VECTOR
    target += VECTOR
  }
}

/** dx[batch, height, width, channels] of the images before pooling. */
export function unpool2x2(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  dy: usize,
  which: usize,
  dx: usize,
): void {
  const pixel = floats(channels)
  const line = <usize>width * pixel
  const windows = width / 2
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < height / 2; row++) {
      for (let column = 0; column < windows; column++) {
        unpoolWindow(pixel, dy, which, dx + <usize>(2 * column) * pixel, line)
        dy += pixel
        which += pixel
      }
      if (width & 1) {
        clearFloats(dx + line - pixel, channels)
        clearFloats(dx + 2 * line - pixel, channels)
      }
      dx += 2 * line
    }
    if (height & 1) {
      clearFloats(dx, width * channels)
      dx += line
    }
  }
}

/** sum[channels] of dy[rows, channels] where which ≥ 0: the gradient of a bias. Scratch: a double per channel. */
export function pooledChannelSum(
  rows: i32,
  channels: i32,
  dy: usize,
  which: usize,
  sum: usize,
  scratch: usize,
): void {
  const step = floats(channels)
  memory.fill(scratch, 0, <usize>channels * DOUBLE)
  for (let row = 0; row < rows; row += BLOCK_ROWS) {
    const end = <usize>min(BLOCK_ROWS, rows - row) * step
    for (let c = 0; c < channels; c += 4) {
      let total = f32x4.splat(0)
      let at = floats(c)
      while (at < end) {
        total = f32x4.add(total, v128.and(v128.load(dy + at), f32x4.ge(v128.load(which + at), f32x4.splat(0))))
        at += step
      }
      addFourToDoubles(scratch + <usize>c * DOUBLE, total)
    }
    dy += end
    which += end
  }
  for (let c: usize = 0; c < <usize>channels; c++) {
    store<f32>(sum + c * FLOAT, <f32>load<f64>(scratch + c * DOUBLE))
  }
}
