import { FLOAT, VECTOR, multiplyAdd, multiplySubtract } from './lanes'
import { expm1OfNegative, expOfNegative, log1pOfFour, sigmoidOfFour, tanhOfFour } from './exponential'
import { density, shareBelow } from './normal'

// The numbers by which src/kernels/activation.ts passes the functions.
const RELU = 0
const SIGMOID = 1
const TANH = 2
const RELU6 = 3
const LEAKY_RELU = 4
const ELU = 5
const SOFTPLUS = 6
const SILU = 7
const GELU = 8
const GELU_TANH = 9
const HARD_SIGMOID = 10

/** √(2/π), and the factor of the cube, of GELU's approximation. */
const GELU_SLOPE: f32 = 0.7978845608028654
const GELU_CUBE: f32 = 0.044715
/** Beyond it the approximation's tanh is ±1 to the last place, and squares would only overflow. */
const GELU_SATURATED: f32 = 16

/** x where it is above 0 (or NaN), `below` elsewhere. */
function aboveZero(x: v128, above: v128, below: v128): v128 {
  return v128.bitselect(below, above, f32x4.le(x, f32x4.splat(0)))
}

function clamp(x: v128, least: f32, most: f32): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(least)), f32x4.splat(most))
}

/** min(max(x + 3, 0), 6) / 6 */
function hardSigmoid(x: v128): v128 {
  return f32x4.mul(clamp(f32x4.add(x, f32x4.splat(3)), 0, 6), f32x4.splat(1.0 / 6.0))
}

function elu(x: v128, alpha: f32, scale: f32): v128 {
  const below = f32x4.mul(expm1OfNegative(f32x4.min(x, f32x4.splat(0))), f32x4.splat(alpha))
  return f32x4.mul(aboveZero(x, x, below), f32x4.splat(scale))
}

/** max(x, 0) + log(1 + e^−|x|) */
function softplus(x: v128): v128 {
  const rest = log1pOfFour(expOfNegative(f32x4.neg(f32x4.abs(x))))
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), rest)
}

/** tanh(√(2/π)·(x + 0.044715·x³)) of an x within ±GELU_SATURATED */
function geluTanh(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, f32x4.splat(GELU_CUBE)), f32x4.mul(x, x))
  return tanhOfFour(f32x4.mul(f32x4.add(x, cube), f32x4.splat(GELU_SLOPE)))
}

function geluApproximation(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5))
  const t = geluTanh(clamp(x, -GELU_SATURATED, GELU_SATURATED))
  return f32x4.mul(half, f32x4.add(f32x4.splat(1), t))
}

function activateFour(x: v128, kind: i32, alpha: f32, scale: f32): v128 {
  switch (kind) {
    case SIGMOID: return sigmoidOfFour(x)
    case TANH: return tanhOfFour(x)
    case RELU6: return clamp(x, 0, 6)
    case LEAKY_RELU: return aboveZero(x, x, f32x4.mul(x, f32x4.splat(alpha)))
    case ELU: return elu(x, alpha, scale)
    case SOFTPLUS: return softplus(x)
    case SILU: return f32x4.mul(x, sigmoidOfFour(x))
    case GELU: return f32x4.mul(x, shareBelow(x))
    case GELU_TANH: return geluApproximation(x)
    case HARD_SIGMOID: return hardSigmoid(x)
    default: return f32x4.mul(x, hardSigmoid(x))
  }
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
export function activate(count: i32, x: usize, y: usize, kind: i32, alpha: f32, scale: f32): void {
  if (kind == RELU) {
    relu(count, x, y)
    return
  }
  while (count >= 4) {
    v128.store(y, activateFour(v128.load(x), kind, alpha, scale))
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, f32x4.extract_lane(activateFour(v128.load32_splat(x), kind, alpha, scale), 0))
    x += FLOAT
    y += FLOAT
    count--
  }
}

/** dy where the value is not ≤ `least` and not ≥ `most`, else 0. */
function between(dy: v128, value: v128, least: f32, most: f32): v128 {
  const outside = v128.or(f32x4.le(value, f32x4.splat(least)), f32x4.ge(value, f32x4.splat(most)))
  return v128.andnot(dy, outside)
}

