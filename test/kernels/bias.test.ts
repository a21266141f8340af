import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { addBias } from '../../src/kernels/index.ts'
import { expectNear, expectSame, on, random } from './comparison.ts'

test.each([1, 3, 4, 7, 64, 130])('wasm agrees with the reference and with tf on %i channels', async (channels) => {
  const compute = () => {
    const [x, bias] = [random<tf.Tensor4D>([2, 3, 5, channels], channels), random<tf.Tensor1D>([channels], 1)]
    return [addBias(x, bias, 'linear'), addBias(x, bias, 'relu'), tf.add(x, bias), tf.relu(tf.add(x, bias))]
  }
  await expectSame(compute)
  const [linear, relu, sum, rectified] = await on('wasm', compute)
  expectNear(linear!, sum!)
  expectNear(relu!, rectified!)
})

test('says what does not fit', async () => {
  await on('wasm', () => {
    expect(() => addBias(tf.zeros([2, 3]), tf.zeros([2]), 'linear')).toThrow('the bias has shape [2], but [3] is needed')
    return []
  })
})
