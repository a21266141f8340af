import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localResponseNorm, localResponseNormGradient } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/localResponseNorm.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const upTo = (max: number) => fc.integer({ min: 1, max })

test('wasm agrees with the reference', async () => {
  const property = fc.asyncProperty(upTo(9), upTo(23), upTo(7), fc.constantFrom(0.75, 0.5, 1.3), fc.nat(), async (rows, channels, size, beta, seed) => {
    const attrs = { size, k: 0.5 + (seed % 3), alpha: 0.3, beta }
    await expectSame(() => {
      const x = random([rows, channels], seed)
      return [localResponseNorm(x, attrs), localResponseNormGradient(random(x.shape, seed + 1), x, attrs)]
    }, { relative: 1e-5, absolute: 3e-6 })
  })
  await fc.assert(property, tries(150))
})

test('the reference gradient is that of finite differences', () => {
  const attrs = { size: 4, k: 1, alpha: 0.5, beta: 0.75 }
  const x = randomValues(14, 1)
  const dy = randomValues(14, 2)
  const dx = reference.localResponseNormGradient(dy, x, 7, attrs)
  expectNear(dx, differences((at) => dot(dy, reference.localResponseNorm(at, 7, attrs)), x), { relative: 2e-3, absolute: 2e-3 })
})

test('hand numbers', async () => {
  const [y] = await on('wasm', () => [localResponseNorm(tf.tensor1d([1, 2, 3]), { size: 3, k: 2, alpha: 1, beta: 1 })])
  expectNear(y!, [1 / (2 + 5), 2 / (2 + 14), 3 / (2 + 13)])
})

test('a gradient of another shape is refused', async () => {
  const attrs = { size: 3, k: 2, alpha: 1, beta: 1 }
  await expect(on('wasm', () => [localResponseNormGradient(tf.zeros([2]), tf.zeros([3]), attrs)])).rejects.toThrow('dy has shape [2]')
})
