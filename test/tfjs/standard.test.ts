// What tfjs-core's own tests do not ask: the cases in which the wasm backend is wrong, and those it refuses.
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installKernels } from '../../src/kernels/index.ts'
import type { Installation } from '../../src/kernels/index.ts'
import { differences, dot, expectNear, random, randomValues } from '../kernels/comparison.ts'
import { expectScaled } from '../kernels/scaled.ts'

let installation: Installation
beforeAll(() => {
  installation = installKernels({ replace: true })
})
afterAll(() => installation.uninstall())

type Compute = () => tf.Tensor | readonly tf.Tensor[]

async function valuesOn(backend: 'wasm' | 'cpu', compute: Compute): Promise<Float32Array[]> {
  await tf.setBackend(backend)
  return tf.tidy(() => [compute()].flat().map(tensor => Float32Array.from((tensor as tf.Tensor).dataSync())))
}

/** The same values as the cpu backend. */
async function expectAsOnCpu(compute: Compute): Promise<void> {
  const found = await valuesOn('wasm', compute)
  const expected = await valuesOn('cpu', compute)
  found.forEach((values, i) => expectScaled(values, expected[i]!))
}

describe('products', () => {
  const extent = fc.integer({ min: 1, max: 60 })
  const outers = fc.constantFrom<[number[], number[]]>([[], []], [[3], [3]], [[1], [4]], [[2, 3], [3]], [[2, 3], [1, 1]])

  test('of any batches and transposes', async () => {
    const sizes = { m: extent, n: extent, depth: extent }
    const cases = fc.record({ outer: outers, ...sizes, a: fc.boolean(), b: fc.boolean(), seed: fc.nat() })
    await fc.assert(fc.asyncProperty(cases, ({ outer, m, n, depth, a, b, seed }) => expectAsOnCpu(() => {
      const left = random([...outer[0], ...(a ? [depth, m] : [m, depth])], seed)
      const right = random([...outer[1], ...(b ? [n, depth] : [depth, n])], seed + 1)
      return tf.matMul(left, right, a, b)
    })), { numRuns: 60 })
  })

  test('with bias and activation, transposed and in batches, where the backend is wrong', async () => {
    for (const activation of ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const) {
      for (const transposed of [false, true]) {
        await expectAsOnCpu(() => {
          const a = random<tf.Tensor3D>(transposed ? [2, 100, 7] : [2, 7, 100], 1, 1)
          const b = random<tf.Tensor3D>(transposed ? [2, 9, 100] : [2, 100, 9], 2, 1)
          const bias = random<tf.Tensor1D>([9], 3)
          const transposes = { transposeA: transposed, transposeB: transposed }
          return tf.fused.matMul({ a, b, bias, activation, ...transposes, leakyreluAlpha: 0.3 })
        })
      }
    }
  })
})

describe('a weight changed in place is seen by', () => {
  const image = () => random<tf.Tensor4D>([1, 6, 6, 4], 1)
  const users: Record<string, [number[], (weight: tf.Tensor) => tf.Tensor]> = {
    conv2d: [[3, 3, 4, 8], weight => tf.conv2d(image(), weight as tf.Tensor4D, 1, 'same')],
    'fused conv2d': [[3, 3, 4, 8], weight =>
      tf.fused.conv2d({ x: image(), filter: weight as tf.Tensor4D, strides: 1, pad: 'same', activation: 'relu6' })],
    depthwiseConv2d: [[3, 3, 4, 2], weight => tf.depthwiseConv2d(image(), weight as tf.Tensor4D, 1, 'valid')],
    'fused depthwiseConv2d': [[3, 3, 4, 1], weight =>
      tf.fused.depthwiseConv2d({
        x: image(), filter: weight as tf.Tensor4D, strides: 1, pad: 'valid', activation: 'relu',
      })],
    matMul: [[4, 5], weight => tf.matMul(tf.reshape(image(), [36, 4]), weight)],
    'fused matMul': [[4, 5], weight =>
      tf.fused.matMul({ a: tf.reshape(image(), [36, 4]), b: weight, activation: 'elu' })],
    prelu: [[4], weight => tf.prelu(image(), weight)],
  }

  test.each(Object.entries(users))('%s', async (_, [shape, use]) => {
    await tf.setBackend('wasm')
    const weight = random(shape, 5)
    const first = use(weight)
    const backend = tf.backend() as unknown as { typedArrayFromHeap(tensor: tf.Tensor): Float32Array }
    backend.typedArrayFromHeap(weight).set(randomValues(weight.size, 6))
    const second = use(weight).dataSync()
    const expected = use(random(shape, 6)).dataSync()
    expectNear(second, expected)
    expect(second).not.toEqual(first.dataSync())
  })
})

