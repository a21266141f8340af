import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { upsample2d, upsample2dGradient, type UpsampleAttrs } from '../../src/kernels/index.ts'
import { dot, expectNear, expectSame, on, random, tries } from './comparison.ts'

type Shape4 = [number, number, number, number]

const upTo = (max: number) => fc.integer({ min: 1, max })
const near = { relative: 1e-5, absolute: 1e-5 }
const cases = fc.record({
  shape: fc.tuple(upTo(2), upTo(6), upTo(7), fc.oneof(upTo(9), fc.constantFrom(16, 33))),
  size: fc.tuple(upTo(5), upTo(4)), interpolation: fc.constantFrom('nearest', 'bilinear'), seed: fc.nat(),
})

test('wasm agrees with the reference, and the gradient is the transpose', async () => {
  await fc.assert(fc.asyncProperty(cases, async ({ shape, size, interpolation, seed }) => {
    const attrs: UpsampleAttrs = { size, interpolation }
    const [batch, height, width, channels] = shape
    const compute = () => {
      const x = random<tf.Tensor4D>(shape, seed)
      const dy = random<tf.Tensor4D>([batch, height * size[0], width * size[1], channels], seed + 1)
      return [upsample2d(x, attrs), upsample2dGradient(dy, shape, attrs), x, dy]
    }
    await expectSame(compute, near)
    const [y, dx, x, dy] = await on('cpu', compute)
    const [forward, backward] = [dot(y!, dy!), dot(x!, dx!)]
    expect(Math.abs(forward - backward)).toBeLessThan(1e-3 * (1 + Math.abs(forward)))
  }), tries(150))
})

describe.each(['nearest', 'bilinear'] as const)('%s', (interpolation) => {
  test.each([[2, 2], [3, 2], [1, 5]] as const)('by %i×%i is what tf.image resizes, half-pixel centres', async (...size) => {
    const shape: Shape4 = [2, 3, 4, 5]
    const to: [number, number] = [3 * size[0], 4 * size[1]]
    const [ours, theirs] = await on('cpu', () => {
      const x = random<tf.Tensor4D>(shape, 3)
      const resize = interpolation === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear
      return [upsample2d(x, { size, interpolation }), resize(x, to, false, true)]
    })
    expectNear(ours!, theirs!, near)
  })
})

test('says what does not fit', async () => {
  await on('wasm', () => {
    const x: tf.Tensor4D = tf.zeros([1, 2, 2, 3])
    expect(() => upsample2d(x, { size: [0, 2], interpolation: 'nearest' })).toThrow('a factor less one is -1')
    expect(() => upsample2dGradient(x, [1, 2, 2, 3], { size: [2, 2], interpolation: 'bilinear' })).toThrow('dy has shape')
    return []
  })
})
