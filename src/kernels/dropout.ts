/**
 * Dropout: y = x · keepᵢ / (1 − rate), each element kept with probability 1 − rate.
 *
 * N. Srivastava et al., "Dropout", 2014, in the inverted form that needs nothing at inference. No state and
 * no
 * table: whether element i is kept follows from the seed and i alone,
 *
 *     keepᵢ = mix(mix(i + first) xor second) ≥ rate·2³²        first, second: two keys mixed from the seed
 *
 * so that the wasm kernel and the reference agree to the bit, and the gradient is dropout(dy) with the same
 * seed
 * and rate. `mix` is "lowbias32" by Chris Wellons (hash-prospector, public domain), a bijection of 32-bit
 * numbers; two rounds with different keys keep the masks of different seeds from being rearrangements of
 * each other.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/dropout.ts'
import type { DropoutKeys } from './reference/dropout.ts'
import { randomKeys } from './reference/random.ts'
import { sizeOf } from './shapes.ts'

export type DropoutAttrs = {
  /** The share of elements set to zero, 0 ≤ rate < 1. */
  readonly rate: number
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number
}

const TWO_TO_32 = 2 ** 32

/** The keys of a seed and what follows from the rate. Throws when either is out of range. */
function dropoutKeys({ rate, seed }: DropoutAttrs): DropoutKeys {
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`dropout: rate is ${rate}, but must be at least 0 and below 1.`)
  const threshold = Math.floor(rate * TWO_TO_32)
  return { ...randomKeys('dropout', seed), threshold, scale: 1 / (1 - rate) }
}

const dropoutKernel = defineKernel<{ x: TensorInfo }, DropoutAttrs>({
  name: 'LayergraphDropout',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const { first, second, threshold, scale } = dropoutKeys(attrs)
    const y = output(x.shape)
    asm.dropout(sizeOf(x.shape), pointer(x), pointer(y), first, second, threshold, scale)
    return y
  },
  reference: ({ x }, attrs) => ({ shape: x.shape, values: reference.dropout(x.values, dropoutKeys(attrs)) }),
})

/** y of x; with the same attrs, dx of dy. Throws when rate or seed is out of range. */
export function dropout<T extends Tensor>(x: T, attrs: DropoutAttrs): T {
  dropoutKeys(attrs)
  return runKernel(dropoutKernel, { x }, attrs)
}

export const dropoutKernels = [dropoutKernel]
