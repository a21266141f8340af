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
): Float32Array {
  const channels = mean.length
  return x.map((value, i) => {
    const c = i % channels
    const normalized = (value - mean[c]!) / Math.sqrt(variance[c]! + epsilon)
    return normalized * (gamma?.[c] ?? 1) + (beta?.[c] ?? 0)
  })
}

/**
 * dgamma = Σ dy·n and dbeta = Σ dy with n = (x − mean) / √(variance + ε). dx = gamma / √(variance + ε) · (dy
 * − dbeta/rows − n·dgamma/rows) when mean and variance are those of x, gamma / √(variance + ε) · dy when they
 * are constants.
 */
export function batchNormGradient(
  dy: Float32Array,
  x: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  gamma: Float32Array | null,
  epsilon: number,
  constantStatistics: boolean,
): [dx: Float32Array, dgamma: Float32Array, dbeta: Float32Array] {
  const channels = mean.length
  const rows = x.length / channels
  const inverse = Array.from(variance, (v) => 1 / Math.sqrt(v + epsilon))
  const normalized = (i: number, c: number): number => (x[i]! - mean[c]!) * inverse[c]!
  const dgamma = perChannel(x.length, channels, (i, c) => dy[i]! * normalized(i, c))
  const dbeta = perChannel(x.length, channels, (i) => dy[i]!)
  const dx = x.map((_, i) => {
    const c = i % channels
    const through = constantStatistics ? 0 : (dbeta[c]! + normalized(i, c) * dgamma[c]!) / rows
    return (gamma?.[c] ?? 1) * inverse[c]! * (dy[i]! - through)
  })
  return [dx, Float32Array.from(dgamma), Float32Array.from(dbeta)]
}
