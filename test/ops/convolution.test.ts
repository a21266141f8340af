// A convolution that pools gives what a convolution and a pooling give, forwards and backwards, on both tapes.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { differentiate } from '../../src/ops/gradient.ts'
import { makeOps } from '../../src/ops/index.ts'
import { startBackend } from '../../src/runtime/backend.ts'
import type { Activation } from '../../src/spec/config.ts'

type Four = [number, number, number, number]

const op = makeOps()

beforeAll(() => startBackend('wasm'))

/** Fused: one channel, several by Winograd, odd sizes. Not fused: an activation, a number of channels, other windows. */
const cases: readonly (readonly [name: string, input: Four, filters: number, kind: Activation, size: number, stride: number])[] = [
  ['one channel', [3, 9, 12, 1], 8, 'relu', 2, 2],
  ['one channel, linear', [3, 10, 7, 1], 4, 'linear', 2, 2],
  ['many channels', [4, 11, 12, 8], 12, 'relu', 2, 2],
  ['an activation that is not fused', [4, 11, 12, 8], 12, 'tanh', 2, 2],
  ['channels that are not fused', [2, 9, 9, 3], 5, 'relu', 2, 2],
  ['windows that overlap', [4, 11, 12, 8], 12, 'relu', 3, 2],
]

describe('conv2d with pool', () => {
  it.each(cases)('%s', (_name, input, filters, activation, size, stride) => {
    const [height, width] = [input[1], input[2]]
    const options = { strides: [1, 1], pads: [[1, 1], [1, 1]], dilations: [1, 1], groups: 1, activation } as const
    const extent = (pixels: number) => Math.floor((pixels - size) / stride) + 1
    const pool = {
      poolSize: [size, size], strides: [stride, stride], pads: [[0, 0], [0, 0]], outputSize: [extent(height), extent(width)],
    } as const
    const before = tf.memory().numTensors
    const all = [
      tf.randomNormal(input, 0, 1, 'float32', 1), tf.randomNormal([3, 3, input[3], filters], 0, 1, 'float32', 2),
      tf.randomNormal([filters], 0, 1, 'float32', 3),
    ] as const
    const dy = tf.randomNormal([input[0], extent(height), extent(width), filters], 0, 1, 'float32', 4)
    const together = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => op.conv2d(x, kernel, bias, { ...options, pool }) as tf.Tensor
    const apart = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => op.maxPool2d(op.conv2d(x, kernel, bias, options), pool) as tf.Tensor
    const gradients = (f: typeof together): tf.Tensor[] =>
      differentiate(all, () => ({ result: null, seeds: [[f(...all), dy.clone()]] })).gradients as tf.Tensor[]
    tf.tidy(() => {
      const expected = [apart(...all), ...gradients(apart)]
      const onOurTape = [together(...all), ...gradients(together)]
      const onTheirs = [together(...all), ...tf.grads(together as never)([...all], dy)]
      for (const results of [onOurTape, onTheirs]) {
        for (const [index, result] of results.entries()) {
          const values = result.dataSync()
          expect(result.shape).toEqual(expected[index]!.shape)
          for (const [i, value] of expected[index]!.dataSync().entries()) expect(Math.abs(values[i]! - value)).toBeLessThan(1e-4)
        }
      }
    })
    tf.dispose([...all, dy])
    expect(tf.memory().numTensors).toBe(before)
  })
})
