// The tape: the same gradients as on the tape of TensorFlow.js, and nothing left behind.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { breaksGradient, differentiate, record } from '../../src/ops/gradient.ts'
import { makeOps } from '../../src/ops/index.ts'
import { startBackend } from '../../src/runtime/backend.ts'

const op = makeOps()
const window = { strides: [1, 1], pads: [[1, 1], [1, 1]], dilations: [1, 1], activation: 'relu', groups: 1 } as const

beforeAll(() => startBackend('wasm'))

/** A net with a value that three operations read, a weight that is used twice, and an input that is added to itself. */
function net(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, dense: tf.Tensor): tf.Tensor {
  const a = op.conv2d(x, kernel, bias, window)
  const b = op.conv2d(a, kernel, null, { ...window, activation: 'tanh' })
  const sum = op.add([a, b, a])
  const joined = op.concat([sum, a])
  const flat = op.reshape(joined, [2, -1]) as tf.Tensor
  return op.dense(flat, dense, null, 'sigmoid') as tf.Tensor
}

const inputs = (): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] => [
  tf.randomNormal([2, 4, 5, 3], 0, 1, 'float32', 1), tf.randomNormal([3, 3, 3, 3], 0, 0.4, 'float32', 2),
  tf.randomNormal([3], 0, 1, 'float32', 3), tf.randomNormal([120, 4], 0, 0.2, 'float32', 4),
]

describe('differentiate', () => {
  it('gives the gradients of the tape of TensorFlow.js', () => {
    const all = inputs()
    const dy = tf.randomNormal([2, 4], 0, 1, 'float32', 5)
    const theirs = tf.grads(net as never)(all, dy) as tf.Tensor[]
    const ours = tf.tidy(() => {
      const { gradients } = differentiate(all, () => ({ result: null, seeds: [[net(...all), tf.clone(dy)]] }))
      return gradients as tf.Tensor[]
    })
    for (const [index, gradient] of theirs.entries()) {
      expect(gradient.shape).toEqual(ours[index]!.shape)
      const expected = gradient.dataSync()
      for (const [i, value] of ours[index]!.dataSync().entries()) expect(value).toBeCloseTo(expected[i]!, 4)
    }
    tf.dispose([...all, dy, theirs, ours])
  })

  it('leaves nothing behind, also when it fails half way, forward or backward', () => {
    const all = inputs()
    const before = tf.memory()
    const steps = [
      () => ({ result: null, seeds: [[net(...all), tf.ones([2, 4])] as const] }),
      () => {
        net(...all)
        throw new Error('forward')
      },
      () => {
        const y = record({ x: net(...all) }, {
          forward: () => tf.zeros([1]), save: (output) => [output],
          gradients: () => ({ x: () => { throw new Error('backward') } }),
        })
        return { result: null, seeds: [[y, tf.ones([1])] as const] }
      },
    ]
    const outcomes = steps.map((step) => {
      try {
        tf.tidy(() => { differentiate(all, step as never) })
        return 'fine'
      } catch (error) {
        return (error as Error).message
      }
    })
    expect(outcomes).toEqual(['fine', 'forward', 'backward'])
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers })
    // A failure does not leave the tape running.
    expect(breaksGradient(all, [])).toBe(false)
    tf.dispose(all)
  })

  it('computes only the gradients that are asked for, and none where no seed leads', () => {
    const [x, y, z] = [1, 2, 3].map((value) => tf.tensor1d([value])) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const asked: string[] = []
    const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => record<{ a: tf.Tensor; b: tf.Tensor }, tf.Tensor>({ a, b }, {
      forward: () => tf.mul(a, b),
      save: () => [a, b],
      gradients: (dy, [savedA, savedB]) => ({
        a: () => { asked.push('a'); return tf.mul(dy, savedB!) },
        b: () => { asked.push('b'); return tf.mul(dy, savedA!) },
      }),
    })
    const numbers = tf.tidy(() => {
      const { result, gradients } = differentiate([y, z], () => ({ result: 'kept', seeds: [[product(x, y), tf.tensor1d([10])]] }))
      expect(result).toBe('kept')
      return gradients.map((gradient) => gradient?.dataSync()[0])
    })
    expect(numbers).toEqual([10, undefined])
    expect(asked).toEqual(['b'])
    tf.dispose([x, y, z])
  })

  it('holds each number until its last use only', () => {
    const x = tf.ones([1, 64, 64, 4])
    const kernel = tf.zeros([3, 3, 4, 4])
    const before = tf.memory().numDataBuffers
    tf.tidy(() => {
      let most = 0
      const { gradients } = differentiate([kernel], () => {
        let y: tf.Tensor = x
        for (let i = 0; i < 8; i++) {
          const next = op.conv2d(y, kernel, null, window) as tf.Tensor
          if (y !== x) y.dispose()
          y = next
        }
        most = tf.memory().numDataBuffers - before
        return { result: null, seeds: [[y, tf.onesLike(y)]] }
      })
      // The eight outputs, and no copies of them.
      expect(most).toBe(8)
      expect(gradients[0]).toBeDefined()
    })
    tf.dispose([x, kernel])
  })
})
