import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dropout } from '../../src/kernels/index.ts'
import { mix } from '../../src/kernels/reference/random.ts'
import { expectNear, expectSame, on, random, tries } from './comparison.ts'

const exact = { relative: 0, absolute: 0 }
const rates = fc.oneof(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.constantFrom(0, 0.5, 0.25))
const seeds = fc.oneof(fc.nat(), fc.maxSafeNat())

test('wasm and reference agree to the bit', async () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 3 })
  const property = fc.asyncProperty(shapes, rates, seeds, async (shape, rate, seed) => {
    await expectSame(() => [dropout(random(shape, 1), { rate, seed })], exact)
  })
  await fc.assert(property, tries(200))
})

/** Which of `count` elements are kept, as 0 and 1. */
async function mask(count: number, rate: number, seed: number): Promise<Float32Array> {
  const [y] = await on('wasm', () => [dropout(tf.ones([count]), { rate, seed })])
  return y!.map((value) => (value === 0 ? 0 : 1))
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** How far a share lies from the expected one, in standard deviations of `count` independent draws. */
const deviations = (share: number, expected: number, count: number): number =>
  Math.abs(share - expected) / Math.sqrt((expected * (1 - expected)) / count)

describe('the masks look like independent draws', () => {
  const count = 1 << 18

  test.each([0.01, 0.1, 0.25, 0.5, 0.8])('the share kept at rate %d', async (rate) => {
    for (const seed of [0, 1, 2, 1000, 2 ** 31, 2 ** 40]) {
      expect(deviations(mean(await mask(count, rate, seed)), 1 - rate, count)).toBeLessThan(4.5)
    }
  })

  test('neighbours, also at distances that are widths of images, do not know of each other', async () => {
    const kept = await mask(count, 0.5, 3)
    for (const distance of [1, 2, 3, 4, 7, 8, 16, 28, 32, 64, 784, 1024, 4096]) {
      const pairs = count - distance
      const equal = kept.subarray(0, pairs).map((value, i) => (value === kept[i + distance] ? 1 : 0))
      expect(deviations(mean(equal), 0.5, pairs)).toBeLessThan(4.5)
    }
  })

  test('seeds do not know of each other, not even shifted', async () => {
    const [first, ...others] = await Promise.all(
      [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1].map((seed) => mask(count, 0.5, seed)),
    )
    for (const other of others) {
      for (const shift of [0, 1, 2, 4]) {
        const pairs = count - shift
        const equal = first!.subarray(0, pairs).map((value, i) => (value === other[i + shift] ? 1 : 0))
        expect(deviations(mean(equal), 0.5, pairs)).toBeLessThan(4.5)
      }
    }
  })

  test('groups of eight elements take all 256 patterns equally often (χ²)', async () => {
    const kept = await mask(count, 0.5, 11)
    const counts = Array.from({ length: 256 }, () => 0)
    for (let i = 0; i < count; i += 8) {
      const pattern = kept.subarray(i, i + 8).reduce((bits, bit) => 2 * bits + bit, 0)
      counts[pattern]! += 1
    }
    const expected = count / 8 / 256
    const chiSquared = counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0)
    // 255 degrees of freedom: mean 255, standard deviation 22.6.
    expect(Math.abs(chiSquared - 255)).toBeLessThan(4.5 * 22.6)
  })
})

test('mix is lowbias32', () => {
  // Computed by hand from the published definition: x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; x *= 0x846ca68b; x ^= x >> 16.
  const definition = (start: bigint): number => {
    let x = start
    x = ((x ^ (x >> 16n)) * 0x7feb352dn) & 0xffffffffn
    x = ((x ^ (x >> 15n)) * 0x846ca68bn) & 0xffffffffn
    return Number(x ^ (x >> 16n))
  }
  for (const x of [0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 123456789])
    expect(mix(x)).toBe(definition(BigInt(x)))
})

test.each(['wasm', 'cpu'] as const)(
  'kept values are scaled, the gradient has the same mask (%s)',
  async (backend) => {
    const attrs = { rate: 0.75, seed: 5 }
    const [x, y, ones, same] = await on(backend, () => {
      const values = random([1000], 2)
      return [
        values,
        dropout(values, attrs),
        dropout(tf.ones([1000]), attrs),
        dropout(values, { rate: 0, seed: 5 }),
      ]
    })
    expect(new Set(ones)).toEqual(new Set([0, 4]))
    expectNear(
      y!,
      x!.map((value, i) => value * ones![i]!),
      exact,
    )
    expectNear(same!, x!, exact)
  },
)

test.each(['wasm', 'cpu'] as const)('NaN is not dropped (%s)', async (backend) => {
  const [y] = await on(backend, () => [dropout(tf.fill([50], NaN), { rate: 0.5, seed: 1 })])
  expect([...y!].every(Number.isNaN)).toBe(true)
})

test.each([
  [{ rate: 1, seed: 0 }, 'rate is 1, but must be at least 0 and below 1'],
  [{ rate: NaN, seed: 0 }, 'rate is NaN'],
  [{ rate: 0.5, seed: -1 }, 'seed is -1, but must be a whole number'],
  [{ rate: 0.5, seed: 0.5 }, 'seed is 0.5'],
])('%o is refused', async (attrs, message) => {
  await expect(on('wasm', () => [dropout(tf.zeros([1]), attrs)])).rejects.toThrow(message)
})
