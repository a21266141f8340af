/** Two keys mixed from a seed: 32-bit numbers, unsigned. */
export type RandomKeys = { readonly first: number; readonly second: number }

const TWO_TO_32 = 2 ** 32

/** 2³² / golden ratio: a seed of 0 must not give keys of 0. */
const OFFSET = 0x9e3779b9

/** Mixes a 32-bit number into another one, unsigned. */
export function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/** The keys of a seed. `what` names the kernel. Throws unless the seed is a whole number from 0 to 2⁵³ − 1. */
export function randomKeys(what: string, seed: number): RandomKeys {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`${what}: seed is ${seed}, but must be a whole number from 0 to 2^53 - 1.`)
  }
  const first = mix((seed + OFFSET) | 0)
  return { first, second: mix((Math.floor(seed / TWO_TO_32) ^ first) + OFFSET) }
}

/** 32 random bits for an index, unsigned: mix(mix(index + first) xor second). */
export function hash(index: number, { first, second }: RandomKeys): number {
  return mix(mix((index + first) | 0) ^ second)
}
