import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  activate,
  activationGradient,
  batchNormApply,
  batchNormGradient,
  batchNormInferenceGradient,
  channelMoments,
} from '../../src/kernels/index.ts'
import { batchNormGradientKernel, batchNormKernel, channelMomentsKernel } from '../../src/kernels/batchNorm.ts'
import * as reference from '../../src/kernels/reference/batchNorm.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'
import { expectGuarded, plainTensor } from './guarded.ts'

const activations = fc.constantFrom('linear' as const, 'relu' as const, 'relu6' as const)

/** Rows over and under a block of 128, channels that are multiples of four or not. */
const shapes = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 9 })),
  fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 70 }),
  ),
)
const loose = { relative: 2e-5, absolute: 2e-5 }

const positive = (channels: number, seed: number): tf.Tensor1D =>
  tf.tensor1d(randomValues(channels, seed, 1).map((value) => value + 1.5))

describe('wasm agrees with the reference', () => {
  test('moments', async () => {
    const property = fc.asyncProperty(
      shapes,
      fc.nat(),
      fc.constantFrom(0, 3, -500),
      async (shape, seed, shift) => {
        await expectSame(() => channelMoments(tf.add(random(shape, seed), shift)), {
          relative: 2e-6,
          absolute: 1e-6,
        })
      },
    )
    await fc.assert(property, tries(200))
  })

  test('normalisation and both gradients, with and without gamma, beta and activation', async () => {
    const property = fc.asyncProperty(
      shapes,
      fc.nat(),
      fc.boolean(),
      fc.boolean(),
      activations,
      async (shape, seed, scaled, shifted, activation) => {
        const channels = shape.at(-1)!
        await expectSame(() => {
          const [x, dy] = [random(shape, seed), random(shape, seed + 1)]
          const gamma = scaled ? random<tf.Tensor1D>([channels], seed + 2) : null
          const beta = shifted ? random<tf.Tensor1D>([channels], seed + 3) : null
          const [mean, variance] = [random<tf.Tensor1D>([channels], seed + 4), positive(channels, seed + 5)]
          return [
            batchNormApply(x, mean, variance, gamma, beta, 1e-3, activation),
            ...batchNormGradient(dy, x, mean, variance, gamma, 1e-3, { activation, beta }),
            ...batchNormInferenceGradient(dy, x, mean, variance, gamma, 1e-3, { activation, beta }),
          ]
        }, loose)
      },
    )
    await fc.assert(property, tries(300))
  })
})

test('reads and writes nothing outside', () => {
  const property = fc.property(
    shapes,
    fc.nat(),
    fc.boolean(),
    fc.boolean(),
    activations,
    (shape, seed, scaled, constantStatistics, activation) => {
      const channels = shape.at(-1)!
      const [x, mean] = [plainTensor(shape, seed), plainTensor([channels], seed + 1)]
      const variance = { shape: [channels], values: plainTensor([channels], seed + 2).values.map((value) => value + 2.5) }
      const [gamma, beta] = [3, 4].map((more) => (scaled ? plainTensor([channels], seed + more) : null))
      const inputs = { x, mean, variance, gamma: gamma!, beta: beta! }
      const attrs = { epsilon: 1e-3, activation }
      expectGuarded(channelMomentsKernel, { x }, {})
      expectGuarded(batchNormKernel, inputs, attrs)
      expectGuarded(batchNormGradientKernel, { ...inputs, dy: plainTensor(shape, seed + 5) }, { ...attrs, constantStatistics })
    },
  )
  fc.assert(property, tries(100))
})

test.each(['relu', 'relu6'] as const)('%s in one go is what it is one by one, to the last bit', async (activation) => {
  for (const shape of [[301, 5], [40, 64]] as const) {
    const results = await on('wasm', () => {
      const [x, dy] = [random(shape, 1, 9), random(shape, 2)]
      const [gamma, beta] = [random<tf.Tensor1D>([shape[1]], 3, 5), random<tf.Tensor1D>([shape[1]], 4)]
      const [mean, variance] = channelMoments(x)
      const z = batchNormApply(x, mean, variance, gamma, beta, 1e-3)
      const y = activate(z, activation)
      return [
        batchNormApply(x, mean, variance, gamma, beta, 1e-3, activation),
        ...batchNormGradient(dy, x, mean, variance, gamma, 1e-3, { activation, beta }),
        y,
        ...batchNormGradient(activationGradient(dy, y, activation), x, mean, variance, gamma, 1e-3),
      ]
    })
    for (const i of [0, 1, 2, 3]) expect(results[i]).toEqual(results[i + 4])
  }
})

