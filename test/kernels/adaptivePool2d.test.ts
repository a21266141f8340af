import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adaptivePool2d, adaptivePool2dGradient, maxPool2dForward } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/adaptivePool2d.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const upTo = (max: number) => fc.integer({ min: 1, max })

describe.each(['max', 'average'] as const)('%s', (mode) => {
  test('wasm agrees with the reference', async () => {
    const sizes = fc.tuple(upTo(3), upTo(9), upTo(9), upTo(7))
    const property = fc.asyncProperty(sizes, fc.tuple(upTo(6), upTo(6)), fc.nat(), async (shape, outputSize, seed) => {
      await expectSame(() => {
        const x = random<tf.Tensor4D>(shape, seed)
        const y = adaptivePool2d(x, { outputSize, mode })
        return [y, adaptivePool2dGradient(random<tf.Tensor4D>(y.shape, seed + 1), x, y, { outputSize, mode })]
      })
    })
    await fc.assert(property, tries(150))
  })

  test('the reference gradient is that of finite differences', () => {
    const shape = [2, 5, 4, 2] as const
    const attrs = { outputSize: [3, 3], mode } as const
    const x = randomValues(80, 1)
    const dy = randomValues(36, 2)
    const dx = reference.adaptivePool2dGradient(dy, x, shape, attrs)
    expectNear(dx, differences((at) => dot(dy, reference.adaptivePool2d(at, shape, attrs)), x), { relative: 2e-3, absolute: 2e-3 })
  })
})

test('bins of equal size are a sliding window', async () => {
  const pads = [[0, 0], [0, 0]] as const
  const window = { poolSize: [3, 2], strides: [3, 2], pads, outputSize: [2, 4], includePad: false } as const
  const [bins, windows] = await on('wasm', () => {
    const x = random<tf.Tensor4D>([2, 6, 8, 5], 1)
    return [adaptivePool2d(x, { outputSize: [2, 4], mode: 'max' }), maxPool2dForward(x, window)]
  })
  expect(bins).toEqual(windows)
})

test('an image smaller than the bins gives its pixels several times', async () => {
  const [y] = await on('wasm', () => [adaptivePool2d(tf.tensor4d([1, 2], [1, 1, 2, 1]), { outputSize: [2, 4], mode: 'average' })])
  expectNear(y!, [1, 1, 2, 2, 1, 1, 2, 2])
})

test('tensors that do not match are refused', async () => {
  const attrs = { outputSize: [2, 2], mode: 'max' } as const
  const x = () => tf.zeros<tf.Rank.R4>([1, 4, 4, 1])
  await expect(on('wasm', () => [adaptivePool2dGradient(x(), x(), x(), attrs)])).rejects.toThrow('dy has shape [1, 4, 4, 1]')
  await expect(on('wasm', () => [adaptivePool2d(x(), { outputSize: [1.5, 2], mode: 'max' })])).rejects.toThrow('1.5')
})
