import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  depthwiseConv2dFilterGradient,
  depthwiseConv2dForward,
  depthwiseConv2dInputGradient,
} from '../../src/kernels/index.ts'
import type { DepthwiseForwardAttrs } from '../../src/kernels/index.ts'
import {
  depthwiseFilterGradientKernel, depthwiseForwardKernel, depthwiseInputGradientKernel,
} from '../../src/kernels/depthwiseConv2d.ts'
import * as reference from '../../src/kernels/reference/depthwiseConv2d.ts'
import { differences, dot, expectNear, on, random, randomValues, tries } from './comparison.ts'
import { expectGuarded, plainTensor } from './guarded.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Shape4 = [number, number, number, number]
type Case = { input: Shape4; filter: Shape4; output: Shape4; attrs: DepthwiseForwardAttrs; bias: boolean; seed: number }

const pair = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))

/** Any stride, dilation and multiplier; pads that differ on all sides; filters larger than the image. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(11),
    filterSize: pair(5),
    channels: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 4, 8, 16)),
    multiplier: fc.constantFrom(1, 1, 1, 2, 3, 4, 7),
    strides: pair(3),
    dilations: pair(3),
    pads: fc.tuple(fc.tuple(fc.nat(4), fc.nat(4)), fc.tuple(fc.nat(4), fc.nat(4))),
    activation: fc.constantFrom('linear', 'relu', 'relu6'),
    bias: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ batch, size, filterSize, channels, multiplier, strides, dilations, pads: given, activation, bias, seed }) => {
    const span = (axis: 0 | 1) => (filterSize[axis] - 1) * dilations[axis] + 1
    const pad = (axis: 0 | 1): [number, number] => [
      given[axis][0],
      Math.max(given[axis][1], span(axis) - size[axis] - given[axis][0]),
    ]
    const pads = [pad(0), pad(1)] as const
    const extent = (axis: 0 | 1) =>
      Math.floor((size[axis] + pads[axis][0] + pads[axis][1] - span(axis)) / strides[axis]) + 1
    return {
      input: [batch, ...size, channels] as Shape4,
      filter: [...filterSize, channels, multiplier] as Shape4,
      output: [batch, extent(0), extent(1), channels * multiplier] as Shape4,
      attrs: { strides, pads, dilations, activation } as DepthwiseForwardAttrs,
      bias,
      seed,
    }
  })

const forward = ({ input, filter, output, attrs, bias, seed }: Case) => [
  depthwiseConv2dForward(
    random(input, seed),
    random(filter, seed + 1),
    bias ? random([output[3]], seed + 2) : null,
    attrs,
  ),
]
const inputGradient = ({ input, filter, output, attrs, seed }: Case) => [
  depthwiseConv2dInputGradient(random(output, seed), random(filter, seed + 1), input, attrs),
]
const filterGradient = ({ input, filter, output, attrs, seed }: Case) => [
  depthwiseConv2dFilterGradient(random(input, seed), random(output, seed + 1), filter, attrs),
]

const same: DepthwiseForwardAttrs = {
  strides: [1, 1],
  pads: [[1, 1], [1, 1]],
  dilations: [1, 1],
  activation: 'relu',
}

describe('depthwiseConv2d', () => {
  test('reads and writes nothing outside', () => {
    fc.assert(fc.property(cases, ({ input, filter, output, attrs, bias, seed }) => {
      const [x, weights, dy] = [plainTensor(input, seed), plainTensor(filter, seed + 1), plainTensor(output, seed + 2)]
      const given = { x, filter: weights, bias: bias ? plainTensor([output[3]], seed + 3) : null }
      expectGuarded(depthwiseForwardKernel, given, attrs, toleranceOf(attrs.activation))
      expectGuarded(depthwiseInputGradientKernel, { dy, filter: weights }, { ...attrs, inputShape: input })
      expectGuarded(depthwiseFilterGradientKernel, { x, dy }, { ...attrs, filterShape: filter })
    }), tries(120))
  }, 120_000)

  test.each([['forward', forward], ['input gradient', inputGradient], ['filter gradient', filterGradient]])(
    '%s equals its reference',
    async (_, compute) => {
      await fc.assert(fc.asyncProperty(cases, one => expectSameScaled(() => compute(one), toleranceOf(one.attrs.activation))), { numRuns: 200 })
    },
    120_000,
  )

  test('no images give no output and a zero gradient', async () => {
    const one: Case = { input: [0, 5, 5, 2], filter: [3, 3, 2, 2], output: [0, 5, 5, 4], attrs: same, bias: true, seed: 1 }
    await expectSameScaled(() => [...forward(one), ...inputGradient(one), ...filterGradient(one)])
  })

  test('the reference equals tf.depthwiseConv2d and its gradients', async () => {
    const alike = cases.filter(({ attrs: { dilations, strides } }) => dilations.every(d => d === 1)
      && strides[0] === strides[1])
    await fc.assert(
      fc.asyncProperty(alike, async one => {
        const { attrs, input, filter, output, seed } = one
        const pad: [[number, number], ...[number, number][]] = [[0, 0], [...attrs.pads[0]], [...attrs.pads[1]], [0, 0]]
        const [ours, theirs, ourInput, theirInput, ourFilter, theirFilter] = await on('cpu', () => {
          const x = tf.pad(random<tf.Tensor4D>(input, seed), pad)
          const weights = random<tf.Tensor4D>(filter, seed + 1)
          const y = tf.depthwiseConv2d(x, weights, [...attrs.strides], 'valid')
          const run = (name: string, inputs: object, given: object) => tf.engine().runKernel(name, inputs as never, given as never)
          const window = { strides: [...attrs.strides], pad: 'valid', dilations: [1, 1], filterShape: filter, inputShape: x.shape }
          const whole = run('DepthwiseConv2dNativeBackpropInput', { dy: random(output, seed), filter: weights }, window)
          const crop = tf.slice(whole as tf.Tensor4D, [0, attrs.pads[0][0], attrs.pads[1][0], 0], input)
          const dfilter = run('DepthwiseConv2dNativeBackpropFilter', { x, dy: random(output, seed + 1) }, window) as tf.Tensor
          const linear: Case = { ...one, bias: false, attrs: { ...attrs, activation: 'linear' } }
          return [...forward(linear), y, ...inputGradient(one), crop, ...filterGradient(one), dfilter]
        })
        expectScaled(ours!, theirs!)
        expectScaled(ourInput!, theirInput!)
        expectScaled(ourFilter!, theirFilter!)
      }),
      { numRuns: 40 },
    )
  })

  test('the reference gradients equal finite differences, with strides, dilations and a multiplier', () => {
    const attrs: DepthwiseForwardAttrs = { strides: [2, 1], pads: [[1, 2], [0, 1]], dilations: [1, 2], activation: 'linear' }
    const sizes = { input: [1, 5, 6, 3], filter: [3, 2, 3, 2], output: [1, 3, 5, 6] } as const
    const [x, filter, dy] = [randomValues(90, 1), randomValues(36, 2), randomValues(90, 3)] as const
    const loss = (image: Float32Array, weights: Float32Array) =>
      dot(reference.depthwiseConv2d(sizes, image, weights, null, attrs), dy)
    const near = { relative: 1e-3, absolute: 1e-2 }
    expectNear(reference.depthwiseConv2dInputGradient(sizes, dy, filter, attrs), differences(image => loss(image, filter), x), near)
    expectNear(reference.depthwiseConv2dFilterGradient(sizes, x, dy, attrs), differences(weights => loss(x, weights), filter), near)
  })

  test('says what does not fit', async () => {
    await on('wasm', () => {
      const x: tf.Tensor4D = tf.zeros([1, 4, 4, 4])
      expect(() => depthwiseConv2dForward(x, tf.zeros([3, 3, 3, 1]), null, same)).toThrow('an input of 4 channels')
      expect(() => depthwiseConv2dForward(x, tf.zeros([3, 3, 4, 2]), tf.zeros([4]), same)).toThrow('the bias has shape [4]')
      return []
    })
  })
})
