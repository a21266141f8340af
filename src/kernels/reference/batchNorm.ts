import { boundsOf, fused, type FusedActivation } from '../fused.ts'

// Every array x is read as [rows, channels]: value r, c is x[r * channels + c]. Sums are in double precision.

/** Σ over the rows of value(r·channels + c), per channel. */
function perChannel(
  length: number,
  channels: number,
  value: (index: number, channel: number) => number,
): Float64Array {
  const sums = new Float64Array(channels)
  for (let i = 0; i < length; i++) sums[i % channels]! += value(i, i % channels)
  return sums
}

export function channelMoments(
  x: Float32Array,
  channels: number,
): [mean: Float32Array, variance: Float32Array] {
  const rows = x.length / channels
  const mean = perChannel(x.length, channels, (i) => x[i]! / rows)
  const variance = perChannel(x.length, channels, (i, c) => (x[i]! - mean[c]!) ** 2 / rows)
  return [Float32Array.from(mean), Float32Array.from(variance)]
}

export function batchNormApply(
  x: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  gamma: Float32Array | null,
  beta: Float32Array | null,
  epsilon: number,
  activation: FusedActivation = 'linear',
): Float32Array {
  const channels = mean.length
  return x.map((value, i) => {
    const c = i % channels
    const normalized = (value - mean[c]!) / Math.sqrt(variance[c]! + epsilon)
    return fused(normalized * (gamma?.[c] ?? 1) + (beta?.[c] ?? 0), activation)
  })
}

/** What the gradient reads beside dy and x. */
export type GradientOptions = {
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly gamma: Float32Array | null
  readonly beta: Float32Array | null
  readonly epsilon: number
  readonly activation: FusedActivation
  readonly constantStatistics: boolean
}

/**
 * dz = dy where the activation lets it through. dgamma = Σ dz·n and dbeta = Σ dz with n = (x − mean) / √(variance + ε).
 * dx = gamma / √(variance + ε) · (dz − dbeta/rows − n·dgamma/rows) when mean and variance are those of x, gamma /
 * √(variance + ε) · dz when they are constants.
 */
export function batchNormGradient(
  dy: Float32Array,
  x: Float32Array,
  { mean, variance, gamma, beta, epsilon, activation, constantStatistics }: GradientOptions,
): [dx: Float32Array, dgamma: Float32Array, dbeta: Float32Array] {
  const channels = mean.length
  const rows = x.length / channels
  const [least, most] = boundsOf(activation)
  const inverse = Array.from(variance, (v) => 1 / Math.sqrt(v + epsilon))
  const normalized = (i: number, c: number): number => (x[i]! - mean[c]!) * inverse[c]!
  const dz = dy.map((value, i) => {
    const z = normalized(i, i % channels) * (gamma?.[i % channels] ?? 1) + (beta?.[i % channels] ?? 0)
    return activation === 'linear' || (z > least && z < most) ? value : 0
  })
  const dgamma = perChannel(x.length, channels, (i, c) => dz[i]! * normalized(i, c))
  const dbeta = perChannel(x.length, channels, (i) => dz[i]!)
  const dx = x.map((_, i) => {
    const c = i % channels
    const through = constantStatistics ? 0 : (dbeta[c]! + normalized(i, c) * dgamma[c]!) / rows
    return (gamma?.[c] ?? 1) * inverse[c]! * (dz[i]! - through)
  })
  return [dx, Float32Array.from(dgamma), Float32Array.from(dbeta)]
}
