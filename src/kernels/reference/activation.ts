import type { ActivationKind } from '../activation.ts'

/** 1 / (1 + e⁻ˣ), written so that the exponential never overflows. */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x))
  return x < 0 ? e / (1 + e) : 1 / (1 + e)
}

export function activate(x: Float32Array, kind: ActivationKind): Float32Array {
  if (kind === 'relu') return x.map((value) => Math.max(value, 0))
  if (kind === 'sigmoid') return x.map(sigmoid)
  return x.map(Math.tanh)
}

/** relu: dy where y is not ≤ 0 (so NaN hands dy on) · sigmoid: dy·y·(1 − y) · tanh: dy·(1 − y²). */
export function activationGradient(dy: Float32Array, y: Float32Array, kind: ActivationKind): Float32Array {
  if (kind === 'relu') return dy.map((gradient, i) => (y[i]! <= 0 ? 0 : gradient))
  if (kind === 'sigmoid') return dy.map((gradient, i) => gradient * y[i]! * (1 - y[i]!))
  return dy.map((gradient, i) => gradient * (1 - y[i]! * y[i]!))
}
