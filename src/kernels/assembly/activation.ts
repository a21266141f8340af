import { FLOAT, VECTOR } from './lanes'
import { sigmoidOfFour, tanhOfFour } from './exponential'

// The numbers that src/kernels/activation.ts passes for the three functions.
const RELU = 0
const SIGMOID = 1

function activateFour(x: v128, kind: i32): v128 {
  if (kind == SIGMOID) return sigmoidOfFour(x)
  return tanhOfFour(x)
}

/** y = max(x, 0); the maximum of wasm hands NaN on. */
function relu(count: i32, x: usize, y: usize): void {
  const zero = f32x4.splat(0)
  while (count >= 4) {
    v128.store(y, f32x4.max(v128.load(x), zero))
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, max<f32>(load<f32>(x), 0))
    x += FLOAT
    y += FLOAT
    count--
  }
}

/** y = f(x) for `count` floats; x and y may be the same place. */
export function activate(count: i32, x: usize, y: usize, kind: i32): void {
  if (kind == RELU) {
    relu(count, x, y)
    return
  }
  while (count >= 4) {
    v128.store(y, activateFour(v128.load(x), kind))
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, f32x4.extract_lane(activateFour(v128.load32_splat(x), kind), 0))
    x += FLOAT
    y += FLOAT
    count--
  }
}

/**
 * The gradient of four values from the output y: relu dy where y is not ≤ 0 · sigmoid dy·y·(1 − y) · tanh
 * dy·(1 − y²).
 */
function gradientOfFour(dy: v128, y: v128, kind: i32): v128 {
  if (kind == RELU) return v128.andnot(dy, f32x4.le(y, f32x4.splat(0)))
  const one = f32x4.splat(1)
  if (kind == SIGMOID) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)))
  return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y)))
}

/** dx for `count` floats. */
export function activationGradient(count: i32, dy: usize, y: usize, dx: usize, kind: i32): void {
  while (count >= 4) {
    v128.store(dx, gradientOfFour(v128.load(dy), v128.load(y), kind))
    dy += VECTOR
    y += VECTOR
    dx += VECTOR
    count -= 4
  }
  while (count > 0) {
    const value = gradientOfFour(v128.load32_splat(dy), v128.load32_splat(y), kind)
    store<f32>(dx, f32x4.extract_lane(value, 0))
    dy += FLOAT
    y += FLOAT
    dx += FLOAT
    count--
  }
}
