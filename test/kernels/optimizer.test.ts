import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adamUpdate, adamUpdateAll, sgdUpdate, sgdUpdateAll } from '../../src/kernels/index.ts'
import type { AdamAttrs, SgdAttrs } from '../../src/kernels/index.ts'
import { expectNear, expectSame, on, random, tries } from './comparison.ts'

const sgd: SgdAttrs = { learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 }
const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
const shapes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 3 })
const steps = [1, 2, 3]

type Update = (
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  state: readonly [tf.Tensor, tf.Tensor],
  step: number,
) => void

/** Parameter and state after three steps. */
function train(update: Update, parameter: tf.Tensor, gradient: (step: number) => tf.Tensor): tf.Tensor[] {
  const state = [tf.zerosLike(parameter), tf.zerosLike(parameter)] as const
  for (const step of steps) update(parameter, gradient(step), state, step)
  return [parameter, ...state]
}

describe('wasm agrees with the reference', () => {
  const near = { relative: 1e-5, absolute: 1e-6 }

  test('sgd', async () => {
    const attrs = fc.record({
      learningRate: fc.double({ min: 1e-4, max: 1, noNaN: true }),
      momentum: fc.constantFrom(0, 0.5, 0.9),
      nesterov: fc.boolean(),
      weightDecay: fc.constantFrom(0, 0.01),
    })
    const property = fc.asyncProperty(shapes, fc.nat(), attrs, async (shape, seed, numbers) => {
      const plain = numbers.momentum === 0 && !numbers.nesterov
      const update: Update = (p, g, [velocity]) => sgdUpdate(p, g, plain ? null : velocity, numbers)
      await expectSame(() => train(update, random(shape, seed), (step) => random(shape, seed + step)), near)
    })
    await fc.assert(property, tries(150))
  })

  test('adam', async () => {
    const attrs = fc.record({
      learningRate: fc.double({ min: 1e-5, max: 0.1, noNaN: true }),
      beta1: fc.constantFrom(0, 0.5, 0.9),
      beta2: fc.constantFrom(0.9, 0.999),
      epsilon: fc.constantFrom(1e-8, 1e-3),
      weightDecay: fc.constantFrom(0, 0.1),
    })
    const property = fc.asyncProperty(
      shapes,
      fc.nat(),
      attrs,
      fc.nat(2000),
      async (shape, seed, numbers, start) => {
        const update: Update = (p, g, [m, v], step) =>
          adamUpdate(p, g, m, v, { ...numbers, step: start + step })
        await expectSame(() => train(update, random(shape, seed), (step) => random(shape, seed + step)), near)
      },
    )
    await fc.assert(property, tries(150))
  })
})

const sgdWith =
  (attrs: Partial<SgdAttrs>): Update =>
  (p, g, [velocity]) =>
    sgdUpdate(p, g, attrs.momentum === undefined ? null : velocity, { ...sgd, ...attrs })
const adamWith =
  (attrs: Partial<AdamAttrs>): Update =>
  (p, g, [m, v], step) =>
    adamUpdate(p, g, m, v, { ...adam, ...attrs, step })

