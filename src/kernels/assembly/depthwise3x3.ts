import { clamp, multiplyAdd } from './lanes'
import { loadSome, storeSome } from './someLanes'

/**
 * Depthwise filters of 3×3: four channels along a row of windows, what belongs to the nine positions of the filter in
 * registers. Positions are numbered row by row; three rows of the image lie at `first`, `second` and `third`.
 *
 * Where windows are one pixel apart, a pixel is loaded once and given to the three windows that see it, as their last,
 * middle and first column. Columns left and right of the image are not looked at.
 */

/** sum + a·u + b·v + c·w. */
// @ts-ignore: decorators of AssemblyScript
@inline
function addThree(sum: v128, a: v128, u: v128, b: v128, v: v128, c: v128, w: v128): v128 {
  return multiplyAdd(c, w, multiplyAdd(b, v, multiplyAdd(a, u, sum)))
}

/**
 * y of `windows` neighbouring windows, the first of which begins `left` columns, two at most, before the `width` of the
 * rows. Pixels are `step` bytes apart, those of y `pixel`, positions of the filter `filterStep`.
 */
export function slideWindows(
  windows: i32,
  left: i32,
  width: i32,
  first: usize,
  second: usize,
  third: usize,
  step: usize,
  filter: usize,
  filterStep: usize,
  shift: v128,
  floor: v128,
  ceiling: v128,
  y: usize,
  pixel: usize,
  count: i32,
): void {
  const w0 = v128.load(filter)
  const w1 = v128.load(filter + filterStep)
  const w2 = v128.load(filter + 2 * filterStep)
  const w3 = v128.load(filter + 3 * filterStep)
  const w4 = v128.load(filter + 4 * filterStep)
  const w5 = v128.load(filter + 5 * filterStep)
  const w6 = v128.load(filter + 6 * filterStep)
  const w7 = v128.load(filter + 7 * filterStep)
  const w8 = v128.load(filter + 8 * filterStep)
  let columns = min(width, windows + 2 - left)
  // Windows that end before the third column of the padded row are none: the next one is written over them.
  let early = 2 - left
  const rest = windows - max(0, columns - early)
  let next = shift
  let afterNext = shift
  while (columns > 0) {
    const a = v128.load(first)
    const b = v128.load(second)
    const c = v128.load(third)
    const done = addThree(next, a, w2, b, w5, c, w8)
    next = addThree(afterNext, a, w1, b, w4, c, w7)
    afterNext = addThree(shift, a, w0, b, w3, c, w6)
    first += step
    second += step
    third += step
    columns--
    storeSome(y, clamp(done, floor, ceiling), count)
    y += early > 0 ? 0 : pixel
    early--
  }
  if (early > 0) next = afterNext
  if (rest > 0) storeSome(y, clamp(next, floor, ceiling), count)
  if (rest > 1) storeSome(y + pixel, clamp(afterNext, floor, ceiling), count)
}

/** y of windows `step` bytes apart, positions `across` bytes apart; nothing sticks out. */
export function jumpWindows(
  windows: i32,
  across: usize,
  first: usize,
  second: usize,
  third: usize,
  step: usize,
  filter: usize,
  filterStep: usize,
  shift: v128,
  floor: v128,
  ceiling: v128,
  y: usize,
  pixel: usize,
  count: i32,
): void {
  const w0 = v128.load(filter)
  const w1 = v128.load(filter + filterStep)
  const w2 = v128.load(filter + 2 * filterStep)
  const w3 = v128.load(filter + 3 * filterStep)
  const w4 = v128.load(filter + 4 * filterStep)
  const w5 = v128.load(filter + 5 * filterStep)
  const w6 = v128.load(filter + 6 * filterStep)
  const w7 = v128.load(filter + 7 * filterStep)
  const w8 = v128.load(filter + 8 * filterStep)
  const further = 2 * across
  while (windows > 0) {
    const top = addThree(shift, v128.load(first), w0, v128.load(first + across), w1, v128.load(first + further), w2)
    const middle = addThree(top, v128.load(second), w3, v128.load(second + across), w4, v128.load(second + further), w5)
    const sum = addThree(middle, v128.load(third), w6, v128.load(third + across), w7, v128.load(third + further), w8)
    storeSome(y, clamp(sum, floor, ceiling), count)
    first += step
    second += step
    third += step
    y += pixel
    windows--
  }
}

