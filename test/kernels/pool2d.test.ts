import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  avgPool2dForward,
  avgPool2dGradient,
  maxPool2dForward,
  maxPool2dGradient,
} from '../../src/kernels/index.ts'
import type { Pool2dAttrs } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/pool2d.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

type Shape4 = [number, number, number, number]
type Case = { shape: Shape4; attrs: Pool2dAttrs; seed: number }

const sizes = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))
const channels = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 4, 8, 16))

/** The last window starts inside the image or the padding before it. */
function outputSize(
  size: number,
  pool: number,
  stride: number,
  before: number,
  after: number,
  ceil: boolean,
): number {
  const steps = (size + before + after - pool) / stride
  if (steps < 0) return 1
  const count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1
  return (count - 1) * stride >= size + before ? count - 1 : count
}

/** Overlapping and gapped windows, pads that differ on all sides, last windows that stick out. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    size: sizes(11),
    channels,
    poolSize: sizes(4),
    strides: sizes(3),
    pads: fc.tuple(fc.tuple(fc.nat(3), fc.nat(3)), fc.tuple(fc.nat(3), fc.nat(3))),
    ceil: fc.boolean(),
    includePad: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ batch, size, channels: depth, poolSize, strides, pads, ceil, includePad, seed }) => {
    const inside = (pad: number, axis: 0 | 1): number => Math.min(pad, poolSize[axis] - 1)
    const clipped = [
      [inside(pads[0][0], 0), inside(pads[0][1], 0)],
      [inside(pads[1][0], 1), inside(pads[1][1], 1)],
    ] as const
    const extent = (axis: 0 | 1): number =>
      outputSize(size[axis], poolSize[axis], strides[axis], clipped[axis][0], clipped[axis][1], ceil)
    const attrs = {
      poolSize,
      strides,
      pads: clipped,
      outputSize: [extent(0), extent(1)] as const,
      includePad,
    }
    return { shape: [batch, ...size, depth] as Shape4, attrs, seed }
  })

const twoByTwo = {
  poolSize: [2, 2],
  strides: [2, 2],
  pads: [
    [0, 0],
    [0, 0],
  ],
  includePad: false,
} as const

/** The common pooling, which has kernels of its own; odd sizes leave a row or a column over. */
const twoByTwoCases: fc.Arbitrary<Case> = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2, max: 12 }),
    fc.integer({ min: 2, max: 12 }),
    channels,
    fc.nat(),
  )
  .map(([batch, height, width, depth, seed]) => ({
    shape: [batch, height, width, depth],
    attrs: { ...twoByTwo, outputSize: [height >> 1, width >> 1] },
    seed,
  }))

/** Whole numbers, so that many windows have several maxima; now and then a NaN. */
function tied(shape: Shape4, seed: number): tf.Tensor4D {
  const withNaN = seed % 5 === 0
  const values = randomValues(tf.util.sizeFromShape(shape), seed, 3).map(Math.round)
  return tf.tensor4d(withNaN ? values.map((value, i) => (i % 31 === 7 ? NaN : value)) : values, shape)
}

function maxPoolBothWays({ shape, attrs, seed }: Case): tf.Tensor[] {
  const x = tied(shape, seed)
  const y = maxPool2dForward(x, attrs)
  return [y, maxPool2dGradient(random(y.shape, seed + 1), x, y, attrs)]
}

function avgPoolBothWays({ shape, attrs, seed }: Case): tf.Tensor[] {
  const y = avgPool2dForward(random(shape, seed), attrs)
  return [y, avgPool2dGradient(random(y.shape, seed + 1), shape, attrs)]
}

describe('wasm agrees with the reference', () => {
  test.each([
    ['maximum', cases, maxPoolBothWays],
    ['maximum over 2×2', twoByTwoCases, maxPoolBothWays],
    ['average', cases, avgPoolBothWays],
  ])('%s', async (_, arbitrary, compute) => {
    const property = fc.asyncProperty(arbitrary, (example) => expectSame(() => compute(example)))
    await fc.assert(property, tries(200))
  })
})

const square = (...values: number[]): tf.Tensor4D => {
  const side = Math.sqrt(values.length)
  return tf.tensor4d(values, [1, side, side, 1])
}

