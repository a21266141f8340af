import { hash } from './random.ts'
import type { RandomKeys } from './random.ts'

/** What the hash needs, what it must reach for an element to be kept, and the factor of what is kept. */
export type DropoutKeys = RandomKeys & { readonly threshold: number; readonly scale: number }

/** Whether element `index` is kept. */
const isKept = (index: number, keys: DropoutKeys): boolean => hash(index, keys) >= keys.threshold

/** y = x·scale where kept, x·0 elsewhere (so that NaN is not hidden). */
export function dropout(x: Float32Array, keys: DropoutKeys): Float32Array {
  const scale = Math.fround(keys.scale)
  return x.map((value, index) => value * (isKept(index, keys) ? scale : 0))
}
