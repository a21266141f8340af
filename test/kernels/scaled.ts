// Comparing sums of products: their error goes with the largest of them, not with each result.
import type * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { FusedActivation } from '../../src/kernels/fused.ts'
import { on } from './comparison.ts'

/** The largest difference, over the largest expected magnitude. */
export function scaledError(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0
  let scale = Number.MIN_VALUE
  for (let i = 0; i < expected.length; i++) {
    // Not Math.max, which a NaN in the values must not slip through.
    if (!(Math.abs(values[i]! - expected[i]!) <= difference)) difference = Math.abs(values[i]! - expected[i]!)
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return expected.length === 0 ? 0 : difference / scale
}

/** Sums behind relu6 are as wrong as they were before it cut them, of which the largest value left says nothing. */
export const toleranceOf = (activation: FusedActivation): number => (activation === 'relu6' ? 3e-4 : 5e-6)

/** Every value within `tolerance` of the expected one, in units of the largest expected value. */
export function expectScaled(values: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 5e-6): void {
  expect(values.length).toBe(expected.length)
  expect(scaledError(values, expected)).toBeLessThanOrEqual(tolerance)
}

/** The wasm kernels give what their references give, up to the scaled error. */
export async function expectSameScaled(compute: () => readonly tf.Tensor[], tolerance = 5e-6): Promise<void> {
  const wasm = await on('wasm', compute)
  const cpu = await on('cpu', compute)
  expect(wasm.length).toBe(cpu.length)
  wasm.forEach((values, i) => expectScaled(values, cpu[i]!, tolerance))
}
