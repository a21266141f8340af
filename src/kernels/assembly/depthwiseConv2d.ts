import { FLOAT, clamp, clearFloats, copyFloats, floats, multiplyAdd } from './lanes'
import { Convolution } from './convolution'
import { jumpProducts, jumpWindows, slideProducts, slideWindows } from './depthwise3x3'
import { loadSome, storeSome } from './someLanes'

/**
 * Depthwise convolutions: every output channel looks at one input channel.
 *
 * The record is that of a convolution with as many groups as channels, so `groupOutChannels` is the multiplier.
 * Images are read through a layer of their own: [frameHeight, frameWidth, lanes], where the input channels are
 * repeated as often as the multiplier says, filled with zeros to a multiple of four, and framed by the padding.
 * Then output channel o looks at lane o, four at a time, and no window leaves the image. When the image is like
 * that already, it is its own layer. So it is where a filter of 3×3 slides over it (depthwise3x3.ts): columns outside
 * are left out then, and a row of zeros stands for rows outside.
 *
 * The input gradient is a convolution too, of dy by the filter turned round. Where windows are more than one pixel
 * apart, its layer has zeros between the pixels of dy.
 */

/** Output channels, filled up to a multiple of four. */
function lanesOf(c: Convolution): i32 {
  return (c.outChannels + 3) & ~3
}

function isThreeByThree(c: Convolution): bool {
  return c.filterHeight == 3 && c.filterWidth == 3
}

/** Do the columns of neighbouring windows overlap, and have no gaps? */
function isDense(c: Convolution): bool {
  return c.strideWidth == 1 && c.dilationWidth == 1
}

/** Is the image its own layer but for the frame, and can be slid over? Windows stick out by two columns at most. */
function slides(c: Convolution): bool {
  const plain = c.groupOutChannels == 1 && (c.outChannels & 3) == 0
  return plain && isThreeByThree(c) && isDense(c) && c.left >= 0 && c.left <= 2 && c.outWidth <= c.width + c.left
}

function needsLayer(c: Convolution): bool {
  return !slides(c) && (c.framed || c.groupOutChannels > 1 || (c.outChannels & 3) != 0)
}

/** Floats of a layer, or of the row of zeros that does in its place. */
function layerSize(c: Convolution, layered: bool): i32 {
  return lanesOf(c) * (layered ? c.frameHeight * c.frameWidth : c.width)
}

/** Floats of the filter. */
function filterSize(c: Convolution): i32 {
  return c.filterHeight * c.filterWidth * lanesOf(c)
}

/** Bytes of scratch of the forward pass and the filter gradient: the filter and one layer. */
export function depthwiseConv2dScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  return floats(filterSize(c) + layerSize(c, needsLayer(c)))
}

/** The filter with its rows filled up to whole vectors, turned round if so wanted. */
function packFilter(c: Convolution, filter: usize, target: usize, turned: bool): void {
  const taps = c.filterHeight * c.filterWidth
  const lanes = lanesOf(c)
  for (let tap = 0; tap < taps; tap++) {
    copyFloats(target, filter + floats((turned ? taps - 1 - tap : tap) * c.outChannels), c.outChannels)
    clearFloats(target + floats(c.outChannels), lanes - c.outChannels)
    target += floats(lanes)
  }
}

/** One pixel of an image as a pixel of its layer. */
function repeatChannels(c: Convolution, pixel: usize, target: usize): void {
  if (c.groupOutChannels == 1) {
    copyFloats(target, pixel, c.channels)
    return
  }
  for (let channel = 0; channel < c.channels; channel++) {
    const value = load<f32>(pixel + floats(channel))
    for (let i = 0; i < c.groupOutChannels; i++) {
      store<f32>(target, value)
      target += FLOAT
    }
  }
}

/** The reverse: each of `count` numbers of dx is the sum over the repetitions of its channel. */
function sumChannels(count: i32, multiplier: i32, source: usize, dx: usize): void {
  while (count > 0) {
    let sum: f32 = 0
    for (let i = 0; i < multiplier; i++) {
      sum += load<f32>(source)
      source += FLOAT
    }
    store<f32>(dx, sum)
    dx += FLOAT
    count--
  }
}

