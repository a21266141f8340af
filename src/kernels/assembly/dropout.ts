import { FLOAT, VECTOR } from './lanes'

// The constants of Chris Wellons' "lowbias32", the integer mix of least bias his hash-prospector found for
// two multiplications.
const FIRST_FACTOR = 0x7feb352d
const SECOND_FACTOR: u32 = 0x846ca68b

/**
 * Mixes four 32-bit numbers; a bijection in which each input bit flips each output bit in about half the
 * cases.
 */
function mixFour(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16))
  x = i32x4.mul(x, i32x4.splat(FIRST_FACTOR))
  x = v128.xor(x, i32x4.shr_u(x, 15))
  x = i32x4.mul(x, i32x4.splat(<i32>SECOND_FACTOR))
  return v128.xor(x, i32x4.shr_u(x, 16))
}

/**
 * x · (scale or 0) of four floats whose indices are given: kept where mix(mix(index + first) ^ second) ≥
 * threshold, unsigned.
 */
function dropFour(x: v128, index: v128, first: v128, second: v128, threshold: v128, scale: v128): v128 {
  const hash = mixFour(v128.xor(mixFour(i32x4.add(index, first)), second))
  return f32x4.mul(x, v128.and(scale, i32x4.ge_u(hash, threshold)))
}

/** y = x · keep · scale for `count` floats, index 0 first. */
export function dropout(
  count: i32,
  x: usize,
  y: usize,
  firstKey: i32,
  secondKey: i32,
  threshold: i32,
  scale: f32,
): void {
  const first = i32x4.splat(firstKey)
  const second = i32x4.splat(secondKey)
  const thresholds = i32x4.splat(threshold)
  const scales = f32x4.splat(scale)
  let index = i32x4(0, 1, 2, 3)
  const four = i32x4.splat(4)
  while (count >= 4) {
    v128.store(y, dropFour(v128.load(x), index, first, second, thresholds, scales))
    index = i32x4.add(index, four)
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  const one = i32x4.splat(1)
  while (count > 0) {
    store<f32>(
      y,
      f32x4.extract_lane(dropFour(v128.load32_splat(x), index, first, second, thresholds, scales), 0),
    )
    index = i32x4.add(index, one)
    x += FLOAT
    y += FLOAT
    count--
  }
}
