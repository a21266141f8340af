import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matMul } from '../../src/kernels/index.ts'
import type { MatMulAttrs } from '../../src/kernels/index.ts'
import { matMulKernel } from '../../src/kernels/matMul.ts'
import { on, random, tries } from './comparison.ts'
import { expectGuarded, plainTensor } from './guarded.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Case = { m: number; n: number; depth: number; bias: boolean; attrs: MatMulAttrs; seed: number }

const extent = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 4, 8, 96, 97))

const attrs: fc.Arbitrary<MatMulAttrs> = fc.record({
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  activation: fc.constantFrom('linear', 'relu', 'relu6'),
})

const cases: fc.Arbitrary<Case> = fc.record({ m: extent, n: extent, depth: extent, bias: fc.boolean(), attrs, seed: fc.nat() })

const inputs = ({ m, n, depth, bias, attrs: { transposeA, transposeB }, seed }: Case) => ({
  a: random<tf.Tensor2D>(transposeA ? [depth, m] : [m, depth], seed),
  b: random<tf.Tensor2D>(transposeB ? [n, depth] : [depth, n], seed + 1),
  bias: bias ? random<tf.Tensor1D>([n], seed + 2) : null,
})

const product = (one: Case) => () => {
  const { a, b, bias } = inputs(one)
  return [matMul(a, b, bias, one.attrs)]
}

describe('matMul', () => {
  test('reads and writes nothing outside', () => {
    fc.assert(fc.property(cases, ({ m, n, depth, bias, attrs: given, seed }) => {
      const { transposeA, transposeB, activation } = given
      const [a, b] = [plainTensor(transposeA ? [depth, m] : [m, depth], seed), plainTensor(transposeB ? [n, depth] : [depth, n], seed + 1)]
      const shift = bias ? plainTensor([n], seed + 2) : null
      expectGuarded(matMulKernel, { a, b, bias: shift }, given, toleranceOf(activation))
    }), tries(150))
  }, 60_000)

  test('equals its reference for any shape, transposed or not, with and without bias and relu', async () => {
    await fc.assert(fc.asyncProperty(cases, one => expectSameScaled(product(one), toleranceOf(one.attrs.activation))), { numRuns: 250 })
  })

  test('equals its reference across blocks of rows, columns and depth', async () => {
    const shapes = [[200, 9, 1030], [3, 1030, 40], [1, 520, 513], [97, 513, 512]] as const
    for (const [m, n, depth] of shapes) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const one: Case = { m, n, depth, bias: true, attrs: { transposeA, transposeB, activation: 'relu' }, seed: m }
          await expectSameScaled(product(one))
        }
      }
    }
  })

  test('equals its reference with few rows, whatever the depth and the number of columns', async () => {
    const few = fc.record({
      m: fc.integer({ min: 1, max: 5 }), n: fc.integer({ min: 1, max: 40 }), depth: fc.integer({ min: 1, max: 40 }), bias: fc.boolean(),
      attrs: fc.record({ transposeA: fc.constant(false), transposeB: fc.constant(false), activation: fc.constantFrom('linear', 'relu', 'relu6') }),
      seed: fc.nat(),
    }) as fc.Arbitrary<Case>
    await fc.assert(fc.asyncProperty(few, one => expectSameScaled(product(one), toleranceOf(one.attrs.activation))), { numRuns: 200 })
    await expectSameScaled(product({ m: 1, n: 129, depth: 1601, bias: true, attrs: { transposeA: false, transposeB: false, activation: 'relu' }, seed: 5 }))
  })

  test('a depth of nothing leaves the bias', async () => {
    const nothing = () => {
      const bias = tf.tensor1d([1, -2, 3])
      return [matMul(tf.zeros([2, 0]), tf.zeros([0, 3]), bias, { transposeA: false, transposeB: false, activation: 'relu' })]
    }
    const [values] = await on('wasm', nothing)
    expect([...values!]).toEqual([1, 0, 3, 1, 0, 3])
    await expectSameScaled(nothing)
  })

  test('no rows or columns give an empty product', async () => {
    const plain: MatMulAttrs = { transposeA: false, transposeB: false, activation: 'linear' }
    await expectSameScaled(() => [matMul(tf.zeros([0, 4]), tf.ones([4, 3]), null, plain)])
    await expectSameScaled(() => [matMul(tf.ones([2, 4]), tf.zeros([4, 0]), null, plain)])
  })

  test('the reference equals tf.matMul', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async one => {
        const [ours, theirs] = await on('cpu', () => {
          const { a, b, bias } = inputs(one)
          const sum = tf.matMul(a, b, one.attrs.transposeA, one.attrs.transposeB)
          const shifted = bias === null ? sum : tf.add(sum, bias)
          return [matMul(a, b, bias, one.attrs), { linear: tf.clone, relu: tf.relu, relu6: tf.relu6 }[one.attrs.activation](shifted)]
        })
        expectScaled(ours!, theirs!, toleranceOf(one.attrs.activation))
      }),
      { numRuns: 60 },
    )
  })

  test('says which shapes do not fit', async () => {
    await on('wasm', () => {
      const a: tf.Tensor2D = tf.zeros([2, 3])
      const plain: MatMulAttrs = { transposeA: false, transposeB: true, activation: 'linear' }
      expect(() => matMul(a, tf.zeros([3, 4]), null, plain)).toThrow('matMul: [2,3] times [3,4] transposed does not fit.')
      expect(() => matMul(a, tf.zeros([4, 3]), tf.zeros([3]), plain)).toThrow('plus a bias of [3] does not fit')
      expect(() => matMul(a, tf.zeros([4, 3], 'int32'), null, plain)).toThrow('b is int32')
      return []
    })
  })
})