describe('gradients', () => {
  test.each([
    ['avgPool, whose padding is not averaged', [2, 5, 5, 2], (x: tf.Tensor4D) => tf.avgPool(x, 3, 2, 'same')],
    ['maxPool', [1, 6, 5, 3], (x: tf.Tensor4D) => tf.maxPool(x, 3, 2, 'same')],
  ] as const)('of %s, equal finite differences', async (_, shape, pool) => {
    await tf.setBackend('wasm')
    // Far apart, so that no step makes another pixel the largest.
    const count = tf.util.sizeFromShape([...shape])
    const values = Float32Array.from(randomValues(count, 1), (noise, i) => ((i * 37) % count) / 4 + noise / 100)
    const weight = tf.tidy(() => randomValues(pool(tf.zeros([...shape])).size, 2))
    const loss = (pixels: Float32Array) =>
      tf.tidy(() => dot(pool(tf.tensor4d(pixels, [...shape])).dataSync() as Float32Array, weight))
    const found = tf.tidy(() => {
      const x = tf.tensor4d(values, [...shape])
      return tf.grad((image: tf.Tensor) => pool(image as tf.Tensor4D))(x, tf.tensor(weight, pool(x).shape)).dataSync()
    })
    expectNear(found, differences(loss, values, 1e-2), { relative: 1e-2, absolute: 5e-3 })
  })

  test('of dilated convolutions, which tfjs-core refuses, equal those of the filter with holes', async () => {
    await tf.setBackend('wasm')
    const x = random<tf.Tensor4D>([2, 9, 8, 3], 1)
    const holes = (filter: tf.Tensor4D): tf.Tensor4D => {
      const [height, width, depth, out] = filter.shape
      const apart = filter.reshape([height, 1, width, 1, depth, out])
      const spread = apart.pad([[0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]])
      const size = [2 * height - 1, 2 * width - 1, depth, out]
      return spread.reshape([2 * height, 2 * width, depth, out]).slice([0, 0, 0, 0], size) as tf.Tensor4D
    }
    const filter = random<tf.Tensor4D>([3, 2, 3, 4], 2)
    const convolutions = [tf.conv2d, tf.depthwiseConv2d] as const
    for (const convolve of convolutions) {
      type Image = tf.Tensor4D
      const dilated = tf.grads((image, weights) => convolve(image as Image, weights as Image, 1, 'same', 'NHWC', 2))
      const plain = tf.grads((image, weights) => convolve(image as Image, holes(weights as Image), 1, 'same'))
      const dy = random(convolve(x, filter, 1, 'same').shape, 3)
      const [found, expected] = [dilated([x, filter], dy), plain([x, filter], dy)]
      found.forEach((gradient, i) => expectScaled(gradient.dataSync(), expected[i]!.dataSync()))
    }
  })

  test('of gradients are left to TensorFlow.js', async () => {
    await expectAsOnCpu(() => {
      const x = random<tf.Tensor2D>([4, 3], 1)
      const [mean, variance, offset, scale] = [1, 2, 3, 4].map(seed => random<tf.Tensor1D>([3], seed).abs())
      const normalize = (rows: tf.Tensor) => tf.batchNorm(rows as tf.Tensor2D, mean!, variance!, offset, scale)
      const f = (image: tf.Tensor) => tf.relu(normalize(image.square())).square().sum()
      return tf.grad((image: tf.Tensor) => tf.grad(f)(image).square().sum())(x)
    })
  })
})

test('gathers in batches, where the backend reads outside', async () => {
  await expectAsOnCpu(() => {
    const indices = tf.tensor2d([2, 0, 1, 1, 2, 2], [2, 3], 'int32')
    return [
      tf.gather(random([2, 3], 1), indices, 1, 1),
      tf.gather(random([2, 3, 4], 2), indices, 1, 1),
      tf.gather(random([2, 5, 3, 4], 3), indices, 2, 1),
    ]
  })
})

test('sums over the first axes, and means, with and without kept axes', async () => {
  await expectAsOnCpu(() => {
    const x = random([5, 3, 2, 7], 1)
    const axes = [0, [0, 1], [1, 0], [0, 1, 2], [0, -3], [3], [1, 2], [0, 1, 2, 3]]
    return axes.flatMap(axis => [false, true].flatMap(keep => [tf.sum(x, axis, keep), tf.mean(x, axis, keep)]))
  })
  await tf.setBackend('wasm')
  expect(tf.sum(random([5, 3, 2, 7], 1), [0, 1], true).shape).toEqual([1, 1, 2, 7])
})

test('a shared copy outlives what it was made from', async () => {
  await tf.setBackend('wasm')
  const original = tf.tensor1d([1, 2, 3])
  const copies = [original.clone(), original.cast('float32'), original.clone()]
  original.dispose()
  copies[0]!.dispose()
  expect([...copies[1]!.dataSync()]).toEqual([1, 2, 3])
  tf.dispose(copies)
})