/** Adds nine vectors to those at `gradient`, `filterStep` bytes apart. */
// @ts-ignore: decorators of AssemblyScript
@inline
function addNine(
  gradient: usize, filterStep: usize,
  p0: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128, p6: v128, p7: v128, p8: v128,
): void {
  v128.store(gradient, f32x4.add(v128.load(gradient), p0))
  v128.store(gradient + filterStep, f32x4.add(v128.load(gradient + filterStep), p1))
  v128.store(gradient + 2 * filterStep, f32x4.add(v128.load(gradient + 2 * filterStep), p2))
  v128.store(gradient + 3 * filterStep, f32x4.add(v128.load(gradient + 3 * filterStep), p3))
  v128.store(gradient + 4 * filterStep, f32x4.add(v128.load(gradient + 4 * filterStep), p4))
  v128.store(gradient + 5 * filterStep, f32x4.add(v128.load(gradient + 5 * filterStep), p5))
  v128.store(gradient + 6 * filterStep, f32x4.add(v128.load(gradient + 6 * filterStep), p6))
  v128.store(gradient + 7 * filterStep, f32x4.add(v128.load(gradient + 7 * filterStep), p7))
  v128.store(gradient + 8 * filterStep, f32x4.add(v128.load(gradient + 8 * filterStep), p8))
}

/** Adds Σ x·dy over the windows of slideWindows to the positions of the gradient. */
export function slideProducts(
  windows: i32,
  left: i32,
  width: i32,
  first: usize,
  second: usize,
  third: usize,
  step: usize,
  dy: usize,
  pixel: usize,
  count: i32,
  gradient: usize,
  filterStep: usize,
): void {
  const zero = f32x4.splat(0)
  let p0 = zero
  let p1 = zero
  let p2 = zero
  let p3 = zero
  let p4 = zero
  let p5 = zero
  let p6 = zero
  let p7 = zero
  let p8 = zero
  let columns = min(width, windows + 2 - left)
  // dy of the windows that see a column as their middle and as their last one.
  let middle = zero
  let last = zero
  while (left > 0 && windows > 0) {
    last = middle
    middle = loadSome(dy, count)
    dy += pixel
    left--
    windows--
  }
  if (left > 0) {
    last = middle
    middle = zero
  }
  while (columns > 0) {
    let given = zero
    if (windows > 0) given = loadSome(dy, count)
    const a = v128.load(first)
    const b = v128.load(second)
    const c = v128.load(third)
    p0 = multiplyAdd(a, given, p0)
    p1 = multiplyAdd(a, middle, p1)
    p2 = multiplyAdd(a, last, p2)
    p3 = multiplyAdd(b, given, p3)
    p4 = multiplyAdd(b, middle, p4)
    p5 = multiplyAdd(b, last, p5)
    p6 = multiplyAdd(c, given, p6)
    p7 = multiplyAdd(c, middle, p7)
    p8 = multiplyAdd(c, last, p8)
    last = middle
    middle = given
    dy += pixel
    first += step
    second += step
    third += step
    windows--
    columns--
  }
  addNine(gradient, filterStep, p0, p1, p2, p3, p4, p5, p6, p7, p8)
}

/** Adds Σ x·dy over the windows of jumpWindows to the positions of the gradient. */
export function jumpProducts(
  windows: i32,
  across: usize,
  first: usize,
  second: usize,
  third: usize,
  step: usize,
  dy: usize,
  pixel: usize,
  count: i32,
  gradient: usize,
  filterStep: usize,
): void {
  const zero = f32x4.splat(0)
  let p0 = zero
  let p1 = zero
  let p2 = zero
  let p3 = zero
  let p4 = zero
  let p5 = zero
  let p6 = zero
  let p7 = zero
  let p8 = zero
  const further = 2 * across
  while (windows > 0) {
    const given = loadSome(dy, count)
    p0 = multiplyAdd(given, v128.load(first), p0)
    p1 = multiplyAdd(given, v128.load(first + across), p1)
    p2 = multiplyAdd(given, v128.load(first + further), p2)
    p3 = multiplyAdd(given, v128.load(second), p3)
    p4 = multiplyAdd(given, v128.load(second + across), p4)
    p5 = multiplyAdd(given, v128.load(second + further), p5)
    p6 = multiplyAdd(given, v128.load(third), p6)
    p7 = multiplyAdd(given, v128.load(third + across), p7)
    p8 = multiplyAdd(given, v128.load(third + further), p8)
    first += step
    second += step
    third += step
    dy += pixel
    windows--
  }
  addNine(gradient, filterStep, p0, p1, p2, p3, p4, p5, p6, p7, p8)
}
