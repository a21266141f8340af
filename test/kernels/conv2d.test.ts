import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conv2dFilterGradient, conv2dForward, conv2dInputGradient } from '../../src/kernels/index.ts'
import type { Conv2dForwardAttrs } from '../../src/kernels/index.ts'
import { filterGradientKernel, forwardKernel, inputGradientKernel } from '../../src/kernels/conv2d.ts'
import * as reference from '../../src/kernels/reference/conv2d.ts'
import { differences, dot, expectNear, on, random, randomValues, tries } from './comparison.ts'
import { expectGuarded, plainTensor } from './guarded.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Shape4 = [number, number, number, number]
type Case = { input: Shape4; filter: Shape4; output: Shape4; attrs: Conv2dForwardAttrs; bias: boolean; seed: number }

const pair = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))
const channels = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 3, 4, 8, 16, 32))

/** Grows the pads until the filter fits. */
function padded(size: number, span: number, [before, after]: readonly [number, number]): [number, number] {
  return [before, Math.max(after, span - size - before)]
}

/** Any stride, dilation and grouping; pads that differ on all sides; filters larger than the image. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(9),
    filterSize: pair(5),
    channels,
    outChannels: channels,
    groups: fc.constantFrom(1, 1, 1, 2, 3, 5),
    strides: pair(3),
    dilations: pair(3),
    pads: fc.tuple(fc.tuple(fc.nat(4), fc.nat(4)), fc.tuple(fc.nat(4), fc.nat(4))),
    activation: fc.constantFrom('linear', 'relu', 'relu6'),
    bias: fc.boolean(),
    shuffled: fc.boolean(),
    seed: fc.nat(),
  })
  .map(one => {
    const { batch, size, filterSize, groups, strides, dilations } = one
    const [cin, cout] = [Math.ceil(one.channels / groups), Math.ceil(one.outChannels / groups)]
    const span = (axis: 0 | 1) => (filterSize[axis] - 1) * dilations[axis] + 1
    const pads = [padded(size[0], span(0), one.pads[0]), padded(size[1], span(1), one.pads[1])] as const
    const extent = (axis: 0 | 1) =>
      Math.floor((size[axis] + pads[axis][0] + pads[axis][1] - span(axis)) / strides[axis]) + 1
    return {
      input: [batch, ...size, cin * groups] as Shape4,
      filter: [...filterSize, cin, cout * groups] as Shape4,
      output: [batch, extent(0), extent(1), cout * groups] as Shape4,
      attrs: { strides, pads, dilations, groups, activation: one.activation, shuffle: one.shuffled ? groups : 1 } as Conv2dForwardAttrs,
      bias: one.bias,
      seed: one.seed,
    }
  })

const forward = ({ input, filter, attrs, bias, seed }: Case) => [
  conv2dForward(random(input, seed), random(filter, seed + 1), bias ? random([filter[3]], seed + 2) : null, attrs),
]
const inputGradient = ({ input, filter, output, attrs, seed }: Case) => [
  conv2dInputGradient(random(output, seed), random(filter, seed + 1), input, attrs),
]
const filterGradient = ({ input, filter, output, attrs, seed }: Case) => [
  conv2dFilterGradient(random(input, seed), random(output, seed + 1), filter, attrs),
]

const plain = (padding: number): Conv2dForwardAttrs => ({
  strides: [1, 1],
  pads: [[padding, padding], [padding, padding]],
  dilations: [1, 1],
  groups: 1,
  activation: 'linear',
})

describe('conv2d', () => {
  test('reads and writes nothing outside', () => {
    fc.assert(fc.property(cases, ({ input, filter, output, attrs, bias, seed }) => {
      const [x, weights, dy] = [plainTensor(input, seed), plainTensor(filter, seed + 1), plainTensor(output, seed + 2)]
      const given = { x, filter: weights, bias: bias ? plainTensor([output[3]], seed + 3) : null }
      expectGuarded(forwardKernel, given, attrs, toleranceOf(attrs.activation))
      expectGuarded(inputGradientKernel, { dy, filter: weights }, { ...attrs, inputShape: input })
      expectGuarded(filterGradientKernel, { x, dy }, { ...attrs, filterShape: filter })
    }), tries(120))
  }, 120_000)

  test.each([['forward', forward], ['input gradient', inputGradient], ['filter gradient', filterGradient]])(
    '%s equals its reference',
    async (_, compute) => {
      await fc.assert(fc.asyncProperty(cases, one => expectSameScaled(() => compute(one), toleranceOf(one.attrs.activation))), { numRuns: 200 })
    },
    120_000,
  )

  test('blocks of many pixels, many channels, and several framed images at a time', async () => {
    const shapes: [Shape4, Shape4, number][] = [
      [[2, 40, 40, 3], [3, 3, 3, 8], 1],
      [[9, 12, 13, 8], [3, 3, 8, 12], 1],
      [[3, 20, 20, 1], [5, 5, 1, 6], 0],
      [[1, 5, 5, 130], [3, 3, 130, 20], 1],
      [[2, 18, 18, 20], [1, 1, 20, 33], 0],
    ]
    for (const [input, filter, padding] of shapes) {
      const extent = (axis: 1 | 2) => input[axis] + 2 * padding - filter[axis - 1]! + 1
      const output: Shape4 = [input[0], extent(1), extent(2), filter[3]]
      const one: Case = { input, filter, output, attrs: plain(padding), bias: true, seed: 5 }
      await expectSameScaled(() => [...forward(one), ...inputGradient(one), ...filterGradient(one)])
    }
  })

  test('no images give no output and a zero gradient', async () => {
    const one: Case = { input: [0, 5, 5, 2], filter: [3, 3, 2, 4], output: [0, 5, 5, 4], attrs: plain(1), bias: true, seed: 1 }
    await expectSameScaled(() => [...forward(one), ...inputGradient(one), ...filterGradient(one)])
  })

  test('the reference equals tf.conv2d and its gradients', async () => {
    const alike = cases.filter(({ attrs }) => attrs.groups === 1 && attrs.dilations.every(d => d === 1))
    await fc.assert(
      fc.asyncProperty(alike, async one => {
        const { attrs, input, filter, output, seed } = one
        const pad: [[number, number], ...[number, number][]] = [[0, 0], [...attrs.pads[0]], [...attrs.pads[1]], [0, 0]]
        const [ours, theirs, ourInput, theirInput, ourFilter, theirFilter] = await on('cpu', () => {
          const x = tf.pad(random<tf.Tensor4D>(input, seed), pad)
          const y = tf.conv2d(x, random<tf.Tensor4D>(filter, seed + 1), [...attrs.strides], 'valid')
          const dfilter = { strides: [...attrs.strides], pad: 'valid', dataFormat: 'NHWC', filterShape: filter }
          const dinput = { ...dfilter, inputShape: x.shape }
          const run = (name: string, inputs: object, given: object) => tf.engine().runKernel(name, inputs as never, given as never)
          const whole = run('Conv2DBackpropInput', { dy: random(output, seed), filter: random(filter, seed + 1) }, dinput)
          const crop = tf.slice(whole as tf.Tensor4D, [0, attrs.pads[0][0], attrs.pads[1][0], 0], input)
          const theirFilterGradient = run('Conv2DBackpropFilter', { x, dy: random(output, seed + 1) }, dfilter) as tf.Tensor
          const linear: Case = { ...one, bias: false, attrs: { ...attrs, activation: 'linear' } }
          return [...forward(linear), y, ...inputGradient(one), crop, ...filterGradient(one), theirFilterGradient]
        })
        expectScaled(ours!, theirs!)
        expectScaled(ourInput!, theirInput!)
        expectScaled(ourFilter!, theirFilter!)
      }),
      { numRuns: 40 },
    )
  })

  test('the reference gradients equal finite differences, with strides, dilations and groups', () => {
    const attrs: Conv2dForwardAttrs = {
      strides: [2, 1],
      pads: [[1, 2], [0, 1]],
      dilations: [1, 2],
      groups: 2,
      activation: 'linear',
    }
    const sizes = { input: [1, 5, 6, 4], filter: [3, 2, 2, 6], output: [1, 3, 5, 6] } as const
    const [x, filter, dy] = [randomValues(120, 1), randomValues(72, 2), randomValues(90, 3)] as const
    const loss = (image: Float32Array, weights: Float32Array) => dot(reference.conv2d(sizes, image, weights, null, attrs), dy)
    const near = { relative: 1e-3, absolute: 1e-2 }
    expectNear(reference.conv2dInputGradient(sizes, dy, filter, attrs), differences(image => loss(image, filter), x), near)
    expectNear(reference.conv2dFilterGradient(sizes, x, dy, attrs), differences(weights => loss(x, weights), filter), near)
  })

  test('says what does not fit', async () => {
    await on('wasm', () => {
      const x: tf.Tensor4D = tf.zeros([1, 4, 4, 4])
      const attrs = plain(0)
      expect(() => conv2dForward(x, tf.zeros([3, 3, 3, 8]), null, attrs)).toThrow('an input of 4 channels in 1 groups')
      expect(() => conv2dForward(x, tf.zeros([5, 3, 4, 8]), null, attrs)).toThrow('spans 5 pixels, but the padded input has 4 rows')
      expect(() => conv2dForward(x, tf.zeros([3, 3, 4, 8]), tf.zeros([4]), attrs)).toThrow('the bias has shape [4]')
      expect(() => conv2dForward(x, tf.zeros([3, 3, 4, 8]), null, { ...attrs, strides: [0, 1] })).toThrow('stride')
      expect(() => conv2dInputGradient(x, tf.zeros([3, 3, 4, 4]), [1, 5, 5, 4], attrs)).toThrow('dy has shape')
      return []
    })
  })
})
