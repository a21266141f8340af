import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activate, activationGradient, gradientReads } from '../../src/kernels/index.ts'
import type { ActivationKind } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/activation.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const kinds: readonly ActivationKind[] = [
  'relu', 'sigmoid', 'tanh', 'relu6', 'leakyRelu', 'elu', 'selu', 'softplus', 'silu', 'gelu', 'geluTanh', 'hardSigmoid',
  'hardSwish',
]

/** What the gradient reads. */
const read = <T>(x: T, y: T, kind: ActivationKind): T => (gradientReads(kind) === 'x' ? x : y)

/** Values at 1e4, −1e4, 3e38 and −3e38, and slopes there. */
const LARGE = 3e38
const zeroToOne = { values: [1, 0, 1, 0], slopes: [0, 0, 0, 0] }
const rectified = { values: [1e4, 0, LARGE, 0], slopes: [1, 0, 1, 0] }
const SELU_SCALE = 1.0507009873554805
const SELU_FLOOR = -1.7580993408473766
const extremes: Readonly<Record<ActivationKind, { readonly values: number[]; readonly slopes: number[] }>> = {
  relu: rectified, softplus: rectified, silu: rectified, gelu: rectified, geluTanh: rectified, hardSwish: rectified,
  sigmoid: zeroToOne, hardSigmoid: zeroToOne,
  tanh: { values: [1, -1, 1, -1], slopes: [0, 0, 0, 0] },
  relu6: { values: [6, 0, 6, 0], slopes: [0, 0, 0, 0] },
  leakyRelu: { values: [1e4, -100, LARGE, -3e36], slopes: [1, 0.01, 1, 0.01] },
  elu: { values: [1e4, -1, LARGE, -1], slopes: [1, 0, 1, 0] },
  selu: { values: [1.0507009873554805e4, SELU_FLOOR, LARGE * SELU_SCALE, SELU_FLOOR], slopes: [SELU_SCALE, 0, SELU_SCALE, 0] },
}
const shapes = fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 0, maxLength: 4 })

describe.each(kinds)('%s', (kind) => {
  test('wasm agrees with the reference', async () => {
    const property = fc.asyncProperty(
      shapes,
      fc.nat(),
      fc.constantFrom(0.1, 3, 100),
      async (shape, seed, size) => {
        const near = { relative: 2e-6, absolute: 3e-6 * Math.max(1, size / 10) }
        await expectSame(() => {
          const y = activate(random(shape, seed, size), kind)
          return [y, activationGradient(random(shape, seed + 1), read(random(shape, seed, size), y, kind), kind)]
        }, near)
      },
    )
    await fc.assert(property, tries(150))
  })

  test('the reference gradient is that of finite differences', () => {
    const x = randomValues(120, 1, 8).filter((value) => [0, 3, 6].every((bend) => Math.abs(Math.abs(value) - bend) > 0.05))
    const dy = randomValues(x.length, 2)
    const parameters = kind === 'selu' ? [1.67, 1.05] as const : [0.3, 1] as const
    const at = (place: Float32Array) => reference.activate(place, kind, ...parameters)
    const dx = reference.activationGradient(dy, read(x, at(x), kind), kind, ...parameters)
    expectNear(
      dx,
      differences((place) => dot(dy, at(place)), x),
      { relative: 1e-3, absolute: 1e-3 },
    )
  })

  test.each(['wasm', 'cpu'] as const)('NaN is handed on, ±1e4 and the largest floats are not NaN (%s)', async (backend) => {
    const [y, dx] = await on(backend, () => {
      const x = tf.tensor1d([1e4, -1e4, LARGE, -LARGE, NaN])
      const value = activate(x, kind)
      return [value, activationGradient(tf.onesLike(value), read(x, value, kind), kind)]
    })
    expectNear(y!, [...extremes[kind].values, NaN])
    expectNear(dx!.subarray(0, 4), extremes[kind].slopes)
  })
})

test.each(['wasm', 'cpu'] as const)('infinities (%s)', async (backend) => {
  const of = async (kind: ActivationKind) => (await on(backend, () => [activate(tf.tensor1d([Infinity, -Infinity]), kind)]))[0]!
  expectNear(await of('relu'), [Infinity, 0])
  expectNear(await of('relu6'), [6, 0])
  expectNear(await of('leakyRelu'), [Infinity, -Infinity])
  expectNear(await of('elu'), [Infinity, -1])
  expectNear(await of('softplus'), [Infinity, 0])
  expectNear(await of('sigmoid'), [1, 0])
  expectNear(await of('hardSigmoid'), [1, 0])
  expectNear(await of('tanh'), [1, -1])
})

test('alpha is the slope of leakyRelu and the depth of elu', async () => {
  const [leaky, elu, selu] = await on('wasm', () => {
    const x = tf.tensor1d([-2, 3])
    return [activate(x, 'leakyRelu', 0.3), activate(x, 'elu', 0.5), activate(x, 'selu')]
  })
  expectNear(leaky!, [-0.6, 3])
  expectNear(elu!, [0.5 * Math.expm1(-2), 3])
  expectNear(selu!, [1.0507009873554805 * 1.6732632423543772 * Math.expm1(-2), 3 * 1.0507009873554805])
  await expect(on('wasm', () => [activate(tf.tensor1d([1]), 'elu', -1)])).rejects.toThrow('elu: alpha is -1')
})

test('the lower tail of gelu keeps its digits', async () => {
  const x = [-1, -3, -5, -8]
  const [y] = await on('wasm', () => [activate(tf.tensor1d(x), 'gelu')])
  // x · erfc(−x/√2)/2, by mpmath.
  expectNear(y!, [-0.158655253931457, -0.00404969409489029, -1.43325785939597e-6, -4.97676845941746e-15], { relative: 6e-6, absolute: 0 })
})

test('hand numbers', async () => {
  const values = (kind: ActivationKind) => on('wasm', () => [activate(tf.tensor1d([-1, 0, 2]), kind)])
  expectNear((await values('relu'))[0]!, [0, 0, 2])
  expectNear((await values('sigmoid'))[0]!, [0.26894142, 0.5, 0.8807971])
  expectNear((await values('tanh'))[0]!, [-0.76159416, 0, 0.9640276])
})

test('sigmoid and tanh are right to three units in the last place, also next to zero', async () => {
  const spread = [80, 10, 1, 1e-2, 1e-5].flatMap((size) => [...randomValues(20_000, 7, size)])
  const [sigmoid, tanh] = await on('wasm', () => {
    const x = tf.tensor1d(spread)
    return [activate(x, 'sigmoid'), activate(x, 'tanh')]
  })
  const x = Float32Array.from(spread)
  const tolerance = { relative: 3 * 2 ** -23, absolute: 0 }
  expectNear(sigmoid!, [...x].map(reference.sigmoid), tolerance)
  expectNear(tanh!, [...x].map(Math.tanh), tolerance)
})

test('a gradient of another shape is refused', async () => {
  const refused = on('wasm', () => [activationGradient(tf.zeros([2]), tf.zeros([3]), 'relu')])
  await expect(refused).rejects.toThrow('dy has shape [2], but [3]')
})
