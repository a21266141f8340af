import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addN, channelSum, scale } from '../../src/kernels/index.ts'
import { addNKernel, channelSumKernel } from '../../src/kernels/sum.ts'
import * as reference from '../../src/kernels/reference/sum.ts'
import { expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'
import { expectGuarded, plainTensor } from './guarded.ts'

const shapes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  fc.tuple(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 70 })),
)

test('wasm agrees with the reference', async () => {
  const factors = fc.constantFrom(0, 1, -0.3, 1e10)
  const property = fc.asyncProperty(
    shapes,
    fc.nat(),
    fc.integer({ min: 1, max: 12 }),
    factors,
    async (shape, seed, count, factor) => {
      await expectSame(
        () => {
          const xs = Array.from({ length: count }, (_, i) => random(shape, seed + i))
          return [addN(xs), addN(xs, 'relu'), addN(xs, 'relu6'), channelSum(xs[0]!), scale(xs[0]!, factor)]
        },
        { relative: 2e-6, absolute: 5e-5 },
      )
    },
  )
  await fc.assert(property, tries(200))
})

test('reads and writes nothing outside', () => {
  const activations = fc.constantFrom('linear' as const, 'relu' as const, 'relu6' as const)
  fc.assert(fc.property(shapes, fc.nat(), fc.integer({ min: 2, max: 4 }), activations, (shape, seed, count, activation) => {
    const xs = Array.from({ length: count }, (_, i) => [String(i), plainTensor(shape, seed + i)] as const)
    expectGuarded(addNKernel, Object.fromEntries(xs), { activation })
    expectGuarded(channelSumKernel, { x: xs[0]![1] }, {})
  }), tries(40))
})

test.each(['wasm', 'cpu'] as const)('hand numbers (%s)', async (backend) => {
  const [added, alone, sums, scaled] = await on(backend, () => {
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ])
    return [addN([x, x, x]), addN([x]), channelSum(x), scale(x, -0.5)]
  })
  expectNear(added!, [3, 6, 9, 12, 15, 18])
  expectNear(alone!, [1, 2, 3, 4, 5, 6])
  expectNear(sums!, [5, 7, 9])
  expectNear(scaled!, [-0.5, -1, -1.5, -2, -2.5, -3])
})

test.each([1, 3, 4, 20])('many rows cost no precision (%i channels)', async (channels) => {
  const values = randomValues(300_001 * channels, 9).map((value) => value + 10)
  const [sums] = await on('wasm', () => [channelSum(tf.tensor2d(values, [300_001, channels]))])
  expectNear(sums!, reference.channelSum(values, channels), { relative: 3e-7, absolute: 0 })
})

test('more than ten tensors are added in their order', async () => {
  const terms = [1e30, 1, -1e30, ...Array.from({ length: 10 }, () => 0.5)]
  for (const backend of ['wasm', 'cpu'] as const) {
    const [sum] = await on(backend, () => [addN(terms.map((term) => tf.tensor1d([term])))])
    expectNear(sum!, [5], { relative: 0, absolute: 0 })
  }
})

test('tensors of different shapes are refused', async () => {
  const refused = (compute: () => tf.Tensor) => expect(on('wasm', () => [compute()])).rejects
  await refused(() => addN([tf.zeros([2]), tf.zeros([3])])).toThrow(
    'addN: tensor 1 has shape [3], but [2] is needed',
  )
  await refused(() => addN([])).toThrow('nothing to add')
})
