import { FLOAT, VECTOR, clearFloats, copyFloats, floats, multiplyAdd } from './lanes'

/** Where output place i lies among the `size` input places, half a place in on both sides. */
function placeOf(i: i32, scale: i32, size: i32): f32 {
  const place = (<f32>i + 0.5) / <f32>scale - 0.5
  return max<f32>(0, min<f32>(place, <f32>(size - 1)))
}

/** The next place, or the same at the edge. */
function nextOf(place: i32, size: i32): i32 {
  return min(place + 1, size - 1)
}

/** y[channels] between four pixels: `across` of the way from left to right, `down` from top to bottom. */
function blend(
  channels: i32,
  topLeft: usize,
  topRight: usize,
  bottomLeft: usize,
  bottomRight: usize,
  across: f32,
  down: f32,
  y: usize,
): void {
  const acrosses = f32x4.splat(across)
  const downs = f32x4.splat(down)
  let at: usize = 0
  const end = floats(channels)
  while (at + VECTOR <= end) {
    const a = v128.load(topLeft + at)
    const c = v128.load(bottomLeft + at)
    const top = multiplyAdd(f32x4.sub(v128.load(topRight + at), a), acrosses, a)
    const bottom = multiplyAdd(f32x4.sub(v128.load(bottomRight + at), c), acrosses, c)
    v128.store(y + at, multiplyAdd(f32x4.sub(bottom, top), downs, top))
    at += VECTOR
  }
  while (at < end) {
    const a = load<f32>(topLeft + at)
    const c = load<f32>(bottomLeft + at)
    const top = a + (load<f32>(topRight + at) - a) * across
    const bottom = c + (load<f32>(bottomRight + at) - c) * across
    store<f32>(y + at, top + (bottom - top) * down)
    at += FLOAT
  }
}

/** target[channels] += share · dy[channels]. */
function addShare(channels: i32, dy: usize, share: f32, target: usize): void {
  if (share == 0) return
  const shares = f32x4.splat(share)
  while (channels >= 4) {
    v128.store(target, multiplyAdd(v128.load(dy), shares, v128.load(target)))
    target += VECTOR
    dy += VECTOR
    channels -= 4
  }
  while (channels > 0) {
    store<f32>(target, load<f32>(target) + load<f32>(dy) * share)
    target += FLOAT
    dy += FLOAT
    channels--
  }
}

/** Nearest: y[b, i, j, c] = x[b, ⌊i / scaleHeight⌋, ⌊j / scaleWidth⌋, c]. */
export function upsampleNearest(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  scaleHeight: i32,
  scaleWidth: i32,
  y: usize,
): void {
  const pixel = floats(channels)
  const line = width * scaleWidth * channels
  for (let row = 0; row < batch * height; row++) {
    const first = y
    for (let column = 0; column < width; column++) {
      for (let i = 0; i < scaleWidth; i++) {
        copyFloats(y, x, channels)
        y += pixel
      }
      x += pixel
    }
    for (let i = 1; i < scaleHeight; i++) {
      copyFloats(y, first, line)
      y += floats(line)
    }
  }
}

/** dx[pixel] = Σ dy over the pixels that copied it. */
export function upsampleNearestGradient(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  dx: usize,
  scaleHeight: i32,
  scaleWidth: i32,
  dy: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  clearFloats(dx, batch * height * width * channels)
  for (let row = 0; row < batch * height; row++) {
    for (let i = 0; i < scaleHeight; i++) {
      for (let column = 0; column < width; column++) {
        for (let j = 0; j < scaleWidth; j++) {
          addShare(channels, dy, 1, dx + <usize>column * pixel)
          dy += pixel
        }
      }
    }
    dx += line
  }
}

/** Bilinear, half-pixel centres. */
export function upsampleBilinear(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  x: usize,
  scaleHeight: i32,
  scaleWidth: i32,
  y: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < height * scaleHeight; i++) {
      const row = placeOf(i, scaleHeight, height)
      const top = <i32>row
      const upper = x + <usize>top * line
      const lower = x + <usize>nextOf(top, height) * line
      for (let j = 0; j < width * scaleWidth; j++) {
        const column = placeOf(j, scaleWidth, width)
        const left = <i32>column
        const near = <usize>left * pixel
        const far = <usize>nextOf(left, width) * pixel
        blend(channels, upper + near, upper + far, lower + near, lower + far, column - <f32>left, row - <f32>top, y)
        y += pixel
      }
    }
    x += <usize>height * line
  }
}

/** dx: every output gives its gradient to the four pixels it came from, in their shares. */
export function upsampleBilinearGradient(
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  dx: usize,
  scaleHeight: i32,
  scaleWidth: i32,
  dy: usize,
): void {
  const pixel = floats(channels)
  const line = floats(width * channels)
  clearFloats(dx, batch * height * width * channels)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < height * scaleHeight; i++) {
      const row = placeOf(i, scaleHeight, height)
      const top = <i32>row
      const down = row - <f32>top
      const upper = dx + <usize>top * line
      const lower = dx + <usize>nextOf(top, height) * line
      for (let j = 0; j < width * scaleWidth; j++) {
        const column = placeOf(j, scaleWidth, width)
        const left = <i32>column
        const across = column - <f32>left
        const near = <usize>left * pixel
        const far = <usize>nextOf(left, width) * pixel
        addShare(channels, dy, (1 - down) * (1 - across), upper + near)
        addShare(channels, dy, (1 - down) * across, upper + far)
        addShare(channels, dy, down * (1 - across), lower + near)
        addShare(channels, dy, down * across, lower + far)
        dy += pixel
      }
    }
    dx += <usize>height * line
  }
}
