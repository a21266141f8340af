import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multiplyRepeated, productSum, repeatOf } from '../../src/kernels/index.ts'
import { expectNear, expectSame, on, random, tries } from './comparison.ts'

const upTo = (max: number) => fc.integer({ min: 1, max })

test('wasm agrees with the reference', async () => {
  const property = fc.asyncProperty(upTo(4), upTo(19), upTo(13), fc.nat(), async (outer, middle, inner, seed) => {
    const repeat = { outer, middle, inner }
    await expectSame(() => {
      const x = random([outer, middle, inner], seed)
      return [multiplyRepeated(x, random([outer, inner], seed + 1), repeat), productSum(x, random(x.shape, seed + 2), repeat)]
    })
  })
  await fc.assert(property, tries(150))
})

test('hand numbers', async () => {
  const [y, sums] = await on('wasm', () => {
    const x = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])
    const repeat = { outer: 2, middle: 2, inner: 2 }
    return [multiplyRepeated(x, tf.tensor2d([[1, 10], [100, 0]]), repeat), productSum(x, tf.onesLike(x), repeat)]
  })
  expectNear(y!, [1, 20, 3, 40, 500, 0, 700, 0])
  expectNear(sums!, [4, 6, 12, 14])
})

test('the runs of axes', () => {
  expect(repeatOf([2, 3, 4, 5], [2, 1, 1, 5])).toEqual({ outer: 2, middle: 12, inner: 5 })
  expect(repeatOf([2, 3, 4, 5], [2, 1, 1, 1])).toEqual({ outer: 2, middle: 60, inner: 1 })
  expect(repeatOf([2, 3, 1, 5], [2, 1, 1, 1])).toEqual({ outer: 2, middle: 15, inner: 1 })
  expect(repeatOf([2, 3, 4, 5], [2, 3, 4, 1])).toEqual({ outer: 24, middle: 5, inner: 1 })
  expect(repeatOf([2, 3], [2, 3])).toEqual({ outer: 1, middle: 1, inner: 6 })
  expect(repeatOf([2, 3, 4, 5], [2, 1, 4, 1])).toBeNull()
  expect(repeatOf([2, 1, 4], [2, 3, 4])).toBeNull()
  expect(repeatOf([2, 3], [3])).toBeNull()
})

test('counts that do not match are refused', async () => {
  const repeat = { outer: 1, middle: 2, inner: 3 }
  await expect(on('wasm', () => [multiplyRepeated(tf.zeros([6]), tf.zeros([2]), repeat)])).rejects.toThrow('factor holds 2 values, but 3')
})
