import { FLOAT, VECTOR, floats, multiplyAdd } from './lanes'
import { hashFour } from './random'

/** 2⁻²⁴: the upper 24 random bits as a number in 0…1. */
const UNIT: f32 = 1.0 / 16777216.0

/** value where the gate is not ≤ 0, else slope · value. */
function slopeFour(value: v128, gate: v128, slope: v128): v128 {
  return v128.bitselect(f32x4.mul(value, slope), value, f32x4.le(gate, f32x4.splat(0)))
}

/** y[rows, channels] = value where the gate is not ≤ 0, else alpha[channels] · value. */
export function slopePerChannel(
  rows: i32,
  channels: i32,
  value: usize,
  gate: usize,
  alpha: usize,
  y: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let slope = alpha
    let left = channels
    while (left >= 4) {
      v128.store(y, slopeFour(v128.load(value), v128.load(gate), v128.load(slope)))
      value += VECTOR
      gate += VECTOR
      slope += VECTOR
      y += VECTOR
      left -= 4
    }
    while (left > 0) {
      const four = slopeFour(v128.load32_splat(value), v128.load32_splat(gate), v128.load32_splat(slope))
      store<f32>(y, f32x4.extract_lane(four, 0))
      value += FLOAT
      gate += FLOAT
      slope += FLOAT
      y += FLOAT
      left--
    }
  }
}

/** y = value where the gate is not ≤ 0, else value times a slope drawn for its index from lower…upper. */
export function slopeAtRandom(
  count: i32,
  value: usize,
  gate: usize,
  y: usize,
  firstKey: i32,
  secondKey: i32,
  lower: f32,
  upper: f32,
): void {
  const first = i32x4.splat(firstKey)
  const second = i32x4.splat(secondKey)
  const base = f32x4.splat(lower)
  const width = f32x4.splat((upper - lower) * UNIT)
  let index = i32x4(0, 1, 2, 3)
  let left = count
  while (left > 0) {
    const bits = i32x4.shr_u(hashFour(index, first, second), 8)
    const slope = multiplyAdd(f32x4.convert_i32x4_s(bits), width, base)
    if (left >= 4) {
      v128.store(y, slopeFour(v128.load(value), v128.load(gate), slope))
    } else {
      storeFirst(y, slopeFour(loadFirst(value, left), loadFirst(gate, left), slope), left)
    }
    index = i32x4.add(index, i32x4.splat(4))
    value += VECTOR
    gate += VECTOR
    y += VECTOR
    left -= 4
  }
}

/** The last one, two or three floats of a row. */
function loadFirst(from: usize, count: i32): v128 {
  let four = v128.load32_zero(from)
  if (count > 1) four = f32x4.replace_lane(four, 1, load<f32>(from + FLOAT))
  if (count > 2) four = f32x4.replace_lane(four, 2, load<f32>(from + floats(2)))
  return four
}

function storeFirst(to: usize, four: v128, count: i32): void {
  store<f32>(to, f32x4.extract_lane(four, 0))
  if (count > 1) store<f32>(to + FLOAT, f32x4.extract_lane(four, 1))
  if (count > 2) store<f32>(to + floats(2), f32x4.extract_lane(four, 2))
}

/** y = value · min(x, 0) for `count` floats. */
export function productBelowZero(count: i32, value: usize, x: usize, y: usize): void {
  const zero = f32x4.splat(0)
  while (count >= 4) {
    v128.store(y, f32x4.mul(v128.load(value), f32x4.min(v128.load(x), zero)))
    value += VECTOR
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, load<f32>(value) * min<f32>(load<f32>(x), 0))
    value += FLOAT
    x += FLOAT
    y += FLOAT
    count--
  }
}
