export function addN(xs: readonly Float32Array[]): Float32Array {
  return xs[0]!.map((_, i) => xs.reduce((total, x) => total + x[i]!, 0))
}

export function channelSum(x: Float32Array, channels: number): Float32Array {
  const sums = new Float64Array(channels)
  x.forEach((value, i) => (sums[i % channels]! += value))
  return Float32Array.from(sums)
}

export function scale(x: Float32Array, factor: number): Float32Array {
  return x.map((value) => value * factor)
}
