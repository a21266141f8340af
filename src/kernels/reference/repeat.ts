import type { Repeat } from '../repeat.ts'

/** Where the factor of value i of x [outer, middle, inner] stands. */
const factorOf = (i: number, { middle, inner }: Repeat): number => Math.floor(i / (middle * inner)) * inner + (i % inner)

export function multiplyRepeated(x: Float32Array, factor: Float32Array, repeat: Repeat): Float32Array {
  return x.map((value, i) => value * factor[factorOf(i, repeat)]!)
}

export function productSum(a: Float32Array, b: Float32Array, repeat: Repeat): Float32Array {
  const sums = new Float64Array(repeat.outer * repeat.inner)
  a.forEach((value, i) => (sums[factorOf(i, repeat)]! += value * b[i]!))
  return Float32Array.from(sums)
}
