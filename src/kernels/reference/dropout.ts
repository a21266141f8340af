import type { DropoutKeys } from '../dropout.ts'
import { mix } from '../dropout.ts'

/** Whether element `index` is kept: mix(mix(index + first) xor second) ≥ threshold, unsigned. */
function isKept(index: number, { first, second, threshold }: DropoutKeys): boolean {
  return mix(mix((index + first) | 0) ^ second) >= threshold
}

/** y = x·scale where kept, x·0 elsewhere (so that NaN is not hidden). */
export function dropout(x: Float32Array, keys: DropoutKeys): Float32Array {
  const scale = Math.fround(keys.scale)
  return x.map((value, index) => value * (isKept(index, keys) ? scale : 0))
}
