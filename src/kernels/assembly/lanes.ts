/**
 * What several kernels need on rows of floats: copying, filling, and sums in double precision.
 *
 * A pointer is a byte address, a count is a number of floats. Addresses need no alignment.
 */

/** Bytes of one float. */
export const FLOAT: usize = 4

/** Bytes of one vector of four floats. */
export const VECTOR: usize = 16

/** Below this many floats a loop beats the call into the engine's block copy. */
const LONG_COPY = 256

/** The bytes that `count` floats take. */
export function floats(count: i32): usize {
  return (<usize>count) << 2
}

/** Copies `count` floats; the two ranges do not overlap. */
export function copyFloats(target: usize, source: usize, count: i32): void {
  if (count >= LONG_COPY) {
    memory.copy(target, source, floats(count))
    return
  }
  while (count >= 4) {
    v128.store(target, v128.load(source))
    target += VECTOR
    source += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(target, load<f32>(source))
    target += FLOAT
    source += FLOAT
    count--
  }
}

/**
 * Values below `floor` become floor, values above `ceiling` become ceiling; NaN stays, and −0 at a floor of 0. `min` and
 * `max` would take a dozen instructions of the machine in place of two.
 */
// @ts-ignore: decorators of AssemblyScript
@inline
export function clamp(values: v128, floor: v128, ceiling: v128): v128 {
  return f32x4.pmin(f32x4.pmax(values, floor), ceiling)
}

/**
 * a·b + c. In the build for relaxed SIMD it is one instruction of the machine where there is one; whether the product is
 * rounded before it is added is then up to the machine.
 */
// @ts-ignore: decorators of AssemblyScript
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** c − a·b, in the same way. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function multiplySubtract(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c)
  return f32x4.sub(c, f32x4.mul(a, b))
}

/** Writes `count` zeros. */
export function clearFloats(target: usize, count: i32): void {
  memory.fill(target, 0, floats(count))
}

/** Adds the four floats of `values` to the two doubles of `totals`. */
export function addToDoubles(totals: v128, values: v128): v128 {
  const upper = i64x2.shuffle(values, values, 1, 0)
  return f64x2.add(totals, f64x2.add(f64x2.promote_low_f32x4(values), f64x2.promote_low_f32x4(upper)))
}

/** The sum of the two doubles of `totals`. */
export function sumOfDoubles(totals: v128): f64 {
  return f64x2.extract_lane(totals, 0) + f64x2.extract_lane(totals, 1)
}
