import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/softmax.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const shapes = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), fc.integer({ min: 1, max: 70 }))
  .map(([outer, width]) => [...outer, width])

test('wasm agrees with the reference', async () => {
  const property = fc.asyncProperty(
    shapes,
    fc.nat(),
    fc.constantFrom(0.1, 5, 200),
    async (shape, seed, size) => {
      await expectSame(() => {
        const y = softmax(random(shape, seed, size))
        return [y, softmaxGradient(random(shape, seed + 1), y)]
      })
    },
  )
  await fc.assert(property, tries(200))
})

test('hand numbers, and rows that sum to one', async () => {
  const [y] = await on('wasm', () => [
    softmax(
      tf.tensor2d([
        [0, Math.log(3)],
        [5, 5],
      ]),
    ),
  ])
  expectNear(y!, [0.25, 0.75, 0.5, 0.5])
  const [sums] = await on('wasm', () => [tf.sum(softmax(random([50, 37], 3, 20)), 1)])
  expectNear(sums!, Array.from({ length: 50 }, () => 1))
})

test('the reference gradient is that of finite differences', () => {
  const x = randomValues(21, 1)
  const dy = randomValues(21, 2)
  const dx = reference.softmaxGradient(dy, reference.softmax(x, 7), 7)
  expectNear(
    dx,
    differences((at) => dot(dy, reference.softmax(at, 7)), x),
    { relative: 1e-3, absolute: 1e-3 },
  )
})

test.each(['wasm', 'cpu'] as const)('logits of ±1e4 and ±∞, and rows with NaN (%s)', async (backend) => {
  const rows = [
    [1e4, -1e4, 0, 0, 0],
    [-1e4, -1e4, -1e4, -1e4, -1e4],
    [3e38, -3e38, 3e38, 0, 0],
    [-Infinity, 0, -Infinity, 0, -Infinity],
    [0, 1, 2, 3, NaN],
    [NaN, 1, 2, 3, 4],
  ]
  const [y, dx] = await on(backend, () => {
    const value = softmax(tf.tensor2d(rows))
    return [value, softmaxGradient(tf.onesLike(value), value)]
  })
  const nan = [NaN, NaN, NaN, NaN, NaN]
  const half = [0.5, 0, 0.5, 0, 0, 0, 0.5, 0, 0.5, 0]
  expectNear(y!, [1, 0, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.2, ...half, ...nan, ...nan])
  expectNear(dx!, [...Array.from({ length: 20 }, () => 0), ...nan, ...nan])
})

test('a gradient of another shape is refused', async () => {
  const refused = on('wasm', () => [softmaxGradient(tf.zeros([2, 3]), tf.zeros([3, 2]))])
  await expect(refused).rejects.toThrow('dy has shape [2, 3], but [3, 2]')
})

test('logSoftmax: wasm agrees with the reference', async () => {
  const property = fc.asyncProperty(shapes, fc.nat(), fc.constantFrom(0.1, 5, 200), async (shape, seed, size) => {
    await expectSame(() => {
      const y = logSoftmax(random(shape, seed, size))
      return [y, logSoftmaxGradient(random(shape, seed + 1), y)]
    }, { relative: 2e-6, absolute: 3e-6 })
  })
  await fc.assert(property, tries(200))
})

test('logSoftmax: its exponential is the softmax, and its gradient that of finite differences', async () => {
  const x = randomValues(21, 1)
  const [softmaxed, logged] = await on('wasm', () => [softmax(tf.tensor2d(x, [3, 7])), logSoftmax(tf.tensor2d(x, [3, 7]))])
  expectNear(logged!.map(Math.exp), softmaxed!)
  const dy = randomValues(21, 2)
  const dx = reference.logSoftmaxGradient(dy, reference.logSoftmax(x, 7), 7)
  expectNear(dx, differences((at) => dot(dy, reference.logSoftmax(at, 7)), x), { relative: 1e-3, absolute: 1e-3 })
})

test.each(['wasm', 'cpu'] as const)('logSoftmax: logits of ±1e4 (%s)', async (backend) => {
  const [y, dx] = await on(backend, () => {
    const value = logSoftmax(tf.tensor2d([[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [0, 1, NaN]]))
    return [value, logSoftmaxGradient(tf.tensor2d([[0, 0, 1], [1, 0, 0], [1, 1, 1]]), value)]
  })
  const third = Math.log(1 / 3)
  expectNear(y!, [0, -2e4, -1e4, third, third, third, NaN, NaN, NaN])
  expectNear(dx!.subarray(0, 6), [-1, 0, 1, 2 / 3, -1 / 3, -1 / 3])
})
