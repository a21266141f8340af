import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, crop2d, splitSizes, zeroPad2d } from '../../src/kernels/index.ts'
import { expectNear, expectSame, on, random, uniform, tries } from './comparison.ts'

const exact = { relative: 0, absolute: 0 }

const images = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constant(300)),
)
const pads = fc.tuple(fc.tuple(fc.nat(4), fc.nat(4)), fc.tuple(fc.nat(4), fc.nat(4)))

/** A shape, an axis of it, and sizes that add up to the axis. */
const joins = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
    axis: fc.nat(3),
    sizes: fc.array(fc.integer({ min: 0, max: 70 }), { minLength: 1, maxLength: 5 }),
    fromEnd: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ shape, axis, sizes, fromEnd, seed }) => {
    const resolved = axis % shape.length
    const shapes = sizes.map((size) => shape.with(resolved, size))
    return { shapes, sizes, axis: fromEnd ? resolved - shape.length : resolved, seed }
  })

describe('wasm agrees with the reference', () => {
  test('frames of zeros, put on and taken off', async () => {
    const property = fc.asyncProperty(images, pads, fc.nat(), async (shape, frame, seed) => {
      await expectSame(() => {
        const x = random<tf.Tensor4D>(shape, seed)
        const framed = zeroPad2d(x, frame)
        return [framed, crop2d(framed, frame)]
      }, exact)
    })
    await fc.assert(property, tries(150))
  })

  test('joining and parting', async () => {
    const property = fc.asyncProperty(joins, async ({ shapes, sizes, axis, seed }) => {
      await expectSame(() => {
        const joined = concat(
          shapes.map((shape, i) => random(shape, seed + i)),
          axis,
        )
        return [joined, ...splitSizes(joined, sizes, axis)]
      }, exact)
    })
    await fc.assert(property, tries(200))
  })
})

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  test('a frame as tf.pad makes it, and its inverse', async () => {
    const [framed, expected, inside, x] = await on(backend, () => {
      const image = random<tf.Tensor4D>([2, 3, 4, 5], 1)
      const y = zeroPad2d(image, [
        [1, 2],
        [0, 3],
      ])
      return [
        y,
        tf.pad(image, [
          [0, 0],
          [1, 2],
          [0, 3],
          [0, 0],
        ]),
        crop2d(y, [
          [1, 2],
          [0, 3],
        ]),
        image,
      ]
    })
    expectNear(framed!, expected!, exact)
    expectNear(inside!, x!, exact)
  })

  test('joins as tf.concat does, and parting gives the parts back', async () => {
    const next = uniform(4)
    for (const axis of [0, 1, 2, 3]) {
      const shapes = [0, 1, 2].map(() => [2, 3, 2, 5].with(axis, 1 + Math.floor(next() * 9)))
      const [joined, expected, ...parts] = await on(backend, () => {
        const xs = shapes.map((shape, i) => random<tf.Tensor4D>(shape, i))
        const y = concat(xs, axis)
        return [
          y,
          tf.concat(xs, axis),
          ...splitSizes(
            y,
            shapes.map((shape) => shape[axis]!),
            axis,
          ),
          ...xs,
        ]
      })
      expectNear(joined!, expected!, exact)
      for (const i of [0, 1, 2]) expectNear(parts[i]!, parts[i + 3]!, exact)
    }
  })
})

test('what does not fit is refused', async () => {
  const refused = (compute: () => tf.Tensor[]) => expect(on('wasm', compute)).rejects
  const zeros = (...shape: number[]): tf.Tensor4D => tf.zeros(shape as never)
  await refused(() => [concat([], 0)]).toThrow('nothing to join')
  await refused(() => [concat([zeros(2, 3), zeros(2, 4)], 0)]).toThrow(
    '[2,4] does not join [2,3] along axis 0',
  )
  await refused(() => [concat([zeros(2, 3)], 2)]).toThrow('no axis 2 in a tensor of 2 axes')
  await refused(() => splitSizes(zeros(2, 3), [1, 1], -1)).toThrow('[1,1] adds up to 2, but axis 1 has 3')
  await refused(() => [
    zeroPad2d(zeros(1, 1, 1, 1), [
      [0, -1],
      [0, 0],
    ]),
  ]).toThrow('a pad is -1')
  await refused(() => [
    crop2d(zeros(1, 2, 2, 1), [
      [2, 1],
      [0, 0],
    ]),
  ]).toThrow('a size of the result is -1')
})