/** Copies an image into its layer, where its pixels lie `down` rows and `across` columns apart; the rest is zero before. */
function fillLayer(c: Convolution, height: i32, width: i32, down: i32, across: i32, x: usize, layer: usize): void {
  const lanes = lanesOf(c)
  const wholeRows = across == 1 && lanes == c.channels && c.left >= 0
  for (let row = 0; row < height; row++) {
    const y = c.top + row * down
    if (y < 0 || y >= c.frameHeight) continue
    const line = layer + floats(y * c.frameWidth * lanes)
    const pixels = x + floats(row * width * c.channels)
    if (wholeRows) {
      copyFloats(line + floats(c.left * lanes), pixels, lanes * max(0, min(width, c.frameWidth - c.left)))
      continue
    }
    for (let column = 0; column < width; column++) {
      const at = c.left + column * across
      if (at >= 0 && at < c.frameWidth) repeatChannels(c, pixels + floats(column * c.channels), line + floats(at * lanes))
    }
  }
}

/** Bytes from a window to the next one on its right. */
function windowStep(c: Convolution): usize {
  return floats(c.strideWidth * lanesOf(c))
}

/** Bytes from a position of the filter to the next one on its right, in the layer. */
function tapStep(c: Convolution): usize {
  return floats(c.dilationWidth * lanesOf(c))
}

/** Bytes from one row of the filter to the next, in the layer. */
function tapRowStep(c: Convolution): usize {
  return floats(c.dilationHeight * c.frameWidth * lanesOf(c))
}

/** Row `row` of the padded image, at its first column that is not left out. */
function rowAt(c: Convolution, layered: bool, source: usize, zeros: usize, row: i32): usize {
  if (layered) return source + floats(row * c.frameWidth * lanesOf(c))
  const inside = row - c.top
  return inside >= 0 && inside < c.height ? source + floats(inside * c.width * c.channels) : zeros
}

/** Four lanes of up to four neighbouring windows; missing windows repeat the first and are not written. */
function sumWindows(
  c: Convolution,
  windows: i32,
  start: usize,
  filter: usize,
  shift: v128,
  floor: v128,
  ceiling: v128,
  y: usize,
  count: i32,
): void {
  const step = windowStep(c)
  const second = windows > 1 ? step : 0
  const third = windows > 2 ? 2 * step : 0
  const fourth = windows > 3 ? 3 * step : 0
  const across = tapStep(c)
  const down = tapRowStep(c)
  const filterStep = floats(lanesOf(c))
  let a0 = shift
  let a1 = shift
  let a2 = shift
  let a3 = shift
  for (let p = 0; p < c.filterHeight; p++) {
    let source = start
    let left = c.filterWidth
    while (left > 0) {
      const weight = v128.load(filter)
      a0 = multiplyAdd(weight, v128.load(source), a0)
      a1 = multiplyAdd(weight, v128.load(source + second), a1)
      a2 = multiplyAdd(weight, v128.load(source + third), a2)
      a3 = multiplyAdd(weight, v128.load(source + fourth), a3)
      source += across
      filter += filterStep
      left--
    }
    start += down
  }
  const pixel = floats(c.outChannels)
  storeSome(y, clamp(a0, floor, ceiling), count)
  if (windows > 1) storeSome(y + pixel, clamp(a1, floor, ceiling), count)
  if (windows > 2) storeSome(y + 2 * pixel, clamp(a2, floor, ceiling), count)
  if (windows > 3) storeSome(y + 3 * pixel, clamp(a3, floor, ceiling), count)
}