test.each(['wasm', 'cpu'] as const)('the numbers of PyTorch 1.13 (%s)', async (backend) => {
  const [y, dx, dgamma, dbeta] = await on(backend, () => {
    const x = tf.tensor2d([
      [1, 10],
      [2, 20],
      [4, 60],
    ])
    const [mean, variance] = channelMoments(x)
    const gamma = tf.tensor1d([2, 0.5])
    const dy = tf.tensor2d([
      [1, 2],
      [3, -1],
      [0.5, 0],
    ])
    return [
      batchNormApply(x, mean, variance, gamma, tf.tensor1d([0.1, -0.1]), 1e-5),
      ...batchNormGradient(dy, x, mean, variance, gamma, 1e-5),
    ]
  })
  expectNear(y!, [-2.0380831, -0.56291, -0.4345207, -0.331455, 2.772604, 0.5943651])
  expectNear(dx!, [-1.4890176, 0.0286563, 2.2335346, -0.0358204, -0.7445166, 0.0071641])
  expectNear(dgamma!, [-1.2026715, -1.3887302])
  expectNear(dbeta!, [4.5, 1])
})

test.each(['linear', 'relu', 'relu6'] as const)('the reference gradients are those of finite differences (%s)', (activation) => {
  const [rows, channels, epsilon] = [7, 3, 1e-2]
  const [x, dy] = [randomValues(rows * channels, 1), randomValues(rows * channels, 2)]
  // Wide enough that some numbers are over six.
  const [gamma, beta] = [randomValues(channels, 3, 8), randomValues(channels, 4)]
  const moments = reference.channelMoments(x, channels)
  const given = { mean: moments[0], variance: moments[1], gamma, beta, epsilon, activation }
  const near = { relative: 4e-3, absolute: 1e-2 }
  const loss = (at: Float32Array, statistics: [Float32Array, Float32Array], g = gamma, b = beta): number =>
    dot(dy, reference.batchNormApply(at, ...statistics, g, b, epsilon, activation))

  const [dx, dgamma, dbeta] = reference.batchNormGradient(dy, x, { ...given, constantStatistics: false })
  const through = differences((at) => loss(at, reference.channelMoments(at, channels)), x, 2e-3)
  expectNear(dx, through, near)
  expectNear(dgamma, differences((at) => loss(x, moments, at), gamma, 2e-3), near)
  expectNear(dbeta, differences((at) => loss(x, moments, gamma, at), beta, 2e-3), near)

  const [constant] = reference.batchNormGradient(dy, x, { ...given, constantStatistics: true })
  expectNear(constant, differences((at) => loss(at, moments), x, 2e-3), near)
})

test.each([1, 3, 4, 32])(
  'a mean far from zero does not swallow the spread (%i channels)',
  async (channels) => {
    const length = 40_000 * channels
    const values = randomValues(length, 5, 1).map((value) => value + 1000)
    const [mean, variance] = await on('wasm', () => channelMoments(tf.tensor2d(values, [40_000, channels])))
    const [expectedMean, expectedVariance] = reference.channelMoments(values, channels)
    expectNear(mean!, expectedMean, { relative: 1.2e-7, absolute: 0 })
    expectNear(variance!, expectedVariance, { relative: 1e-5, absolute: 0 })
  },
)

test('one row has no spread; a NaN stays in its channel', async () => {
  const [mean, variance, withNaN] = await on('wasm', () => [
    ...channelMoments(tf.tensor2d([[5, -7, 1e6]])),
    channelMoments(
      tf.tensor2d([
        [1, NaN],
        [3, 4],
      ]),
    )[0],
  ])
  expectNear(mean!, [5, -7, 1e6])
  expectNear(variance!, [0, 0, 0])
  expectNear(withNaN!, [2, NaN])
})

test('tensors without one value per channel are refused', async () => {
  const refused = on('wasm', () => {
    const x = tf.zeros<tf.Rank.R2>([4, 3])
    return [batchNormApply(x, tf.zeros([3]), tf.zeros([2]), null, null, 0)]
  })
  await expect(refused).rejects.toThrow('batchNormApply: variance has shape [2], but [3] is needed')
})
