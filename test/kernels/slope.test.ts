import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { productBelowZero, slopeAtRandom, slopePerChannel } from '../../src/kernels/index.ts'
import { expectNear, expectSame, on, random, tries } from './comparison.ts'

const shapes = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), fc.integer({ min: 1, max: 37 }))
  .map(([outer, width]) => [...outer, width])

test('wasm agrees with the reference', async () => {
  const property = fc.asyncProperty(shapes, fc.nat(), fc.boolean(), async (shape, seed, shared) => {
    await expectSame(() => {
      const value = random(shape, seed)
      const gate = random(shape, seed + 1)
      const alpha = random<tf.Tensor1D>([shared ? 1 : shape.at(-1)!], seed + 2)
      return [
        slopePerChannel(value, gate, alpha), productBelowZero(value, gate),
        slopeAtRandom(value, gate, { lower: 0.1, upper: 0.4, seed }),
      ]
    })
  })
  await fc.assert(property, tries(150))
})

test('hand numbers', async () => {
  const [channels, shared, below] = await on('wasm', () => {
    const x = tf.tensor2d([[-1, -2], [3, 0]])
    return [slopePerChannel(x, x, tf.tensor1d([0.5, 0.1])), slopePerChannel(x, x, tf.tensor1d([2])), productBelowZero(tf.onesLike(x), x)]
  })
  expectNear(channels!, [-0.5, -0.2, 3, 0])
  expectNear(shared!, [-2, -4, 3, 0])
  expectNear(below!, [-1, -2, 0, 0])
})

test('slopes are drawn evenly between the bounds, and the seed decides them', async () => {
  const draw = async (seed: number) =>
    (await on('wasm', () => [slopeAtRandom(tf.fill([20_000], -1), tf.fill([20_000], -1), { lower: 0.125, upper: 0.375, seed })]))[0]!.map((y) => -y)
  const slopes = await draw(3)
  expect(Math.min(...slopes)).toBeGreaterThanOrEqual(0.125)
  expect(Math.max(...slopes)).toBeLessThanOrEqual(0.375)
  const quarters = [0, 0, 0, 0]
  for (const slope of slopes) quarters[Math.min(3, Math.floor((slope - 0.125) * 16))]!++
  for (const count of quarters) expect(Math.abs(count - 5000)).toBeLessThan(250)
  expect(await draw(3)).toEqual(slopes)
  expect(await draw(4)).not.toEqual(slopes)
})

test('tensors that do not match are refused', async () => {
  const x = () => tf.zeros([2, 3])
  await expect(on('wasm', () => [slopePerChannel(x(), tf.zeros([3, 2]), tf.zeros([3]))])).rejects.toThrow('gate has shape [3, 2]')
  await expect(on('wasm', () => [slopePerChannel(x(), x(), tf.zeros([2]))])).rejects.toThrow('alpha has shape [2]')
  await expect(on('wasm', () => [slopeAtRandom(x(), x(), { lower: 0, upper: 1, seed: -1 })])).rejects.toThrow('seed is -1')
})
