import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activate, activationGradient } from '../../src/kernels/index.ts'
import type { ActivationKind } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/activation.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const kinds: readonly ActivationKind[] = ['relu', 'sigmoid', 'tanh']
const shapes = fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 0, maxLength: 4 })

describe.each(kinds)('%s', (kind) => {
  test('wasm agrees with the reference', async () => {
    const property = fc.asyncProperty(
      shapes,
      fc.nat(),
      fc.constantFrom(0.1, 3, 100),
      async (shape, seed, size) => {
        await expectSame(() => {
          const y = activate(random(shape, seed, size), kind)
          return [y, activationGradient(random(shape, seed + 1), y, kind)]
        })
      },
    )
    await fc.assert(property, tries(150))
  })

  test('the reference gradient is that of finite differences', () => {
    const x = randomValues(40, 1).filter((value) => Math.abs(value) > 0.05)
    const dy = randomValues(x.length, 2)
    const dx = reference.activationGradient(dy, reference.activate(x, kind), kind)
    expectNear(
      dx,
      differences((at) => dot(dy, reference.activate(at, kind)), x),
      { relative: 1e-3, absolute: 1e-3 },
    )
  })

  test.each(['wasm', 'cpu'] as const)(
    'NaN is handed on, infinities and ±1e4 are not NaN (%s)',
    async (backend) => {
      const extremes = [NaN, Infinity, -Infinity, 1e4, -1e4, 3e38, -3e38]
      const limits = {
        relu: [Infinity, 0, 1e4, 0, 3e38, 0],
        sigmoid: [1, 0, 1, 0, 1, 0],
        tanh: [1, -1, 1, -1, 1, -1],
      }
      const [y, dx] = await on(backend, () => {
        const value = activate(tf.tensor1d(extremes), kind)
        return [value, activationGradient(tf.onesLike(value), value, kind)]
      })
      expectNear(y!, [NaN, ...limits[kind]])
      expectNear(dx!.subarray(1), kind === 'relu' ? [1, 0, 1, 0, 1, 0] : [0, 0, 0, 0, 0, 0])
      expect(dx![0]).toEqual(kind === 'relu' ? 1 : NaN)
    },
  )
})

test('hand numbers', async () => {
  const values = (kind: ActivationKind) => on('wasm', () => [activate(tf.tensor1d([-1, 0, 2]), kind)])
  expectNear((await values('relu'))[0]!, [0, 0, 2])
  expectNear((await values('sigmoid'))[0]!, [0.26894142, 0.5, 0.8807971])
  expectNear((await values('tanh'))[0]!, [-0.76159416, 0, 0.9640276])
})

test('sigmoid and tanh are right to three units in the last place, also next to zero', async () => {
  const spread = [80, 10, 1, 1e-2, 1e-5].flatMap((size) => [...randomValues(20_000, 7, size)])
  const [sigmoid, tanh] = await on('wasm', () => {
    const x = tf.tensor1d(spread)
    return [activate(x, 'sigmoid'), activate(x, 'tanh')]
  })
  const x = Float32Array.from(spread)
  const tolerance = { relative: 3 * 2 ** -23, absolute: 0 }
  expectNear(sigmoid!, [...x].map(reference.sigmoid), tolerance)
  expectNear(tanh!, [...x].map(Math.tanh), tolerance)
})

test('a gradient of another shape is refused', async () => {
  const refused = on('wasm', () => [activationGradient(tf.zeros([2]), tf.zeros([3]), 'relu')])
  await expect(refused).rejects.toThrow('dy has shape [2], but [3]')
})
