/**
 * The normal distribution, for GELU: the share Φ of it below x, and its density φ.
 *
 * Φ(x) = erfc(−x/√2) / 2, where erfc(z) = t · exp(−z² + P(t)) with t = 1 / (1 + z/2) for z ≥ 0. P is the Chebyshev fit of
 * degree 9 of log(erfc(z)·exp(z²)/t) over t in 0…1, within 1.1e-7 everywhere: the error is a relative one, so that the lower
 * tail is not lost, as it would be in 1 − erf.
 */
import { expOfNegative } from './exponential'
import { multiplyAdd, multiplySubtract } from './lanes'

const SQRT_HALF: f32 = 0.7071067811865476
/** 1 / √(2π) */
const DENSITY_AT_ZERO: f32 = 0.3989422804014327

/** P(t) by Horner's rule. */
function exponentOfTail(t: v128): v128 {
  let p = multiplyAdd(t, f32x4.splat(0.1708727781860081), f32x4.splat(-0.822152236854581))
  p = multiplyAdd(p, t, f32x4.splat(1.488515894149643))
  p = multiplyAdd(p, t, f32x4.splat(-1.1352040057910298))
  p = multiplyAdd(p, t, f32x4.splat(0.2788680880230391))
  p = multiplyAdd(p, t, f32x4.splat(-0.18628806308020793))
  p = multiplyAdd(p, t, f32x4.splat(0.09678418982102435))
  p = multiplyAdd(p, t, f32x4.splat(0.3740919596763759))
  p = multiplyAdd(p, t, f32x4.splat(1.000023680160287))
  return multiplyAdd(p, t, f32x4.splat(-1.265512225141649))
}

/** Φ of four floats. */
export function shareBelow(x: v128): v128 {
  const one = f32x4.splat(1)
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(SQRT_HALF))
  const t = f32x4.div(one, multiplyAdd(z, f32x4.splat(0.5), one))
  const power = multiplySubtract(z, z, exponentOfTail(t))
  const tail = f32x4.mul(f32x4.mul(t, f32x4.splat(0.5)), expOfNegative(power))
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)))
}

/** φ of four floats. */
export function density(x: v128): v128 {
  return f32x4.mul(f32x4.splat(DENSITY_AT_ZERO), expOfNegative(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))))
}
