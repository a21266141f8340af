import { VECTOR, clamp, clearFloats, floats, multiplyAdd } from './lanes'
import { Convolution, frameBytes, frameSize, framedImages, imagesAtATime } from './convolution'
import { poolFour, reaching } from './pooled'

/**
 * Convolution of images with one channel by 3×3 filters, as the first layer on grey images has it: nine products for an
 * output are too few to be worth packing. Four output channels at a time, their nine filter values stay in registers
 * while they pass along a row of the image.
 *
 *     y[i, j, o] = activation(Σ x[i·strideHeight + p·dilationHeight, j·strideWidth + q]·f[p, q, o] + bias[o])
 *
 * The image is framed (convolution.ts), so that every window lies inside; `reach` are the bytes between the rows of a
 * window. Output channels are a multiple of four. With `which`, y is max-pooled in 2×2 windows (pooled.ts).
 */

/** The nine products of one window. */
// @ts-ignore: decorators of AssemblyScript
@inline
function windowSum(
  x: usize,
  reach: usize,
  f0: v128,
  f1: v128,
  f2: v128,
  f3: v128,
  f4: v128,
  f5: v128,
  f6: v128,
  f7: v128,
  f8: v128,
): v128 {
  let sum = f32x4.mul(f0, v128.load32_splat(x))
  sum = multiplyAdd(f1, v128.load32_splat(x, 4), sum)
  sum = multiplyAdd(f2, v128.load32_splat(x, 8), sum)
  const second = x + reach
  sum = multiplyAdd(f3, v128.load32_splat(second), sum)
  sum = multiplyAdd(f4, v128.load32_splat(second, 4), sum)
  sum = multiplyAdd(f5, v128.load32_splat(second, 8), sum)
  const third = second + reach
  sum = multiplyAdd(f6, v128.load32_splat(third), sum)
  sum = multiplyAdd(f7, v128.load32_splat(third, 4), sum)
  return multiplyAdd(f8, v128.load32_splat(third, 8), sum)
}

/** A row of outputs in four channels. `filter` is their first value, `row` the bytes from tap to tap. */
function convolveRow(
  count: i32,
  x: usize,
  step: usize,
  reach: usize,
  filter: usize,
  row: usize,
  bias: v128,
  floor: v128,
  ceiling: v128,
  y: usize,
): void {
  const f0 = v128.load(filter)
  const f1 = v128.load(filter + row)
  const f2 = v128.load(filter + 2 * row)
  const f3 = v128.load(filter + 3 * row)
  const f4 = v128.load(filter + 4 * row)
  const f5 = v128.load(filter + 5 * row)
  const f6 = v128.load(filter + 6 * row)
  const f7 = v128.load(filter + 7 * row)
  const f8 = v128.load(filter + 8 * row)
  while (count > 0) {
    const sum = windowSum(x, reach, f0, f1, f2, f3, f4, f5, f6, f7, f8)
    v128.store(y, clamp(f32x4.add(sum, bias), floor, ceiling))
    x += step
    y += row
    count--
  }
}

/** A row of pooled outputs in four channels; the pixel below lies `down` bytes on. */
function convolveAndPoolRow(
  count: i32,
  x: usize,
  step: usize,
  down: usize,
  reach: usize,
  filter: usize,
  row: usize,
  bias: v128,
  floor: v128,
  ceiling: v128,
  y: usize,
  which: usize,
): void {
  const f0 = v128.load(filter)
  const f1 = v128.load(filter + row)
  const f2 = v128.load(filter + 2 * row)
  const f3 = v128.load(filter + 3 * row)
  const f4 = v128.load(filter + 4 * row)
  const f5 = v128.load(filter + 5 * row)
  const f6 = v128.load(filter + 6 * row)
  const f7 = v128.load(filter + 7 * row)
  const f8 = v128.load(filter + 8 * row)
  while (count > 0) {
    const p0 = windowSum(x, reach, f0, f1, f2, f3, f4, f5, f6, f7, f8)
    const p1 = windowSum(x + step, reach, f0, f1, f2, f3, f4, f5, f6, f7, f8)
    const p2 = windowSum(x + down, reach, f0, f1, f2, f3, f4, f5, f6, f7, f8)
    const p3 = windowSum(x + down + step, reach, f0, f1, f2, f3, f4, f5, f6, f7, f8)
    poolFour(f32x4.add(p0, bias), f32x4.add(p1, bias), f32x4.add(p2, bias), f32x4.add(p3, bias), floor, ceiling,
      y, which)
    x += 2 * step
    y += row
    which += row
    count--
  }
}

/** Bytes of four channels of two rows of outputs. */
function rowPairBytes(c: Convolution): usize {
  return <usize>(2 * c.outWidth) * VECTOR
}

export function greyConv2dScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  return rowPairBytes(c) + frameBytes(c)
}