describe.each(['wasm', 'cpu'] as const)('hand numbers and those of PyTorch 1.13 (%s)', (backend) => {
  test('the first of several maxima takes the gradient', async () => {
    const attrs: Pool2dAttrs = {
      ...twoByTwo,
      poolSize: [3, 3],
      strides: [1, 1],
      pads: [
        [1, 1],
        [1, 1],
      ],
      outputSize: [4, 4],
    }
    const [y, dx] = await on(backend, () => {
      const x = square(1, 3, 3, 0, 3, 2, 1, 0, 0, 0, 5, 5, 0, 0, 5, 5)
      const value = maxPool2dForward(x, attrs)
      const dy = square(...Array.from({ length: 16 }, (_, i) => i + 1))
      return [value, maxPool2dGradient(dy, x, value, attrs)]
    })
    expectNear(y!, [3, 3, 3, 3, 3, 5, 5, 5, 3, 5, 5, 5, 0, 5, 5, 5])
    expectNear(dx!, [0, 11, 4, 0, 9, 0, 0, 0, 13, 0, 99, 0, 0, 0, 0, 0])
  })

  test.each([
    [true, [16 / 9, 11 / 3, 13 / 6, 23 / 3, 13, 7, 5.5, 9, 4.75]],
    [false, [4, 5.5, 6.5, 11.5, 13, 14, 16.5, 18, 19]],
  ])('averages that round up, padding counted: %s', async (includePad, expected) => {
    const attrs: Pool2dAttrs = {
      poolSize: [3, 3],
      strides: [2, 2],
      pads: [
        [1, 1],
        [1, 1],
      ],
      outputSize: [3, 3],
      includePad,
    }
    const [y] = await on(backend, () => [
      avgPool2dForward(square(1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18, 19), attrs),
    ])
    expectNear(y!, expected)
  })

  test('the gradient of a counted padding is lost, that of an uncounted one is not', async () => {
    const attrs = {
      poolSize: [2, 2],
      strides: [1, 1],
      pads: [
        [1, 0],
        [1, 0],
      ],
      outputSize: [1, 1],
    } as const
    const gradient = (includePad: boolean) => () => [
      avgPool2dGradient(square(1), [1, 1, 1, 1], { ...attrs, includePad }),
    ]
    expectNear((await on(backend, gradient(true)))[0]!, [0.25])
    expectNear((await on(backend, gradient(false)))[0]!, [1])
  })

  test.each([1, 4])('a NaN is the maximum, and takes the gradient (%i channels)', async (depth) => {
    const compute = (attrs: Pool2dAttrs) => () => {
      const x = tf.tile(square(9, 1, NaN, NaN), [1, 1, 1, depth])
      const y = maxPool2dForward(x, attrs)
      return [y, maxPool2dGradient(tf.onesLike(y), x, y, attrs)].map((t) =>
        tf.slice(t, [0, 0, 0, depth - 1], [1, -1, -1, 1]),
      )
    }
    const attrs: Pool2dAttrs = { ...twoByTwo, outputSize: [1, 1] }
    for (const one of [attrs, { ...attrs, strides: [1, 1] as const }]) {
      const [y, dx] = await on(backend, compute(one))
      expectNear(y!, [NaN])
      expectNear(dx!, [0, 0, 1, 0])
    }
  })

  test('−∞ and nothing but padding', async () => {
    const attrs: Pool2dAttrs = {
      poolSize: [1, 1],
      strides: [1, 1],
      pads: [
        [0, 1],
        [0, 1],
      ],
      outputSize: [2, 2],
      includePad: true,
    }
    const [max, avg] = await on(backend, () => {
      const x = square(-Infinity)
      return [maxPool2dForward(x, attrs), avgPool2dForward(x, attrs)]
    })
    expectNear(max!, [-Infinity, -Infinity, -Infinity, -Infinity])
    expectNear(avg!, [-Infinity, 0, 0, 0])
  })
})

test('the reference gradients are those of finite differences', () => {
  fc.assert(
    fc.property(cases, ({ shape: [batch, height, width], attrs, seed }) => {
      const shape: Shape4 = [batch, height, width, 2]
      const length = batch * height * width * 2
      // A shuffled ladder of values: no two are near, so that a small step changes no maximum.
      const order = [...randomValues(length, seed).entries()].sort((a, b) => a[1] - b[1]).map(([i]) => i)
      const x = Float32Array.from(order, (rank) => rank / 4)
      for (const pool of [reference.maxPool2d, reference.avgPool2d]) {
        const finite = (values: Float32Array): Float32Array => values.map((v) => (v === -Infinity ? 0 : v))
        const dy = randomValues(pool(x, shape, attrs).length, seed + 1)
        const dx =
          pool === reference.maxPool2d
            ? reference.maxPool2dGradient(dy, x, shape, attrs)
            : reference.avgPool2dGradient(dy, shape, attrs)
        const expected = differences((at) => dot(dy, finite(pool(at, shape, attrs))), x, 0.0625)
        expectNear(dx, expected, { relative: 1e-3, absolute: 1e-2 })
      }
    }),
    tries(25),
  )
})

test('shapes and numbers that do not fit are refused', async () => {
  const attrs: Pool2dAttrs = { ...twoByTwo, outputSize: [1, 1] }
  const x = () => tf.zeros([1, 2, 2, 1]) as tf.Tensor4D
  const refused = (compute: () => tf.Tensor) => expect(on('wasm', () => [compute()])).rejects
  await refused(() => maxPool2dForward(tf.zeros([2, 2] as never), attrs)).toThrow(
    'but [batch, height, width, channels] is needed',
  )
  await refused(() => maxPool2dForward(x(), { ...attrs, strides: [0, 1] })).toThrow(
    'a pool size or stride is 0',
  )
  await refused(() =>
    avgPool2dForward(x(), {
      ...attrs,
      pads: [
        [-1, 0],
        [0, 0],
      ],
    }),
  ).toThrow('a pad is -1')
  await refused(() => avgPool2dGradient(x(), [1, 2, 2, 1], attrs)).toThrow(
    'dy has shape [1, 2, 2, 1], but [1, 1, 1, 1]',
  )
  await refused(() => maxPool2dGradient(x(), x(), x(), attrs)).toThrow(
    'dy has shape [1, 2, 2, 1], but [1, 1, 1, 1]',
  )
})
