import { FLOAT, VECTOR } from './lanes'
import { hashFour } from './random'

/**
 * x · (scale or 0) of four floats whose indices are given: kept where mix(mix(index + first) ^ second) ≥
 * threshold, unsigned.
 */
function dropFour(x: v128, index: v128, first: v128, second: v128, threshold: v128, scale: v128): v128 {
  return f32x4.mul(x, v128.and(scale, i32x4.ge_u(hashFour(index, first, second), threshold)))
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
