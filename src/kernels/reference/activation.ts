import type { ActivationKind } from '../activation.ts'

/** 1 / (1 + e⁻ˣ), written so that the exponential never overflows. */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x))
  return x < 0 ? e / (1 + e) : 1 / (1 + e)
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/15 + …), of which the float32 values beyond ±13 are 0 and 1. */
function shareBelow(x: number): number {
  if (Math.abs(x) > 13) return x < 0 ? 0 : 1
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + density(x) * sum
}

const hardSigmoid = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6
const geluInner = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)

function geluTanhSlope(x: number): number {
  const t = Math.tanh(geluInner(x))
  const rest = 1 - t * t
  return (1 + t + (rest === 0 ? 0 : x * rest * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x))) / 2
}

function hardSwishSlope(x: number): number {
  if (x <= -3) return 0
  return x >= 3 ? 1 : x / 3 + 0.5
}

/** A function, and its slope from the value named in the table of ../activation.ts. */
type Plain = {
  readonly value: (x: number, alpha: number, scale: number) => number
  readonly slope: (read: number, alpha: number, scale: number) => number
}

/** alpha·(eˣ − 1) below 0, the whole scaled. */
const elu: Plain = {
  value: (x, alpha, scale) => scale * (x <= 0 ? alpha * Math.expm1(x) : x),
  slope: (y, alpha, scale) => (y <= 0 ? y + alpha * scale : scale),
}

const plain: Readonly<Record<ActivationKind, Plain>> = {
  relu: { value: (x) => Math.max(x, 0), slope: (y) => (y <= 0 ? 0 : 1) },
  sigmoid: { value: sigmoid, slope: (y) => y * (1 - y) },
  tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
  relu6: { value: (x) => Math.min(Math.max(x, 0), 6), slope: (y) => (y <= 0 || y >= 6 ? 0 : 1) },
  leakyRelu: { value: (x, alpha) => (x <= 0 ? alpha * x : x), slope: (y, alpha) => (y <= 0 ? alpha : 1) },
  elu,
  selu: elu,
  softplus: { value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: (y) => -Math.expm1(-y) },
  silu: { value: (x) => x * sigmoid(x), slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) },
  gelu: { value: (x) => x * shareBelow(x), slope: (x) => shareBelow(x) + x * density(x) },
  geluTanh: { value: (x) => (x / 2) * (1 + Math.tanh(geluInner(x))), slope: geluTanhSlope },
  hardSigmoid: { value: hardSigmoid, slope: (y) => (y <= 0 || y >= 1 ? 0 : 1 / 6) },
  hardSwish: { value: (x) => x * hardSigmoid(x), slope: hardSwishSlope },
}

export function activate(x: Float32Array, kind: ActivationKind, alpha = 1, scale = 1): Float32Array {
  return x.map((value) => plain[kind].value(value, alpha, scale))
}

/** dy times the slope; dy itself where relu's output is NaN. */
export function activationGradient(
  dy: Float32Array, read: Float32Array, kind: ActivationKind, alpha = 1, scale = 1,
): Float32Array {
  return dy.map((gradient, i) => gradient * plain[kind].slope(read[i]!, alpha, scale))
}
