import { FLOAT, VECTOR, clamp, clearFloats, copyFloats, floats } from './lanes'
import { Convolution } from './convolution'

/**
 * Depthwise convolutions: every output channel looks at one input channel.
 *
 * The record is that of a convolution with as many groups as channels, so `groupOutChannels` is the multiplier.
 * Images are read through a layer of their own: [frameHeight, frameWidth, lanes], where the input channels are
 * repeated as often as the multiplier says, filled with zeros to a multiple of four, and framed by the padding.
 * Then output channel o looks at lane o, four at a time, and no window leaves the image. When the image is like
 * that already, it is its own layer.
 */

/** Output channels, filled up to a multiple of four. */
function lanesOf(c: Convolution): i32 {
  return (c.outChannels + 3) & ~3
}

function needsLayer(c: Convolution): bool {
  return c.framed || c.groupOutChannels > 1 || (c.outChannels & 3) != 0
}

/** Floats of a layer. */
function layerSize(c: Convolution): i32 {
  return c.frameHeight * c.frameWidth * lanesOf(c)
}

/** Bytes of scratch of the forward pass and both gradients: the filter and one layer. */
export function depthwiseConv2dScratch(record: usize): usize {
  const c = changetype<Convolution>(record)
  const filter = floats(c.filterHeight * c.filterWidth * lanesOf(c))
  return filter + (needsLayer(c) ? floats(layerSize(c)) : 0)
}

/** The first `count` of four floats, zeros behind them. */
// @ts-ignore: decorators of AssemblyScript
@inline
function loadSome(source: usize, count: i32): v128 {
  if (count >= 4) return v128.load(source)
  let value = v128.load32_zero(source)
  if (count > 1) value = f32x4.replace_lane(value, 1, load<f32>(source, 4))
  if (count > 2) value = f32x4.replace_lane(value, 2, load<f32>(source, 8))
  return value
}

/** Stores the first `count` of four floats. */
// @ts-ignore: decorators of AssemblyScript
@inline
function storeSome(target: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(target, value)
    return
  }
  store<f32>(target, f32x4.extract_lane(value, 0))
  if (count > 1) store<f32>(target, f32x4.extract_lane(value, 1), 4)
  if (count > 2) store<f32>(target, f32x4.extract_lane(value, 2), 8)
}