describe.each(['wasm', 'cpu'] as const)('three steps of PyTorch 1.13 (%s)', (backend) => {
  test.each([
    ['SGD', sgdWith({}), [0.94, -1.88, -1.3]],
    ['SGD, weight decay', sgdWith({ weightDecay: 0.01 }), [0.937043, -1.874086, -1.3002988]],
    ['SGD, momentum', sgdWith({ momentum: 0.9, weightDecay: 0.01 }), [0.8993528, -1.7987057, -2.354063]],
    [
      'SGD, Nesterov',
      sgdWith({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
      [0.84655, -1.6931, -3.8664641],
    ],
    ['Adam', adamWith({}), [0.9707682, -1.9707682, 0.4707682]],
    ['AdamW', adamWith({ weightDecay: 0.1 }), [0.9678009, -1.9648039, 0.4692993]],
  ])('%s', async (_, update, expected) => {
    const [parameter] = await on(backend, () =>
      train(update, tf.tensor1d([1, -2, 0.5]), (step) => tf.mul(tf.tensor1d([0.1, -0.2, 3]), step)),
    )
    expectNear(parameter!, expected)
  })

  test('the tensors stay the same ones; the gradient stays as it is', async () => {
    const [gradient] = await on(backend, () => {
      const [parameter, step, m, v] = [random([9], 1), random([9], 2), tf.zeros([9]), tf.zeros([9])]
      const identity = [parameter, m, v].map((tensor) => tensor.dataId)
      adamUpdate(parameter, step, m, v, { ...adam, step: 1 })
      sgdUpdate(parameter, step, v, { ...sgd, momentum: 0.9 })
      expect([parameter, m, v].map((tensor) => tensor.dataId)).toEqual(identity)
      return [step]
    })
    const [expected] = await on(backend, () => [random([9], 2)])
    expectNear(gradient!, expected!, { relative: 0, absolute: 0 })
  })

  test('a NaN in the gradient reaches the parameter', async () => {
    const values = await on(backend, () => {
      const gradient = tf.tensor1d([NaN, 1, 1, 1, 1, NaN])
      const [a, b] = [tf.ones([6]), tf.ones([6])]
      sgdUpdate(a, gradient, null, sgd)
      adamUpdate(b, gradient, tf.zeros([6]), tf.zeros([6]), { ...adam, step: 1 })
      return [a, b]
    })
    for (const value of values)
      expect([...value].map(Number.isNaN)).toEqual([true, false, false, false, false, true])
  })
})

describe.each(['wasm', 'cpu'] as const)('all parameters in one call (%s)', (backend) => {
  /** Parameters and state after three steps of sgd with `attrs`, or of adam. */
  const updated = (sizes: readonly number[][], seed: number, together: boolean, attrs: Partial<SgdAttrs> | null): Promise<Float32Array[]> =>
    on(backend, () => {
      const all = sizes.map((shape, i) => ({
        parameter: random(shape, seed + i), gradient: random(shape, seed + 100 + i), m: tf.zeros(shape), v: tf.zeros(shape),
      }))
      const numbers = { ...sgd, ...attrs }
      const velocity = (m: tf.Tensor): tf.Tensor | null => (numbers.momentum === 0 ? null : m)
      for (const step of steps) {
        if (together && attrs === null) adamUpdateAll(all, { ...adam, step })
        else if (together) sgdUpdateAll(all.map((one) => ({ ...one, velocity: velocity(one.m) })), numbers)
        else if (attrs === null) for (const { parameter, gradient, m, v } of all) adamUpdate(parameter, gradient, m, v, { ...adam, step })
        else for (const { parameter, gradient, m } of all) sgdUpdate(parameter, gradient, velocity(m), numbers)
      }
      return all.flatMap(({ parameter, m, v }) => [parameter, m, v])
    })

  test('gives the same bits as one call for each', async () => {
    const kinds = fc.constantFrom<Partial<SgdAttrs> | null>(
      null, {}, { weightDecay: 0.01 }, { momentum: 0.9 }, { momentum: 0.5, nesterov: true, weightDecay: 0.1 },
    )
    const property = fc.asyncProperty(fc.array(shapes, { maxLength: 12 }), fc.nat(), kinds, async (sizes, seed, attrs) => {
      expect(await updated(sizes, seed, true, attrs)).toEqual(await updated(sizes, seed, false, attrs))
    })
    await fc.assert(property, tries(60))
  })

  test('changes nothing when one of them does not fit', async () => {
    const [first] = await on(backend, () => {
      const [a, b] = [tf.ones([3]), tf.ones([4])]
      const update = (parameter: tf.Tensor, gradient: tf.Tensor) => ({ parameter, gradient, m: tf.zerosLike(parameter), v: tf.zerosLike(parameter) })
      expect(() => adamUpdateAll([update(a, tf.ones([3])), update(b, tf.ones([5]))], { ...adam, step: 1 })).toThrow('gradient has shape [5]')
      return [a]
    })
    expect([...first!]).toEqual([1, 1, 1])
  })
})

test('what does not fit is refused', async () => {
  const refused = (compute: () => void) => expect(on('wasm', () => (compute(), []))).rejects
  const zeros = (size: number): tf.Tensor => tf.zeros([size])
  await refused(() => sgdUpdate(zeros(2), zeros(3), null, sgd)).toThrow('the gradient has shape [3], but [2]')
  await refused(() => sgdUpdate(zeros(2), zeros(2), null, { ...sgd, momentum: 0.9 })).toThrow(
    'needs a velocity',
  )
  await refused(() => adamUpdate(zeros(2), zeros(2), zeros(2), zeros(1), { ...adam, step: 1 })).toThrow(
    'v has shape [1]',
  )
  await refused(() => adamUpdate(zeros(2), zeros(2), zeros(2), zeros(2), { ...adam, step: 0 })).toThrow(
    'step is 0',
  )
})
