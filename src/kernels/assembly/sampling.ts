import { FLOAT, VECTOR, floats, multiplyAdd } from './lanes'
import { Convolution } from './convolution'

/**
 * Reading images between their pixels, and the gradients of that.
 *
 * A place (y, x) lies among four pixels. Its value is theirs, each weighted by how near it is:
 *
 *     (1 − down)(1 − right)·topLeft + (1 − down)·right·topRight + down·(1 − right)·bottomLeft + down·right·bottomRight
 *
 * with down = y − ⌊y⌋ and right = x − ⌊x⌋. Pixels outside the image are zero, so the image fades out within one
 * pixel of its edge. All channels of a place share their weights: the channels of a pixel lie side by side, and
 * are read four at a time.
 */
@unmanaged
export class Sample {
  /** The addresses of the four pixels; of a row of zeros for those outside the image. */
  topLeft: usize
  topRight: usize
  bottomLeft: usize
  bottomRight: usize

  /** What each of them weighs. */
  weightTopLeft: f32
  weightTopRight: f32
  weightBottomLeft: f32
  weightBottomRight: f32

  /** Where the place lies among them, 0 to 1. */
  down: f32
  right: f32

  /** Σ over the channels of the gradient · pixel, for each of them. */
  dotTopLeft: f32
  dotTopRight: f32
  dotBottomLeft: f32
  dotBottomRight: f32
}

/** Bytes of a sample. */
export function sampleBytes(): usize {
  return offsetof<Sample>()
}

/**
 * Finds the four pixels around (y, x), and answers whether one of them may be inside the image. `image` is the
 * address of its first pixel, `zeros` that of as many zeros as there are channels.
 *
 * On a whole number the place belongs to the pixels below and to the right: there the derivative is the one from
 * that side, also on row −1, where the image begins to fade in.
 */
export function locate(s: Sample, c: Convolution, image: usize, zeros: usize, y: f32, x: f32): bool {
  if (!(y >= -1 && x >= -1 && y < <f32>c.height && x < <f32>c.width)) return false
  const top = <i32>floor(y)
  const left = <i32>floor(x)
  const down = y - <f32>top
  const right = x - <f32>left
  const isAbove = top >= 0
  const isBelow = top + 1 < c.height
  const isBefore = left >= 0
  const isBehind = left + 1 < c.width
  const pixel = floats(c.channels)
  const row = floats(c.width * c.channels)
  const first = image + floats((top * c.width + left) * c.channels)
  s.topLeft = isAbove && isBefore ? first : zeros
  s.topRight = isAbove && isBehind ? first + pixel : zeros
  s.bottomLeft = isBelow && isBefore ? first + row : zeros
  s.bottomRight = isBelow && isBehind ? first + row + pixel : zeros
  s.down = down
  s.right = right
  s.weightTopLeft = (1 - down) * (1 - right)
  s.weightTopRight = (1 - down) * right
  s.weightBottomLeft = down * (1 - right)
  s.weightBottomRight = down * right
  s.dotTopLeft = 0
  s.dotTopRight = 0
  s.dotBottomLeft = 0
  s.dotBottomRight = 0
  return true
}