/** The filter with its rows filled up to whole vectors. */
function packFilter(c: Convolution, filter: usize, target: usize): void {
  const taps = c.filterHeight * c.filterWidth
  const lanes = lanesOf(c)
  for (let tap = 0; tap < taps; tap++) {
    copyFloats(target, filter, c.outChannels)
    clearFloats(target + floats(c.outChannels), lanes - c.outChannels)
    filter += floats(c.outChannels)
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

/** The reverse: one pixel of dx is the sum over the repetitions of its channels. */
function sumChannels(c: Convolution, source: usize, pixel: usize): void {
  for (let channel = 0; channel < c.channels; channel++) {
    let sum: f32 = 0
    for (let i = 0; i < c.groupOutChannels; i++) {
      sum += load<f32>(source)
      source += FLOAT
    }
    store<f32>(pixel + floats(channel), sum)
  }
}

/** How many rows, or columns, of the image windows can see. */
function seen(size: i32, before: i32, frame: i32): i32 {
  return max(0, min(size, frame - before))
}

/** Copies an image into its layer. */
function fillLayer(c: Convolution, x: usize, layer: usize): void {
  const lanes = lanesOf(c)
  const rows = seen(c.height, c.top, c.frameHeight)
  const columns = seen(c.width, c.left, c.frameWidth)
  clearFloats(layer, layerSize(c))
  for (let row = 0; row < rows; row++) {
    let target = layer + floats(((c.top + row) * c.frameWidth + c.left) * lanes)
    let pixel = x + floats(row * c.width * c.channels)
    for (let column = 0; column < columns; column++) {
      repeatChannels(c, pixel, target)
      pixel += floats(c.channels)
      target += floats(lanes)
    }
  }
}

/** Sums a layer of gradients into the gradient of its image. */
function foldLayer(c: Convolution, layer: usize, dx: usize): void {
  const lanes = lanesOf(c)
  const rows = seen(c.height, c.top, c.frameHeight)
  const columns = seen(c.width, c.left, c.frameWidth)
  clearFloats(dx, c.height * c.width * c.channels)
  for (let row = 0; row < rows; row++) {
    let source = layer + floats(((c.top + row) * c.frameWidth + c.left) * lanes)
    let pixel = dx + floats(row * c.width * c.channels)
    for (let column = 0; column < columns; column++) {
      sumChannels(c, source, pixel)
      pixel += floats(c.channels)
      source += floats(lanes)
    }
  }
}

/** Bytes from a window to the next one on its right. */
function windowStep(c: Convolution): usize {
  return floats(c.strideWidth * lanesOf(c))
}

/** Bytes from the windows of one row to those of the next. */
function windowRowStep(c: Convolution): usize {
  return floats(c.strideHeight * c.frameWidth * lanesOf(c))
}

/** Bytes from a position of the filter to the next one on its right, in the layer. */
function tapStep(c: Convolution): usize {
  return floats(c.dilationWidth * lanesOf(c))
}

/** Bytes from one row of the filter to the next, in the layer. */
function tapRowStep(c: Convolution): usize {
  return floats(c.dilationHeight * c.frameWidth * lanesOf(c))
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
      a0 = f32x4.add(a0, f32x4.mul(weight, v128.load(source)))
      a1 = f32x4.add(a1, f32x4.mul(weight, v128.load(source + second)))
      a2 = f32x4.add(a2, f32x4.mul(weight, v128.load(source + third)))
      a3 = f32x4.add(a3, f32x4.mul(weight, v128.load(source + fourth)))
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
  const layer = scratch + floats(c.filterHeight * c.filterWidth * lanesOf(c))
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  packFilter(c, filter, scratch)
  for (let image = 0; image < c.batch; image++) {
    let source = x + <usize>image * floats(c.height * c.width * c.channels)
    if (needsLayer(c)) {
      fillLayer(c, source, layer)
      source = layer
    }
    for (let i = 0; i < c.outHeight; i++) {
      for (let j = 0; j < c.outWidth; j += 4) {
        const windows = min(4, c.outWidth - j)
        const start = source + <usize>i * windowRowStep(c) + <usize>j * windowStep(c)
        for (let o = 0; o < c.outChannels; o += 4) {
          const count = min(4, c.outChannels - o)
          const shift = bias == 0 ? f32x4.splat(0) : loadSome(bias + floats(o), count)
          sumWindows(c, windows, start + floats(o), scratch + floats(o), shift, floor, ceiling, y + floats(o),
            count)
        }
        y += <usize>windows * floats(c.outChannels)
      }
    }
  }
}

/** Adds filter · dy to what one window sees, for all output channels. */
function spreadWindow(c: Convolution, start: usize, filter: usize, dy: usize): void {
  const across = tapStep(c)
  const down = tapRowStep(c)
  const filterStep = floats(lanesOf(c))
  for (let o = 0; o < c.outChannels; o += 4) {
    const gradient = loadSome(dy + floats(o), min(4, c.outChannels - o))
    let weights = filter + floats(o)
    let row = start + floats(o)
    for (let p = 0; p < c.filterHeight; p++) {
      let target = row
      let left = c.filterWidth
      while (left > 0) {
        v128.store(target, f32x4.add(v128.load(target), f32x4.mul(gradient, v128.load(weights))))
        target += across
        weights += filterStep
        left--
      }
      row += down
    }
  }
}

/** dx[pixel, c] = Σ over the windows that see it and the multiplier of dy·filter. */
export function depthwiseConv2dInputGradient(
  record: usize,
  dy: usize,
  filter: usize,
  dx: usize,
  scratch: usize,
): void {
  const c = changetype<Convolution>(record)
  const layer = scratch + floats(c.filterHeight * c.filterWidth * lanesOf(c))
  packFilter(c, filter, scratch)
  for (let image = 0; image < c.batch; image++) {
    const target = needsLayer(c) ? layer : dx
    clearFloats(target, layerSize(c))
    for (let i = 0; i < c.outHeight; i++) {
      let start = target + <usize>i * windowRowStep(c)
      for (let j = 0; j < c.outWidth; j++) {
        spreadWindow(c, start, scratch, dy)
        start += windowStep(c)
        dy += floats(c.outChannels)
      }
    }
    if (needsLayer(c)) foldLayer(c, layer, dx)
    dx += floats(c.height * c.width * c.channels)
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
        even = f32x4.add(even, f32x4.mul(v128.load(source), v128.load(factor)))
        odd = f32x4.add(odd, f32x4.mul(v128.load(source + step), v128.load(factor + pixel)))
        source += 2 * step
        factor += 2 * pixel
        left -= 2
      }
    }
    while (left > 0) {
      even = f32x4.add(even, f32x4.mul(v128.load(source), loadSome(factor, count)))
      source += step
      factor += pixel
      left--
    }
    const target = gradient + floats(o)
    v128.store(target, f32x4.add(v128.load(target), f32x4.add(even, odd)))
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
  const layer = scratch + floats(taps * lanes)
  clearFloats(scratch, taps * lanes)
  for (let image = 0; image < c.batch; image++) {
    let source = x + <usize>image * floats(c.height * c.width * c.channels)
    if (needsLayer(c)) {
      fillLayer(c, source, layer)
      source = layer
    }
    for (let i = 0; i < c.outHeight; i++) {
      const row = source + <usize>i * windowRowStep(c)
      for (let tap = 0; tap < taps; tap++) {
        const down = tap / c.filterWidth
        const right = tap - down * c.filterWidth
        const start = row + <usize>down * tapRowStep(c) + <usize>right * tapStep(c)
        addProducts(c, start, dy, scratch + floats(tap * lanes))
      }
      dy += floats(c.outWidth * c.outChannels)
    }
  }
  for (let tap = 0; tap < taps; tap++) {
    copyFloats(dfilter + floats(tap * c.outChannels), scratch + floats(tap * lanes), c.outChannels)
  }
}
