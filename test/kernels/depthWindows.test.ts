import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DepthWindow, depthWindows, depthWindowsGradient } from '../../src/kernels/index.ts'
import { dot, expectNear, expectSame, on, random, tries } from './comparison.ts'

type Shape5 = [number, number, number, number, number]

const upTo = (max: number) => fc.integer({ min: 1, max })
const cases = fc.record({
  batch: upTo(2), depth: upTo(6), height: upTo(3), width: upTo(4), channels: fc.oneof(upTo(9), fc.constantFrom(16, 33)),
  groups: upTo(3), taps: upTo(4), stride: upTo(3), dilation: upTo(3), front: fc.nat(4), outDepth: upTo(5), seed: fc.nat(),
}).map(({ batch, depth, height, width, channels, seed, ...window }) => {
  const shape: Shape5 = [batch, depth, height, width, channels * window.groups]
  return { shape, window, seed, outShape: [batch, window.outDepth, height, width, shape[4] * window.taps] as Shape5 }
})

test('wasm agrees with the reference, and the gradient is the transpose', async () => {
  await fc.assert(fc.asyncProperty(cases, async ({ shape, window, seed, outShape }) => {
    const compute = () => {
      const [x, dy] = [random<tf.Tensor5D>(shape, seed), random<tf.Tensor5D>(outShape, seed + 1)]
      return [depthWindows(x, window), depthWindowsGradient(dy, shape, window), x, dy]
    }
    await expectSame(compute)
    const [y, dx, x, dy] = await on('cpu', compute)
    const [forward, backward] = [dot(y!, dy!), dot(x!, dx!)]
    expect(Math.abs(forward - backward)).toBeLessThan(1e-3 * (1 + Math.abs(forward)))
  }), tries(150))
})

test('three planes at a time, with a plane of zeros on both sides', async () => {
  const window: DepthWindow = { taps: 3, stride: 1, dilation: 1, front: 1, outDepth: 3, groups: 1 }
  const [y] = await on('wasm', () => [depthWindows(tf.tensor5d([1, 2, 3], [1, 3, 1, 1, 1]), window)])
  expectNear(y!, [0, 1, 2, 1, 2, 3, 2, 3, 0])
})

test('says what does not fit', async () => {
  await on('wasm', () => {
    const window: DepthWindow = { taps: 3, stride: 1, dilation: 1, front: 0, outDepth: 1, groups: 2 }
    expect(() => depthWindows(tf.zeros([1, 3, 2, 2, 3]), window)).toThrow('2 groups do not divide 3 channels')
    expect(() => depthWindows(tf.zeros([1, 3, 2, 4]) as never, window)).toThrow('is not [batch, depth, height, width, channels]')
    expect(() => depthWindows(tf.zeros([1, 3, 2, 2, 4]), { ...window, stride: 0 })).toThrow('less one is -1')
    expect(() => depthWindowsGradient(tf.zeros([1, 1, 2, 2, 9]), [1, 3, 2, 2, 4], window)).toThrow('dy has shape')
    return []
  })
})