/** y = clamp(x * filter + bias, least, most), pooled when there is a `which`. A bias of 0 is none. */
export function greyConv2dForward(
  record: usize,
  x: usize,
  filter: usize,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  which: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const pool = which == 0 ? 1 : 2
  const row = floats(c.outChannels)
  const step = floats(c.strideWidth)
  const down = floats(c.strideHeight * c.frameWidth)
  const reach = floats(c.dilationHeight * c.frameWidth)
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const images = imagesAtATime(c)
  for (let image = 0; image < c.batch; image += images) {
    const here = min(images, c.batch - image)
    let frame = framedImages(c, x, image, here, scratch)
    for (let b = 0; b < here; b++) {
      for (let i = 0; i + pool <= c.outHeight; i += pool) {
        const line = frame + <usize>i * down
        const count = c.outWidth / pool
        for (let at: usize = 0; at < row; at += VECTOR) {
          const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias + at)
          if (which == 0) convolveRow(count, line, step, reach, filter + at, row, shift, floor, ceiling, y + at)
          else {
            convolveAndPoolRow(count, line, step, down, reach, filter + at, row, shift, floor, ceiling, y + at,
              which + at)
          }
        }
        y += <usize>count * row
        if (which != 0) which += <usize>count * row
      }
      frame += floats(frameSize(c))
    }
  }
}

/** Adds to a vector in memory. */
// @ts-ignore: decorators of AssemblyScript
@inline
function addTo(target: usize, value: v128): void {
  v128.store(target, f32x4.add(v128.load(target), value))
}

/** Adds what a row of dy in four channels gives to the nine values of their filters, which lie `row` bytes apart. */
function addRowGradient(
  count: i32,
  x: usize,
  step: usize,
  reach: usize,
  dy: usize,
  dyStep: usize,
  dfilter: usize,
  row: usize,
): void {
  let f0 = f32x4.splat(0)
  let f1 = f32x4.splat(0)
  let f2 = f32x4.splat(0)
  let f3 = f32x4.splat(0)
  let f4 = f32x4.splat(0)
  let f5 = f32x4.splat(0)
  let f6 = f32x4.splat(0)
  let f7 = f32x4.splat(0)
  let f8 = f32x4.splat(0)
  while (count > 0) {
    const g = v128.load(dy)
    const second = x + reach
    const third = second + reach
    f0 = multiplyAdd(g, v128.load32_splat(x), f0)
    f1 = multiplyAdd(g, v128.load32_splat(x, 4), f1)
    f2 = multiplyAdd(g, v128.load32_splat(x, 8), f2)
    f3 = multiplyAdd(g, v128.load32_splat(second), f3)
    f4 = multiplyAdd(g, v128.load32_splat(second, 4), f4)
    f5 = multiplyAdd(g, v128.load32_splat(second, 8), f5)
    f6 = multiplyAdd(g, v128.load32_splat(third), f6)
    f7 = multiplyAdd(g, v128.load32_splat(third, 4), f7)
    f8 = multiplyAdd(g, v128.load32_splat(third, 8), f8)
    x += step
    dy += dyStep
    count--
  }
  addTo(dfilter, f0)
  addTo(dfilter + row, f1)
  addTo(dfilter + 2 * row, f2)
  addTo(dfilter + 3 * row, f3)
  addTo(dfilter + 4 * row, f4)
  addTo(dfilter + 5 * row, f5)
  addTo(dfilter + 6 * row, f6)
  addTo(dfilter + 7 * row, f7)
  addTo(dfilter + 8 * row, f8)
}

/** Writes the two rows of gradients, four channels wide, that a row of pooled ones stands for. */
function unpoolRow(count: i32, dy: usize, which: usize, row: usize, upper: usize, lower: usize): void {
  while (count > 0) {
    const gradient = v128.load(dy)
    const winner = v128.load(which)
    v128.store(upper, reaching(gradient, winner, 0))
    v128.store(upper, reaching(gradient, winner, 1), 16)
    v128.store(lower, reaching(gradient, winner, 2))
    v128.store(lower, reaching(gradient, winner, 3), 16)
    dy += row
    which += row
    upper += 2 * VECTOR
    lower += 2 * VECTOR
    count--
  }
}

/** dfilter from x and dy, which is that of the pooled output when there is a `which`. */
export function greyConv2dFilterGradient(
  record: usize,
  x: usize,
  dy: usize,
  which: usize,
  dfilter: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const pool = which == 0 ? 1 : 2
  const row = floats(c.outChannels)
  const step = floats(c.strideWidth)
  const down = floats(c.strideHeight * c.frameWidth)
  const reach = floats(c.dilationHeight * c.frameWidth)
  const upper = scratch
  const lower = upper + <usize>c.outWidth * VECTOR
  const images = imagesAtATime(c)
  clearFloats(dfilter, 9 * c.outChannels)
  for (let image = 0; image < c.batch; image += images) {
    const here = min(images, c.batch - image)
    let frame = framedImages(c, x, image, here, scratch + rowPairBytes(c))
    for (let b = 0; b < here; b++) {
      for (let i = 0; i + pool <= c.outHeight; i += pool) {
        const line = frame + <usize>i * down
        const count = c.outWidth / pool
        for (let at: usize = 0; at < row; at += VECTOR) {
          if (which == 0) addRowGradient(count, line, step, reach, dy + at, row, dfilter + at, row)
          else {
            unpoolRow(count, dy + at, which + at, row, upper, lower)
            addRowGradient(2 * count, line, step, reach, upper, VECTOR, dfilter + at, row)
            addRowGradient(2 * count, line + down, step, reach, lower, VECTOR, dfilter + at, row)
          }
        }
        dy += <usize>count * row
        if (which != 0) which += <usize>count * row
      }
      frame += floats(frameSize(c))
    }
  }
}
