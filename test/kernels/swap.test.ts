import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channelShuffle, depthToSpace, spaceToDepth, swapBlocks } from '../../src/kernels/index.ts'
import { expectNear, expectSame, on, random, tries } from './comparison.ts'

const exact = { relative: 0, absolute: 0 }
const small = fc.integer({ min: 1, max: 6 })

test('wasm agrees with the reference, and the exchange back gives x', async () => {
  const sizes = fc.record({ outer: small, rows: small, columns: small, block: fc.oneof(small, fc.integer({ min: 1, max: 70 })) })
  await fc.assert(fc.asyncProperty(sizes, fc.nat(), async (one, seed) => {
    const shape = [one.outer, one.rows, one.columns, one.block]
    const compute = () => {
      const x = random<tf.Tensor4D>(shape, seed)
      const y = swapBlocks<tf.Tensor4D>(x, one, [one.outer, one.columns, one.rows, one.block])
      return [y, swapBlocks(y, { ...one, rows: one.columns, columns: one.rows }, shape), x]
    }
    await expectSame(compute, exact)
    const [, back, x] = await on('wasm', compute)
    expectNear(back!, x!, exact)
  }), tries(150))
})

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  test('depthToSpace is that of tf, and spaceToDepth its inverse', async () => {
    for (const [block, channels] of [[1, 3], [2, 1], [2, 5], [3, 2]] as const) {
      const [ours, theirs, back, x] = await on(backend, () => {
        const image = random<tf.Tensor4D>([2, 3, 4, block * block * channels], block)
        const y = depthToSpace(image, block)
        return [y, block === 1 ? image.clone() : tf.depthToSpace(image, block, 'NHWC'), spaceToDepth(y, block), image]
      })
      expectNear(ours!, theirs!, exact)
      expectNear(back!, x!, exact)
    }
  })

  test('channelShuffle is reshape, transpose and flatten', async () => {
    const [ours, theirs] = await on(backend, () => {
      const x = random<tf.Tensor4D>([2, 3, 3, 12], 4)
      return [channelShuffle(x, 3), tf.transpose(tf.reshape(x, [18, 3, 4]), [0, 2, 1])]
    })
    expectNear(ours!, theirs!, exact)
  })
})

test('says what does not fit', async () => {
  await on('wasm', () => {
    const x: tf.Tensor4D = tf.zeros([1, 4, 5, 6])
    expect(() => channelShuffle(x, 4)).toThrow('4 does not divide 6 channels')
    expect(() => depthToSpace(x, 2)).toThrow('4 does not divide 6 channels')
    expect(() => spaceToDepth(x, 2)).toThrow('2 does not divide 5 columns')
    expect(() => swapBlocks(x, { outer: 1, rows: 2, columns: 3, block: 4 }, x.shape)).toThrow('does not hold 1·2·3·4 values')
    return []
  })
})