/** σ(x)·(1 + x·(1 − σ(x))) */
function siluSlope(x: v128): v128 {
  const one = f32x4.splat(1)
  const s = sigmoidOfFour(x)
  return f32x4.mul(s, multiplyAdd(x, f32x4.sub(one, s), one))
}

/** Half of 1 + t + x·(1 − t²)·√(2/π)·(1 + 3·0.044715·x²), t the tanh. */
function geluApproximationSlope(value: v128): v128 {
  const one = f32x4.splat(1)
  const x = clamp(value, -GELU_SATURATED, GELU_SATURATED)
  const t = geluTanh(x)
  const inner = multiplyAdd(f32x4.mul(x, x), f32x4.splat(3 * GELU_CUBE), one)
  const steep = f32x4.mul(f32x4.mul(x, multiplySubtract(t, t, one)), f32x4.mul(inner, f32x4.splat(GELU_SLOPE)))
  return f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.add(one, t), steep))
}

/** x/3 + 1/2 where x is between −3 and 3, 0 below, 1 above. */
function hardSwishSlope(x: v128): v128 {
  const inner = multiplyAdd(x, f32x4.splat(1.0 / 3.0), f32x4.splat(0.5))
  const upper = v128.bitselect(f32x4.splat(1), inner, f32x4.ge(x, f32x4.splat(3)))
  return v128.andnot(upper, f32x4.le(x, f32x4.splat(-3)))
}

/** dx of four values from dy and the value the function's gradient reads: y up to SOFTPLUS and HARD_SIGMOID, x else. */
function gradientOfFour(dy: v128, value: v128, kind: i32, alpha: f32, scale: f32): v128 {
  const one = f32x4.splat(1)
  switch (kind) {
    case RELU: return v128.andnot(dy, f32x4.le(value, f32x4.splat(0)))
    case SIGMOID: return f32x4.mul(dy, f32x4.mul(value, f32x4.sub(one, value)))
    case TANH: return f32x4.mul(dy, multiplySubtract(value, value, one))
    case RELU6: return between(dy, value, 0, 6)
    case LEAKY_RELU: return aboveZero(value, dy, f32x4.mul(dy, f32x4.splat(alpha)))
    case ELU: return f32x4.mul(dy, aboveZero(value, f32x4.splat(scale), f32x4.add(value, f32x4.splat(alpha * scale))))
    case SOFTPLUS: return f32x4.mul(dy, f32x4.neg(expm1OfNegative(f32x4.neg(value))))
    case SILU: return f32x4.mul(dy, siluSlope(value))
    case GELU: return f32x4.mul(dy, multiplyAdd(value, density(value), shareBelow(value)))
    case GELU_TANH: return f32x4.mul(dy, geluApproximationSlope(value))
    case HARD_SIGMOID: return f32x4.mul(between(dy, value, 0, 1), f32x4.splat(1.0 / 6.0))
    default: return f32x4.mul(dy, hardSwishSlope(value))
  }
}

/** The gradient of relu in a loop of its own: it is the most frequent, and too short for a choice at every step. */
function reluGradient(count: i32, dy: usize, y: usize, dx: usize): void {
  const zero = f32x4.splat(0)
  while (count >= 4) {
    v128.store(dx, v128.andnot(v128.load(dy), f32x4.le(v128.load(y), zero)))
    dy += VECTOR
    y += VECTOR
    dx += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(dx, load<f32>(y) <= 0 ? 0 : load<f32>(dy))
    dy += FLOAT
    y += FLOAT
    dx += FLOAT
    count--
  }
}

/** dx for `count` floats. */
export function activationGradient(
  count: i32,
  dy: usize,
  value: usize,
  dx: usize,
  kind: i32,
  alpha: f32,
  scale: f32,
): void {
  if (kind == RELU) {
    reluGradient(count, dy, value, dx)
    return
  }
  while (count >= 4) {
    v128.store(dx, gradientOfFour(v128.load(dy), v128.load(value), kind, alpha, scale))
    dy += VECTOR
    value += VECTOR
    dx += VECTOR
    count -= 4
  }
  while (count > 0) {
    const four = gradientOfFour(v128.load32_splat(dy), v128.load32_splat(value), kind, alpha, scale)
    store<f32>(dx, f32x4.extract_lane(four, 0))
    dy += FLOAT
    value += FLOAT
    dx += FLOAT
    count--
  }
}