/** y of the windows of row i. */
function convolveRow(
  c: Convolution,
  layered: bool,
  source: usize,
  zeros: usize,
  i: i32,
  filter: usize,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
): void {
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const row = i * c.strideHeight
  const first = rowAt(c, layered, source, zeros, row)
  const pixel = floats(c.outChannels)
  const filterStep = floats(lanesOf(c))
  if (!isThreeByThree(c)) {
    for (let j = 0; j < c.outWidth; j += 4) {
      const windows = min(4, c.outWidth - j)
      const start = first + <usize>j * windowStep(c)
      for (let o = 0; o < c.outChannels; o += 4) {
        const count = min(4, c.outChannels - o)
        const shift = bias == 0 ? f32x4.splat(0) : loadSome(bias + floats(o), count)
        sumWindows(c, windows, start + floats(o), filter + floats(o), shift, floor, ceiling, y + floats(o),
          count)
      }
      y += <usize>windows * pixel
    }
    return
  }
  const second = rowAt(c, layered, source, zeros, row + c.dilationHeight)
  const third = rowAt(c, layered, source, zeros, row + 2 * c.dilationHeight)
  const left = layered ? 0 : c.left
  const width = layered ? c.frameWidth : c.width
  for (let o = 0; o < c.outChannels; o += 4) {
    const at = floats(o)
    const count = min(4, c.outChannels - o)
    const shift = bias == 0 ? f32x4.splat(0) : loadSome(bias + at, count)
    if (isDense(c)) {
      slideWindows(c.outWidth, left, width, first + at, second + at, third + at, windowStep(c), filter + at, filterStep,
        shift, floor, ceiling, y + at, pixel, count)
    } else {
      jumpWindows(c.outWidth, tapStep(c), first + at, second + at, third + at, windowStep(c), filter + at, filterStep,
        shift, floor, ceiling, y + at, pixel, count)
    }
  }
}

/** y = clamp(x * filter + bias, least, most). A bias of 0 is none. */
export function depthwiseConv2dForward(
  record: usize,
  x: usize,
  filter: usize,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const layered = needsLayer(c)
  const layer = scratch + floats(filterSize(c))
  const line = c.outWidth * c.outChannels
  packFilter(c, filter, scratch, false)
  clearFloats(layer, layerSize(c, layered))
  for (let image = 0; image < c.batch; image++) {
    if (layered) fillLayer(c, c.height, c.width, 1, 1, x, layer)
    for (let i = 0; i < c.outHeight; i++) {
      convolveRow(c, layered, layered ? layer : x, layer, i, scratch, bias, least, most, y)
      y += floats(line)
    }
    x += floats(c.height * c.width * c.channels)
  }
}

/** Does the gradient need a layer: of dy, whose pixels are so far apart? */
function needsReverseLayer(c: Convolution, down: i32, across: i32): bool {
  return down > 1 || across > 1 || needsLayer(c)
}

/** Bytes of scratch of the input gradient: the filter, one layer, and a row of the lanes of dx. */
export function depthwiseConv2dInputGradientScratch(record: usize, down: i32, across: i32): usize {
  const c = changetype<Convolution>(record)
  return floats(filterSize(c) + layerSize(c, needsReverseLayer(c, down, across)) + c.outWidth * c.outChannels)
}

/**
 * dx[pixel, c] = Σ over the windows that see it and the multiplier of dy·filter.
 *
 * The record is that of the convolution by the turned filter, whose input are the pixels of dy, `down` rows and `across`
 * columns apart, and whose output are the lanes of dx: for each of its channels as many as the multiplier says.
 */
export function depthwiseConv2dInputGradient(
  record: usize,
  down: i32,
  across: i32,
  multiplier: i32,
  dy: usize,
  filter: usize,
  dx: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const layered = needsReverseLayer(c, down, across)
  const layer = scratch + floats(filterSize(c))
  const lanes = layer + floats(layerSize(c, layered))
  const height = (c.height - 1) / down + 1
  const width = (c.width - 1) / across + 1
  packFilter(c, filter, scratch, true)
  clearFloats(layer, layerSize(c, layered))
  for (let image = 0; image < c.batch; image++) {
    if (layered) fillLayer(c, height, width, down, across, dy, layer)
    for (let i = 0; i < c.outHeight; i++) {
      convolveRow(c, layered, layered ? layer : dy, layer, i, scratch, 0, -Infinity, Infinity, multiplier == 1 ? dx : lanes)
      if (multiplier > 1) sumChannels(c.outWidth * c.outChannels / multiplier, multiplier, lanes, dx)
      dx += floats(c.outWidth * c.outChannels / multiplier)
    }
    dy += floats(height * width * c.channels)
  }
}

