import type { LocalResponseNormAttrs } from '../localResponseNorm.ts'

/** Channels below that a window of this size has. */
export const channelsBelow = (size: number): number => Math.floor(size / 2)

/** The indices of the channels in the window of value `i`, cut off at the ends of its row. */
function windowOf(i: number, channels: number, size: number): number[] {
  const row = i - (i % channels)
  const first = i - channelsBelow(size)
  return Array.from({ length: size }, (_, at) => first + at).filter((at) => at >= row && at < row + channels)
}

/** k + α·Σ x² of each value. */
function raised(x: Float32Array, channels: number, { size, k, alpha }: LocalResponseNormAttrs): number[] {
  return Array.from(x, (_, i) => k + alpha * windowOf(i, channels, size).reduce((sum, at) => sum + x[at]! ** 2, 0))
}

export function localResponseNorm(x: Float32Array, channels: number, attrs: LocalResponseNormAttrs): Float32Array {
  const s = raised(x, channels, attrs)
  return x.map((value, i) => value * s[i]! ** -attrs.beta)
}

export function localResponseNormGradient(
  dy: Float32Array, x: Float32Array, channels: number, attrs: LocalResponseNormAttrs,
): Float32Array {
  const { size, alpha, beta } = attrs
  const s = raised(x, channels, attrs)
  const dx = Float64Array.from(dy, (gradient, i) => gradient * s[i]! ** -beta)
  for (let j = 0; j < x.length; j++) {
    const share = 2 * alpha * beta * dy[j]! * x[j]! * s[j]! ** (-beta - 1)
    for (const i of windowOf(j, channels, size)) dx[i]! -= share * x[i]!
  }
  return Float32Array.from(dx)
}
