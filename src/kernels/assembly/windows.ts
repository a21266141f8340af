import { FLOAT, VECTOR, floats } from './lanes'
import { Convolution, runOffset, valueOffset } from './convolution'
import { LEFT_WIDTH, leftPanels, storeLanes, storeTransposed } from './panels'
import { ADDRESS } from './product'

/**
 * Windows of an image, packed as the left factor of a product without ever being written out as a matrix: the
 * forward convolution multiplies [pixels, window values], the filter gradient [window values, pixels].
 */

/** The address of window i. */
// @ts-ignore: decorators of AssemblyScript
@inline
function windowAt(windows: usize, i: i32): usize {
  return <usize>load<u32>(windows + <usize>i * ADDRESS)
}

/** One panel: run after run of five windows, transposed. `shift` is the offset of the group's first channel. */
function packWindowPanel(c: Convolution, windows: usize, shift: usize, target: usize): void {
  const w0 = windowAt(windows, 0) + shift
  const w1 = windowAt(windows, 1) + shift
  const w2 = windowAt(windows, 2) + shift
  const w3 = windowAt(windows, 3) + shift
  const w4 = windowAt(windows, 4) + shift
  const step = floats(LEFT_WIDTH)
  for (let run = 0; run < c.runs; run++) {
    let at = runOffset(c, run)
    const end = at + floats(c.runLength)
    while (at + VECTOR <= end) {
      storeTransposed(target, step, v128.load(w0 + at), v128.load(w1 + at), v128.load(w2 + at), v128.load(w3 + at))
      storeLanes(target + VECTOR, step, v128.load(w4 + at))
      at += VECTOR
      target += 4 * step
    }
    while (at < end) {
      store<f32>(target, load<f32>(w0 + at))
      store<f32>(target, load<f32>(w1 + at), 4)
      store<f32>(target, load<f32>(w2 + at), 8)
      store<f32>(target, load<f32>(w3 + at), 12)
      store<f32>(target, load<f32>(w4 + at), 16)
      at += FLOAT
      target += step
    }
  }
}

/** Left panels of [windows, window values] of one group. The table is filled up to whole panels. */
export function packWindows(c: Convolution, windows: usize, count: i32, group: i32, target: usize): void {
  const shift = floats(group * c.groupChannels)
  const panels = leftPanels(count)
  for (let i = 0; i < panels; i++) {
    packWindowPanel(c, windows + <usize>(i * LEFT_WIDTH) * ADDRESS, shift, target)
    target += floats(LEFT_WIDTH * c.depth)
  }
}

/** Five values that lie side by side in each of `count` windows. */
function packNeighbours(windows: usize, count: i32, at: usize, target: usize): void {
  for (let i = 0; i < count; i++) {
    const source = windowAt(windows, i) + at
    v128.store(target, v128.load(source))
    store<f32>(target, load<f32>(source, 16), 16)
    target += VECTOR + FLOAT
  }
}

/** Up to five values from anywhere in each window; missing ones repeat the last, their rows are not written. */
function packScattered(c: Convolution, windows: usize, count: i32, first: i32, shift: usize, target: usize): void {
  const last = c.depth - 1
  const o0 = valueOffset(c, first) + shift
  const o1 = valueOffset(c, min(last, first + 1)) + shift
  const o2 = valueOffset(c, min(last, first + 2)) + shift
  const o3 = valueOffset(c, min(last, first + 3)) + shift
  const o4 = valueOffset(c, min(last, first + 4)) + shift
  for (let i = 0; i < count; i++) {
    const source = windowAt(windows, i)
    store<f32>(target, load<f32>(source + o0))
    store<f32>(target, load<f32>(source + o1), 4)
    store<f32>(target, load<f32>(source + o2), 8)
    store<f32>(target, load<f32>(source + o3), 12)
    store<f32>(target, load<f32>(source + o4), 16)
    target += VECTOR + FLOAT
  }
}

/** Left panels of [window values, windows], of `values` values from `first` on, a multiple of five. */
export function packValues(
  c: Convolution,
  windows: usize,
  count: i32,
  group: i32,
  first: i32,
  values: i32,
  target: usize,
): void {
  const shift = floats(group * c.groupChannels)
  for (const end = first + values; first < end; first += LEFT_WIDTH) {
    const run = first / c.runLength
    if (first + LEFT_WIDTH <= (run + 1) * c.runLength) {
      packNeighbours(windows, count, valueOffset(c, first) + shift, target)
    } else packScattered(c, windows, count, first, shift, target)
    target += floats(LEFT_WIDTH * count)
  }
}