/** target[0 … count) = factor · the sample's channels, from the one `shift` bytes behind the first. */
export function readSample(s: Sample, shift: usize, count: i32, factor: f32, target: usize): void {
  let p0 = s.topLeft + shift
  let p1 = s.topRight + shift
  let p2 = s.bottomLeft + shift
  let p3 = s.bottomRight + shift
  const f0 = factor * s.weightTopLeft
  const f1 = factor * s.weightTopRight
  const f2 = factor * s.weightBottomLeft
  const f3 = factor * s.weightBottomRight
  const w0 = f32x4.splat(f0)
  const w1 = f32x4.splat(f1)
  const w2 = f32x4.splat(f2)
  const w3 = f32x4.splat(f3)
  while (count >= 8) {
    const top = multiplyAdd(w1, v128.load(p1), f32x4.mul(w0, v128.load(p0)))
    const bottom = multiplyAdd(w3, v128.load(p3), f32x4.mul(w2, v128.load(p2)))
    v128.store(target, f32x4.add(top, bottom))
    const nextTop = multiplyAdd(w1, v128.load(p1, 16), f32x4.mul(w0, v128.load(p0, 16)))
    const nextBottom = multiplyAdd(w3, v128.load(p3, 16), f32x4.mul(w2, v128.load(p2, 16)))
    v128.store(target, f32x4.add(nextTop, nextBottom), 16)
    p0 += 2 * VECTOR
    p1 += 2 * VECTOR
    p2 += 2 * VECTOR
    p3 += 2 * VECTOR
    target += 2 * VECTOR
    count -= 8
  }
  if (count >= 4) {
    const top = multiplyAdd(w1, v128.load(p1), f32x4.mul(w0, v128.load(p0)))
    const bottom = multiplyAdd(w3, v128.load(p3), f32x4.mul(w2, v128.load(p2)))
    v128.store(target, f32x4.add(top, bottom))
    p0 += VECTOR
    p1 += VECTOR
    p2 += VECTOR
    p3 += VECTOR
    target += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(target, f0 * load<f32>(p0) + f1 * load<f32>(p1) + (f2 * load<f32>(p2) + f3 * load<f32>(p3)))
    p0 += FLOAT
    p1 += FLOAT
    p2 += FLOAT
    p3 += FLOAT
    target += FLOAT
    count--
  }
}

/** The sum of four floats. */
// @ts-ignore: decorators of AssemblyScript
@inline
function sumOf(values: v128): f32 {
  return f32x4.extract_lane(values, 0) + f32x4.extract_lane(values, 1)
    + (f32x4.extract_lane(values, 2) + f32x4.extract_lane(values, 3))
}

/**
 * readSample, and besides adds gradient · pixel to the dots of the sample: both read the same pixels. `gradient` is
 * the address of the gradient by the sample's channels.
 */
export function readSampleWithDots(
  s: Sample,
  shift: usize,
  count: i32,
  factor: f32,
  gradient: usize,
  target: usize,
): void {
  let p0 = s.topLeft + shift
  let p1 = s.topRight + shift
  let p2 = s.bottomLeft + shift
  let p3 = s.bottomRight + shift
  const w0 = f32x4.splat(factor * s.weightTopLeft)
  const w1 = f32x4.splat(factor * s.weightTopRight)
  const w2 = f32x4.splat(factor * s.weightBottomLeft)
  const w3 = f32x4.splat(factor * s.weightBottomRight)
  let d0 = f32x4.splat(0)
  let d1 = f32x4.splat(0)
  let d2 = f32x4.splat(0)
  let d3 = f32x4.splat(0)
  while (count >= 4) {
    const g = v128.load(gradient)
    const v0 = v128.load(p0)
    const v1 = v128.load(p1)
    d0 = multiplyAdd(g, v0, d0)
    d1 = multiplyAdd(g, v1, d1)
    const top = multiplyAdd(w1, v1, f32x4.mul(w0, v0))
    const v2 = v128.load(p2)
    const v3 = v128.load(p3)
    d2 = multiplyAdd(g, v2, d2)
    d3 = multiplyAdd(g, v3, d3)
    v128.store(target, f32x4.add(top, multiplyAdd(w3, v3, f32x4.mul(w2, v2))))
    p0 += VECTOR
    p1 += VECTOR
    p2 += VECTOR
    p3 += VECTOR
    gradient += VECTOR
    target += VECTOR
    count -= 4
  }
  // The last one to three channels in the first lane.
  while (count > 0) {
    const g = v128.load32_zero(gradient)
    const v0 = v128.load32_zero(p0)
    const v1 = v128.load32_zero(p1)
    const v2 = v128.load32_zero(p2)
    const v3 = v128.load32_zero(p3)
    d0 = multiplyAdd(g, v0, d0)
    d1 = multiplyAdd(g, v1, d1)
    d2 = multiplyAdd(g, v2, d2)
    d3 = multiplyAdd(g, v3, d3)
    const top = multiplyAdd(w1, v1, f32x4.mul(w0, v0))
    const value = f32x4.add(top, multiplyAdd(w3, v3, f32x4.mul(w2, v2)))
    v128.store_lane<f32>(target, value, 0)
    p0 += FLOAT
    p1 += FLOAT
    p2 += FLOAT
    p3 += FLOAT
    gradient += FLOAT
    target += FLOAT
    count--
  }
  s.dotTopLeft += sumOf(d0)
  s.dotTopRight += sumOf(d1)
  s.dotBottomLeft += sumOf(d2)
  s.dotBottomRight += sumOf(d3)
}