/** Adds Σ x·dy over a row of windows, at one position of the filter, to its lanes of the gradient. */
function addProducts(c: Convolution, start: usize, dy: usize, gradient: usize): void {
  const step = windowStep(c)
  const pixel = floats(c.outChannels)
  for (let o = 0; o < c.outChannels; o += 4) {
    const count = min(4, c.outChannels - o)
    let source = start + floats(o)
    let factor = dy + floats(o)
    let even = f32x4.splat(0)
    let odd = f32x4.splat(0)
    let left = c.outWidth
    if (count == 4) {
      while (left > 1) {
        even = multiplyAdd(v128.load(source), v128.load(factor), even)
        odd = multiplyAdd(v128.load(source + step), v128.load(factor + pixel), odd)
        source += 2 * step
        factor += 2 * pixel
        left -= 2
      }
    }
    while (left > 0) {
      even = multiplyAdd(v128.load(source), loadSome(factor, count), even)
      source += step
      factor += pixel
      left--
    }
    const target = gradient + floats(o)
    v128.store(target, f32x4.add(v128.load(target), f32x4.add(even, odd)))
  }
}

/** Adds Σ x·dy over the windows of row i to the gradient. */
function addRow(c: Convolution, layered: bool, source: usize, zeros: usize, i: i32, dy: usize, gradient: usize): void {
  const row = i * c.strideHeight
  const lanes = lanesOf(c)
  const first = rowAt(c, layered, source, zeros, row)
  if (!isThreeByThree(c)) {
    const taps = c.filterHeight * c.filterWidth
    for (let tap = 0; tap < taps; tap++) {
      const down = tap / c.filterWidth
      const right = tap - down * c.filterWidth
      addProducts(c, first + <usize>down * tapRowStep(c) + <usize>right * tapStep(c), dy, gradient + floats(tap * lanes))
    }
    return
  }
  const second = rowAt(c, layered, source, zeros, row + c.dilationHeight)
  const third = rowAt(c, layered, source, zeros, row + 2 * c.dilationHeight)
  const left = layered ? 0 : c.left
  const width = layered ? c.frameWidth : c.width
  for (let o = 0; o < c.outChannels; o += 4) {
    const at = floats(o)
    const count = min(4, c.outChannels - o)
    if (isDense(c)) {
      slideProducts(c.outWidth, left, width, first + at, second + at, third + at, windowStep(c), dy + at,
        floats(c.outChannels), count, gradient + at, floats(lanes))
    } else {
      jumpProducts(c.outWidth, tapStep(c), first + at, second + at, third + at, windowStep(c), dy + at,
        floats(c.outChannels), count, gradient + at, floats(lanes))
    }
  }
}

/** dfilter[position, o] = Σ over the windows of x·dy. */
export function depthwiseConv2dFilterGradient(
  record: usize,
  x: usize,
  dy: usize,
  dfilter: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const taps = c.filterHeight * c.filterWidth
  const lanes = lanesOf(c)
  const layered = needsLayer(c)
  const layer = scratch + floats(filterSize(c))
  clearFloats(scratch, filterSize(c))
  clearFloats(layer, layerSize(c, layered))
  for (let image = 0; image < c.batch; image++) {
    if (layered) fillLayer(c, c.height, c.width, 1, 1, x, layer)
    for (let i = 0; i < c.outHeight; i++) {
      addRow(c, layered, layered ? layer : x, layer, i, dy, scratch)
      dy += floats(c.outWidth * c.outChannels)
    }
    x += floats(c.height * c.width * c.channels)
  }
  for (let tap = 0; tap < taps; tap++) {
    copyFloats(dfilter + floats(tap * c.outChannels), scratch + floats(tap * lanes), c.outChannels)
  }
}
