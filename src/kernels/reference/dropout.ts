/** What the hash needs: unsigned 32-bit numbers, and the factor of what is kept. */
export type DropoutKeys = {
  readonly first: number
  readonly second: number
  readonly threshold: number
  readonly scale: number
}

/** Mixes a 32-bit number into another one, unsigned. */
export function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/** Whether element `index` is kept: mix(mix(index + first) xor second) ≥ threshold. */
function isKept(index: number, { first, second, threshold }: DropoutKeys): boolean {
  return mix(mix((index + first) | 0) ^ second) >= threshold
}

/** y = x·scale where kept, x·0 elsewhere (so that NaN is not hidden). */
export function dropout(x: Float32Array, keys: DropoutKeys): Float32Array {
  const scale = Math.fround(keys.scale)
  return x.map((value, index) => value * (isKept(index, keys) ? scale : 0))
}
