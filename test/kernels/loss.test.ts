import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meanSquaredError, sigmoidCrossEntropy, softmaxCrossEntropy } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/loss.ts'
import { differences, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const rows = fc.integer({ min: 1, max: 12 })
const widths = fc.integer({ min: 1, max: 70 })
const sizes = fc.constantFrom(0.1, 4, 100)
const near = { relative: 3e-6, absolute: 2e-6 }

/** Targets from 0 to 1. */
function targets<T extends tf.Tensor>(shape: readonly number[], seed: number): T {
  const values = randomValues(tf.util.sizeFromShape([...shape]), seed, 0.5).map((value) => value + 0.5)
  return tf.tensor(values, [...shape]) as T
}

const both = <T extends tf.Tensor>({ loss, gradient }: { loss: tf.Tensor1D; gradient: T }): tf.Tensor[] => [
  loss,
  gradient,
]

describe('wasm agrees with the reference', () => {
  test('softmax cross-entropy, labels soft or one-hot', async () => {
    const property = fc.asyncProperty(
      rows,
      widths,
      sizes,
      fc.nat(),
      fc.boolean(),
      async (count, width, size, seed, soft) => {
        const classes = Array.from({ length: count }, (_, i) => (seed + i) % width)
        const oneHot = (): tf.Tensor2D =>
          tf.tensor2d(
            classes.map((hit) => Array.from({ length: width }, (_, c) => (c === hit ? 1 : 0))),
            [count, width],
          )
        await expectSame(
          () => {
            const labels = soft ? targets<tf.Tensor2D>([count, width], seed + 1) : oneHot()
            return both(softmaxCrossEntropy(random([count, width], seed, size), labels))
          },
          { relative: 3e-6, absolute: 2e-6 * size },
        )
      },
    )
    await fc.assert(property, tries(200))
  })

  const shapes = fc
    .tuple(rows, fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }))
    .map(([count, rest]) => [count, ...rest])

  test('sigmoid cross-entropy', async () => {
    const property = fc.asyncProperty(shapes, sizes, fc.nat(), async (shape, size, seed) => {
      await expectSame(
        () => both(sigmoidCrossEntropy(random(shape, seed, size), targets(shape, seed + 1))),
        near,
      )
    })
    await fc.assert(property, tries(200))
  })

  test('mean squared error', async () => {
    const property = fc.asyncProperty(shapes, sizes, fc.nat(), async (shape, size, seed) => {
      await expectSame(
        () => both(meanSquaredError(random(shape, seed, size), random(shape, seed + 1, size))),
        near,
      )
    })
    await fc.assert(property, tries(150))
  })
})

test.each([
  ['softmax cross-entropy', reference.softmaxCrossEntropy],
  ['sigmoid cross-entropy', reference.sigmoidCrossEntropy],
  ['mean squared error', reference.meanSquaredError],
])('the reference gradient of %s is that of finite differences of the sum', (_, loss) => {
  const x = randomValues(30, 1)
  const target = randomValues(30, 2, 0.5).map((value) => value + 0.5)
  const sum = (at: Float32Array): number =>
    loss(at, target, 6).loss.reduce((total, value) => total + value, 0)
  expectNear(loss(x, target, 6).gradient, differences(sum, x), { relative: 1e-3, absolute: 1e-3 })
})

describe.each(['wasm', 'cpu'] as const)('closed forms and extremes (%s)', (backend) => {
  test('softmax cross-entropy', async () => {
    const [loss, gradient] = await on(backend, () =>
      both(
        softmaxCrossEntropy(
          tf.tensor2d([
            [0, 0, 0, 0, 0],
            [1e4, -1e4, 0, 0, 0],
            [1e4, -1e4, 0, 0, 0],
            [-Infinity, 0, -Infinity, 0, -Infinity],
          ]),
          tf.tensor2d([
            [1, 0, 0, 0, 0],
            [1, 0, 0, 0, 0],
            [0, 1, 0, 0, 0],
            [0, 0, 0, 1, 0],
          ]),
        ),
      ),
    )
    expectNear(loss!, [Math.log(5), 0, 2e4, Math.log(2)])
    expectNear(gradient!.subarray(0, 5), [-0.8, 0.2, 0.2, 0.2, 0.2])
    expectNear(gradient!.subarray(5), [0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0.5, 0, -0.5, 0])
  })

  test('sigmoid cross-entropy', async () => {
    const [loss, gradient] = await on(backend, () =>
      both(
        sigmoidCrossEntropy(
          tf.tensor2d([[0], [1e4], [1e4], [-1e4], [-1e4], [-20]]),
          tf.tensor2d([[1], [1], [0], [1], [0], [0]]),
        ),
      ),
    )
    expectNear(loss!, [Math.LN2, 0, 1e4, 1e4, 0, Math.log1p(Math.exp(-20))], {
      relative: 1e-6,
      absolute: 1e-15,
    })
    expectNear(gradient!, [-0.5, 0, 1, -1, 0, Math.exp(-20)], { relative: 1e-6, absolute: 1e-15 })
  })

  test('mean squared error', async () => {
    const [loss, gradient] = await on(backend, () =>
      both(
        meanSquaredError(
          tf.tensor2d([
            [1, 2],
            [1e15, 0],
          ]),
          tf.tensor2d([
            [1, 4],
            [0, 0],
          ]),
        ),
      ),
    )
    expectNear(loss!, [2, 5e29])
    expectNear(gradient!, [0, -2, 1e15, 0])
  })

  test('a NaN is noticed, in its example only', async () => {
    const losses = [softmaxCrossEntropy, sigmoidCrossEntropy, meanSquaredError]
    for (const loss of losses) {
      for (const width of [2, 5, 9]) {
        const bad = Array.from({ length: width }, (_, i) => (i === width - 1 ? NaN : 1))
        const fine = bad.map(() => 1)
        const values = await on(backend, () => {
          const label = tf.tensor2d([
            fine.map((_, i) => (i === 0 ? 1 : 0)),
            fine.map((_, i) => (i === 0 ? 1 : 0)),
          ])
          return both(loss(tf.tensor2d([bad, fine]), label))
        })
        expect(Number.isNaN(values[0]![0])).toBe(true)
        expect(Number.isFinite(values[0]![1])).toBe(true)
        expect(Number.isNaN(values[1]![width - 1])).toBe(true)
      }
    }
  })
})

test('targets of another shape are refused', async () => {
  const refused = (compute: () => { loss: tf.Tensor }) => expect(on('wasm', () => [compute().loss])).rejects
  await refused(() => meanSquaredError(tf.zeros([2, 3]), tf.zeros([2]))).toThrow(
    'the target has shape [2], but [2, 3]',
  )
  await refused(() => meanSquaredError(tf.scalar(1), tf.scalar(2))).toThrow(
    'a scalar has no axis of examples',
  )
})
