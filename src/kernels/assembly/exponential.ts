import { multiplyAdd, multiplySubtract } from './lanes'

/**
 * exp, tanh and log without tables: the module may hold no data, because it lives in the backend's memory.
 *
 * All three rest on expm1(r) = r + r²/2! + … + r⁷/7! for |r| ≤ ln 2 / 2. The first term left out is r⁸/8!,
 * below 6e-9 there and below 2e-8 beside r itself, a third of half a unit in the last place.
 *
 * Range reduction is that of W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980: x
 * = n·ln 2 + r with ln 2 split in two, the upper part so short that n·upper is exact, and then exp(x) = 2ⁿ +
 * 2ⁿ·expm1(r).
 */

const LOG2_E: f32 = 1.4426950408889634
/** 355/512: nine bits. */
const LN2_UPPER: f32 = 0.693359375
const LN2_LOWER: f32 = -2.1219444005469057e-4
const LN2: f64 = 0.6931471805599453
const SQRT_2: f64 = 1.4142135623730951

/**
 * Below this, exp leaves the normal floats; we answer zero. (pmax(x, bound) keeps a NaN of x, and is one
 * instruction.)
 */
const SMALLEST_EXPONENT: f32 = -87.33654

/**
 * 1.5·2²³: a float this large has no room for a fraction, so adding it rounds a small number to a whole one,
 * which then stands in the low bits. That is much cheaper than the conversion instructions.
 */
const ROUNDER: f32 = 12582912

/** n of x = n·ln 2 + r, still added to ROUNDER. */
function roundedExponent(x: v128): v128 {
  return multiplyAdd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUNDER))
}

/** 2ⁿ of n + ROUNDER, n from −126 to 127: the low bits, biased, moved to where a float keeps its exponent. */
function powerOfTwo(rounded: v128): v128 {
  return i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23)
}

/** expm1(r) for the r of x = n·ln 2 + r. */
function reducedExpm1(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER))
  const r = multiplySubtract(n, f32x4.splat(LN2_LOWER), multiplySubtract(n, f32x4.splat(LN2_UPPER), x))
  let series = multiplyAdd(r, f32x4.splat(1.0 / 5040.0), f32x4.splat(1.0 / 720.0))
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 120.0))
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 24.0))
  series = multiplyAdd(series, r, f32x4.splat(1.0 / 6.0))
  series = multiplyAdd(series, r, f32x4.splat(0.5))
  return multiplyAdd(series, f32x4.mul(r, r), r)
}

/** exp of four floats that are not positive; zero where the result is no normal float; NaN stays NaN. */
export function expOfNegative(x: v128): v128 {
  const clamped = f32x4.pmax(x, f32x4.splat(SMALLEST_EXPONENT))
  const rounded = roundedExponent(clamped)
  const power = powerOfTwo(rounded)
  const result = multiplyAdd(power, reducedExpm1(clamped, rounded), power)
  return v128.andnot(result, f32x4.lt(x, f32x4.splat(SMALLEST_EXPONENT)))
}

/** exp(x) − 1 of four floats that are not positive, exact also near zero. */
export function expm1OfNegative(x: v128): v128 {
  const clamped = f32x4.pmax(x, f32x4.splat(SMALLEST_EXPONENT))
  const rounded = roundedExponent(clamped)
  const power = powerOfTwo(rounded)
  return multiplyAdd(power, reducedExpm1(clamped, rounded), f32x4.sub(power, f32x4.splat(1)))
}

/** tanh of four floats: with t = exp(−2|x|) − 1, tanh |x| = −t / (t + 2), and the sign of x. */
export function tanhOfFour(x: v128): v128 {
  const t = expm1OfNegative(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)))
  const magnitude = f32x4.abs(f32x4.div(t, f32x4.add(t, f32x4.splat(2))))
  return v128.or(magnitude, v128.and(x, i32x4.splat(0x80000000)))
}

/**
 * 1 / (1 + exp(−x)) of four floats: with e = exp(−|x|), 1 / (1 + e) or e / (1 + e), so that nothing
 * overflows.
 */
export function sigmoidOfFour(x: v128): v128 {
  const one = f32x4.splat(1)
  const e = expOfNegative(f32x4.neg(f32x4.abs(x)))
  const upper = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)))
  return f32x4.div(upper, f32x4.add(one, e))
}

/** log(1 + e) of four floats in 0…1, as 2·atanh(z) = 2·(z + z³/3 + z⁵/5 + …) of z = e / (2 + e) ≤ 1/3. */
export function log1pOfFour(e: v128): v128 {
  const z = f32x4.div(e, f32x4.add(e, f32x4.splat(2)))
  const square = f32x4.mul(z, z)
  let series = multiplyAdd(square, f32x4.splat(1.0 / 15.0), f32x4.splat(1.0 / 13.0))
  series = multiplyAdd(series, square, f32x4.splat(1.0 / 11.0))
  series = multiplyAdd(series, square, f32x4.splat(1.0 / 9.0))
  series = multiplyAdd(series, square, f32x4.splat(1.0 / 7.0))
  series = multiplyAdd(series, square, f32x4.splat(1.0 / 5.0))
  series = multiplyAdd(series, square, f32x4.splat(1.0 / 3.0))
  const twice = f32x4.add(z, z)
  return multiplyAdd(f32x4.mul(twice, square), series, twice)
}

/**
 * log of a positive normal double: x = 2ᵏ·m with m in √½…√2, and log m = 2·atanh(z) of z = (m − 1) / (m + 1),
 * |z| < 0.172. The first term left out, z¹⁷/17, is 3e-14 of the first. NaN stays NaN.
 */
export function logOfDouble(x: f64): f64 {
  const bits = reinterpret<u64>(x)
  let k = <i32>((bits >> 52) & 0x7ff) - 1023
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000)
  if (x != x) return x
  if (m > SQRT_2) {
    m *= 0.5
    k++
  }
  const z = (m - 1) / (m + 1)
  const square = z * z
  let series = square / 15.0 + 1.0 / 13.0
  series = series * square + 1.0 / 11.0
  series = series * square + 1.0 / 9.0
  series = series * square + 1.0 / 7.0
  series = series * square + 1.0 / 5.0
  series = series * square + 1.0 / 3.0
  return <f64>k * LN2 + 2 * (z + z * square * series)
}