/** target += factor · source, `count` floats. */
function addScaled(target: usize, source: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  while (count >= 4) {
    v128.store(target, multiplyAdd(v128.load(source), factors, v128.load(target)))
    target += VECTOR
    source += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(target, load<f32>(target) + load<f32>(source) * factor)
    target += FLOAT
    source += FLOAT
    count--
  }
}

/** The same into all four pixels at once, with the sample's weights; `count` is a multiple of four. */
function addToAll(s: Sample, there: usize, count: i32, factor: f32, gradient: usize): void {
  let p0 = s.topLeft + there
  let p1 = s.topRight + there
  let p2 = s.bottomLeft + there
  let p3 = s.bottomRight + there
  const w0 = f32x4.splat(factor * s.weightTopLeft)
  const w1 = f32x4.splat(factor * s.weightTopRight)
  const w2 = f32x4.splat(factor * s.weightBottomLeft)
  const w3 = f32x4.splat(factor * s.weightBottomRight)
  while (count > 0) {
    const g = v128.load(gradient)
    v128.store(p0, multiplyAdd(g, w0, v128.load(p0)))
    v128.store(p1, multiplyAdd(g, w1, v128.load(p1)))
    v128.store(p2, multiplyAdd(g, w2, v128.load(p2)))
    v128.store(p3, multiplyAdd(g, w3, v128.load(p3)))
    p0 += VECTOR
    p1 += VECTOR
    p2 += VECTOR
    p3 += VECTOR
    gradient += VECTOR
    count -= 4
  }
}

/**
 * Adds factor · weight · gradient to the gradients of the four pixels, which lie `across` bytes behind the pixels
 * themselves; those outside the image get nothing.
 */
export function spreadGradient(
  s: Sample,
  shift: usize,
  count: i32,
  factor: f32,
  gradient: usize,
  zeros: usize,
  across: usize,
): void {
  const there = shift + across
  // All four are inside when two that lie crosswise are.
  if ((count & 3) == 0 && s.topLeft != zeros && s.bottomRight != zeros) {
    addToAll(s, there, count, factor, gradient)
    return
  }
  if (s.topLeft != zeros) addScaled(s.topLeft + there, gradient, count, factor * s.weightTopLeft)
  if (s.topRight != zeros) addScaled(s.topRight + there, gradient, count, factor * s.weightTopRight)
  if (s.bottomLeft != zeros) addScaled(s.bottomLeft + there, gradient, count, factor * s.weightBottomLeft)
  if (s.bottomRight != zeros) addScaled(s.bottomRight + there, gradient, count, factor * s.weightBottomRight)
}

/** Σ gradient · value, from the dots: the gradient by a factor on the sample. */
export function gradientByFactor(s: Sample): f32 {
  return s.weightTopLeft * s.dotTopLeft + s.weightTopRight * s.dotTopRight
    + s.weightBottomLeft * s.dotBottomLeft + s.weightBottomRight * s.dotBottomRight
}

/** The gradient by y, from the dots. */
export function gradientByRow(s: Sample): f32 {
  return (1 - s.right) * (s.dotBottomLeft - s.dotTopLeft) + s.right * (s.dotBottomRight - s.dotTopRight)
}

/** The gradient by x, from the dots. */
export function gradientByColumn(s: Sample): f32 {
  return (1 - s.down) * (s.dotTopRight - s.dotTopLeft) + s.down * (s.dotBottomRight - s.dotBottomLeft)
}
