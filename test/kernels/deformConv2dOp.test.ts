// deformConv2d as a user of plain TensorFlow.js has it: options, gradients on the tape, messages.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { deformConv2d, type DeformConv2dOptions } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/deformConv2d.ts'
import { on, random } from './comparison.ts'
import { expectScaled } from './scaled.ts'

const x = () => random<tf.Tensor4D>([2, 6, 5, 4], 1)
const offsets = () => random<tf.Tensor4D>([2, 3, 3, 36], 2)
const filter = () => random<tf.Tensor4D>([3, 3, 2, 6], 3)
const mask = () => random<tf.Tensor4D>([2, 3, 3, 18], 4)
const bias = () => random<tf.Tensor1D>([6], 5)
const dy = () => random<tf.Tensor4D>([2, 3, 3, 6], 6)
const options = { strides: 2, padding: 'same', offsetGroups: 2 } as const

const sizes = { input: [2, 6, 5, 4], filter: [3, 3, 2, 6], output: [2, 3, 3, 6] } as const
/** What 'same' and the shapes above come to: six rows need one zero below, five columns one on each side. */
const attrs = {
  strides: [2, 2], pads: [[0, 1], [1, 1]], dilations: [1, 1], groups: 2, offsetGroups: 2, activation: 'linear',
} as const
const values = async (...makes: (() => tf.Tensor)[]) => on('cpu', () => makes.map((make) => make()))

describe.each(['wasm', 'cpu'] as const)('deformConv2d on %s', (backend) => {
  test('gives the sum of its formula, and all gradients under tf.grads', async () => {
    const [y, ...gradients] = await on(backend, () => {
      const f = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor, e: tf.Tensor) =>
        deformConv2d(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor4D, { ...options, mask: d as tf.Tensor4D, bias: e as tf.Tensor1D })
      const inputs = [x(), offsets(), filter(), mask(), bias()]
      const { value, grads } = tf.valueAndGrads(f as never)(inputs, dy())
      return [value, ...grads]
    })
    const [xs, moves, weights, factors, shift, slopes] = await values(x, offsets, filter, mask, bias, dy)
    const expected = reference.deformConv2dGradients(sizes, xs!, moves!, factors!, weights!, slopes!, attrs)
    expectScaled(y!, reference.deformConv2d(sizes, xs!, moves!, factors!, weights!, shift!, attrs))
    expectScaled(gradients[0]!, expected.x)
    expectScaled(gradients[1]!, expected.offsets)
    expectScaled(gradients[2]!, expected.filter)
    expectScaled(gradients[3]!, expected.mask!)
    expectScaled(gradients[4]!, [0, 1, 2, 3, 4, 5].map((o) => slopes!.reduce((sum, value, i) => (i % 6 === o ? sum + value : sum), 0)))
  })

  test('trains variables under tf.variableGrads, through what comes before and after it', async () => {
    const [before, after] = await on(backend, () => {
      const [moves, weights] = [tf.variable(tf.zeros([2, 3, 3, 36])), tf.variable(filter())] as tf.Variable[]
      const [image, target] = [x(), dy()]
      const loss = () => tf.mean(tf.square(tf.sub(deformConv2d(
        image, tf.mul(moves!, 2) as tf.Tensor4D, weights as unknown as tf.Tensor4D, { ...options, activation: 'relu' }), target))) as tf.Scalar
      const first = loss()
      for (let step = 0; step < 20; step++) {
        const { grads } = tf.variableGrads(loss, [moves!, weights!])
        for (const variable of [moves!, weights!]) variable.assign(tf.sub(variable, tf.mul(grads[variable.name]!, 0.05)))
      }
      const last = loss()
      tf.dispose([moves!, weights!])
      return [first, last]
    })
    expect(after![0]).toBeLessThan(0.9 * before![0]!)
  })
})

describe('options', () => {
  const shapeOf = async (given: DeformConv2dOptions, outHeight: number, outWidth: number) => {
    const [y] = await on('wasm', () => {
      const moves: tf.Tensor4D = tf.zeros([2, outHeight, outWidth, 18])
      return [tf.tensor1d(deformConv2d(x(), moves, filter(), given).shape)]
    })
    return [...y!]
  }

  test('padding is none, as much as keeps the size, one number, or one for each side', async () => {
    expect(await shapeOf({}, 4, 3)).toEqual([2, 4, 3, 6])
    expect(await shapeOf({ padding: 'same', strides: [1, 2] }, 6, 3)).toEqual([2, 6, 3, 6])
    expect(await shapeOf({ padding: 2, dilationRate: [2, 1] }, 6, 7)).toEqual([2, 6, 7, 6])
    expect(await shapeOf({ padding: [[1, 0], [0, 2]] }, 5, 5)).toEqual([2, 5, 5, 6])
  })

  test('relu is fused, and its gradient follows', async () => {
    const [fused, apart, fusedGradient, gradientApart] = await on('wasm', () => {
      const moves = offsets()
      const f = (image: tf.Tensor4D) => deformConv2d(image, moves, filter(), { ...options, activation: 'relu' })
      const g = (image: tf.Tensor4D) => tf.relu(deformConv2d(image, moves, filter(), options))
      return [f(x()), g(x()), tf.grad(f as never)(x(), dy()), tf.grad(g as never)(x(), dy())]
    })
    expectScaled(fused!, apart!)
    expectScaled(fusedGradient!, gradientApart!)
  })

  test('says what does not fit', async () => {
    await on('wasm', () => {
      expect(() => deformConv2d(x(), offsets(), random([3, 3, 3, 6], 1), options)).toThrow('a filter of 3 channels does not divide an input of 4')
      expect(() => deformConv2d(x(), offsets(), filter())).toThrow('the offsets tensor has shape [2, 3, 3, 36], but [2, 4, 3, 18] is needed')
      expect(() => deformConv2d(x(), offsets(), filter(), { ...options, mask: offsets() })).toThrow('the mask has shape [2, 3, 3, 36]')
      expect(() => deformConv2d(x(), offsets(), filter(), { ...options, bias: tf.zeros([5]) })).toThrow('the bias has shape [5]')
      expect(() => deformConv2d(x(), offsets(), filter(), { strides: 0 })).toThrow('stride')
      expect(() => deformConv2d(x(), offsets(), filter(), { padding: 'sme' as 'same' })).toThrow('padding is "sme", but')
      expect(() => deformConv2d(tf.cast(x(), 'int32'), offsets(), filter(), options)).toThrow('x is int32')
      return []
    })
  })
})
