import { hash } from './random.ts'
import type { RandomKeys } from './random.ts'

/** What a value is multiplied with where its gate is ≤ 0. */
type SlopeOf = (index: number) => number

function slope(value: Float32Array, gate: Float32Array, slopeOf: SlopeOf): Float32Array {
  return value.map((v, i) => (gate[i]! <= 0 ? v * slopeOf(i) : v))
}

/** alpha[i mod its length]. */
export function slopePerChannel(value: Float32Array, gate: Float32Array, alpha: Float32Array): Float32Array {
  return slope(value, gate, (i) => alpha[i % alpha.length]!)
}

/** lower + (upper − lower)·u, where u in 0…1 has the upper 24 bits of the hash. */
export function slopeAtRandom(
  value: Float32Array, gate: Float32Array, keys: RandomKeys, lower: number, upper: number,
): Float32Array {
  return slope(value, gate, (i) => lower + (upper - lower) * ((hash(i, keys) >>> 8) / 2 ** 24))
}

export function productBelowZero(value: Float32Array, x: Float32Array): Float32Array {
  return value.map((v, i) => v * Math.min(x[i]!, 0))
}
