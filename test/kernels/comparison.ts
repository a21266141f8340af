// What the kernel tests share: the same computation on wasm and on its reference, random values, and differences.
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { hasRelaxedSimd, installKernels } from '../../src/kernels/index.ts'
import { allowRelaxedSimd } from '../../src/platform/engine.ts'

/** Which of the two builds is tried: vitest.config.ts runs these tests on both. */
export const relaxedSimd = process.env['KERNEL_BUILD'] !== 'plain'
if (process.env['KERNEL_BUILD'] === 'relaxed') allowRelaxedSimd()
if (process.env['KERNEL_BUILD'] === 'relaxed' && !hasRelaxedSimd()) throw new Error('WebAssembly has no relaxed SIMD here.')

export type BackendName = 'wasm' | 'cpu'

/** How often a property is tried, and with which cases; KERNEL_SEED chooses others. */
export function tries(numRuns: number): { numRuns: number; seed: number } {
  return { numRuns, seed: Number(process.env['KERNEL_SEED'] ?? 1) }
}

/** Runs `compute` on one backend, checks that it leaves no tensor behind, and answers with the values. */
export async function on(backend: BackendName, compute: () => readonly tf.Tensor[]): Promise<Float32Array[]> {
  installKernels({ relaxedSimd })
  await tf.setBackend(backend)
  const before = { tensors: tf.memory().numTensors, data: tf.backend().numDataIds() }
  const results = tf.tidy(() => compute().map((tensor) => tensor.clone()))
  const values = results.map((tensor) => Float32Array.from(tensor.dataSync()))
  tf.dispose(results)
  expect({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() }).toEqual(before)
  return values
}

/** The largest distance allowed between a value and the expected one. */
export type Tolerance = { readonly relative: number; readonly absolute: number }

export const tight: Tolerance = { relative: 2e-6, absolute: 1e-6 }

function isNear(value: number, expected: number, { relative, absolute }: Tolerance): boolean {
  if (Object.is(value, expected) || value === expected) return true
  return Math.abs(value - expected) <= absolute + relative * Math.abs(expected)
}

/** Every value near the expected one; NaN and infinities must be met exactly. */
export function expectNear(values: ArrayLike<number>, expected: ArrayLike<number>, tolerance = tight): void {
  expect(values.length).toBe(expected.length)
  for (let i = 0; i < values.length; i++) {
    if (!isNear(values[i]!, expected[i]!, tolerance))
      expect.fail(`value ${i} is ${values[i]}, expected ${expected[i]}`)
  }
}

/** The wasm kernels give what their references give. */
export async function expectSame(compute: () => readonly tf.Tensor[], tolerance = tight): Promise<void> {
  const wasm = await on('wasm', compute)
  const cpu = await on('cpu', compute)
  expect(wasm.length).toBe(cpu.length)
  wasm.forEach((values, i) => expectNear(values, cpu[i]!, tolerance))
}

/** Uniform numbers in 0…1 from a seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Values spread over −`size`…`size`. */
export function randomValues(count: number, seed: number, size = 2): Float32Array {
  const next = uniform(seed)
  return Float32Array.from({ length: count }, () => (2 * next() - 1) * size)
}

/** A tensor of random values. */
export function random<T extends tf.Tensor>(shape: readonly number[], seed: number, size = 2): T {
  const count = shape.reduce((product, extent) => product * extent, 1)
  return tf.tensor(randomValues(count, seed, size), [...shape]) as T
}

/** The gradient of `f` at x by central differences. */
export function differences(f: (x: Float32Array) => number, x: Float32Array, step = 1e-2): Float32Array {
  return x.map((value, i) => {
    const at = (shifted: number): number => f(x.with(i, shifted))
    return (at(value + step) - at(value - step)) / (2 * step)
  })
}

/** Σ a·b. */
export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
