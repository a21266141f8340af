import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  conv2dFilterGradient, conv2dForward, conv2dInputGradient, deformConv2dForward, deformConv2dGradients,
} from '../../src/kernels/index.ts'
import type { DeformForwardAttrs } from '../../src/kernels/index.ts'
import { deformConv2dKernels } from '../../src/kernels/deformConv2d.ts'
import * as reference from '../../src/kernels/reference/deformConv2d.ts'
import { differences, dot, expectNear, on, random, randomValues, tries, uniform } from './comparison.ts'
import { expectGuarded } from './guarded.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Shape4 = [number, number, number, number]
type Case = {
  input: Shape4; filter: Shape4; output: Shape4; offsets: Shape4; attrs: DeformForwardAttrs
  mask: boolean; bias: boolean; reach: number; seed: number
}

const pair = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))

/** [groups, offset groups, channels, output channels]: groups of channels that divide each other, or do not. */
const channels = fc
  .tuple(fc.constantFrom(1, 1, 1, 2, 3, 4), fc.constantFrom(1, 1, 1, 2, 3, 5), fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 40 }))
  .map(([groups, offsetGroups, most, out]) => {
    const unit = groups * offsetGroups
    return { groups, offsetGroups, cin: unit * Math.max(1, Math.floor(most / unit)), cout: groups * Math.ceil(out / groups) }
  })

/** Any stride, dilation and grouping; pads that differ on all sides; offsets small, or far outside the image. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(7),
    filterSize: pair(4),
    channels,
    strides: pair(3),
    dilations: pair(3),
    pads: fc.tuple(fc.tuple(fc.nat(3), fc.nat(3)), fc.tuple(fc.nat(3), fc.nat(3))),
    activation: fc.constantFrom('linear', 'relu', 'relu6'),
    mask: fc.boolean(),
    bias: fc.boolean(),
    reach: fc.constantFrom(0.4, 1.5, 1.5, 6, 1e6),
    seed: fc.nat(),
  })
  .map(({ batch, size, filterSize, channels, strides, dilations, activation, mask, bias, reach, seed, ...given }) => {
    const { groups, offsetGroups, cin, cout } = channels
    const span = (axis: 0 | 1): number => (filterSize[axis] - 1) * dilations[axis] + 1
    const grown = (axis: 0 | 1): [number, number] =>
      [given.pads[axis][0], Math.max(given.pads[axis][1], span(axis) - size[axis] - given.pads[axis][0])]
    const pads = [grown(0), grown(1)] as const
    const extent = (axis: 0 | 1): number =>
      Math.floor((size[axis] + pads[axis][0] + pads[axis][1] - span(axis)) / strides[axis]) + 1
    return {
      input: [batch, ...size, cin], filter: [...filterSize, cin / groups, cout],
      output: [batch, extent(0), extent(1), cout],
      offsets: [batch, extent(0), extent(1), 2 * offsetGroups * filterSize[0] * filterSize[1]],
      attrs: { strides, pads, dilations, groups, offsetGroups, activation: activation },
      mask, bias, reach, seed,
    }
  })

const plain: DeformForwardAttrs = {
  strides: [1, 1], pads: [[1, 1], [1, 1]], dilations: [1, 1], groups: 1, offsetGroups: 1, activation: 'linear',
}

/** Half of the offsets are whole numbers, where the derivative is one-sided. */
function offsetValues({ offsets, reach, seed }: Case): Float32Array {
  const chance = uniform(seed + 7)
  const count = offsets.reduce((product, size) => product * size, 1)
  return randomValues(count, seed + 1, reach).map((value) => (chance() < 0.5 ? Math.round(value) : value))
}

const maskShape = ({ offsets: [batch, height, width, values] }: Case): Shape4 => [batch, height, width, values / 2]

const inputsOf = (one: Case) => ({
  x: random<tf.Tensor4D>(one.input, one.seed),
  offsets: tf.tensor(offsetValues(one), one.offsets) as tf.Tensor4D,
  mask: one.mask ? random<tf.Tensor4D>(maskShape(one), one.seed + 2) : null,
  filter: random<tf.Tensor4D>(one.filter, one.seed + 3),
  bias: one.bias ? random<tf.Tensor1D>([one.filter[3]], one.seed + 4) : null,
  dy: random<tf.Tensor4D>(one.output, one.seed + 5),
})

function forward(one: Case): tf.Tensor[] {
  const { x, offsets, mask, filter, bias } = inputsOf(one)
  return [deformConv2dForward(x, offsets, mask, filter, bias, one.attrs)]
}

function gradients(one: Case): tf.Tensor[] {
  const { x, offsets, mask, filter, dy } = inputsOf(one)
  return deformConv2dGradients(x, offsets, mask, filter, dy, one.attrs) as tf.Tensor[]
}

/** A case of 3×3 filters at padding 1. */
const caseOf = (batch: number, height: number, width: number, cin: number, cout: number, more: Partial<Case> = {}): Case => ({
  input: [batch, height, width, cin], filter: [3, 3, cin, cout], output: [batch, height, width, cout],
  offsets: [batch, height, width, 18], attrs: plain, mask: true, bias: true, reach: 1.5, seed: 5, ...more,
})

describe('deformConv2d', () => {
  test.each([['forward', forward], ['gradients', gradients]])('%s: equals the reference', async (_, compute) => {
    await fc.assert(fc.asyncProperty(cases, (one) => expectSameScaled(() => compute(one), toleranceOf(one.attrs.activation))), tries(200))
  }, 120_000)

  test('blocks of many pixels and of many channels', async () => {
    for (const one of [caseOf(2, 20, 21, 8, 12), caseOf(1, 6, 6, 130, 20), caseOf(3, 12, 12, 1, 1), caseOf(1, 4, 4, 515, 3)]) {
      await expectSameScaled(() => [...forward(one), ...gradients(one)])
    }
  })

  test('no images give no output and zero gradients', async () => {
    const one = caseOf(0, 5, 5, 2, 4)
    await expectSameScaled(() => [...forward(one), ...gradients(one)])
    const [, , dfilter] = await on('wasm', () => gradients(one))
    expect(dfilter).toEqual(new Float32Array(72))
  })

  test('reads and writes nothing but its tensors', () => {
    const [forwardKernel, gradientsKernel] = deformConv2dKernels
    fc.assert(fc.property(cases, (one) => {
      const plainOf = (shape: readonly number[], seed: number) =>
        ({ shape, values: randomValues(shape.reduce((product, size) => product * size, 1), seed) })
      const moved = {
        x: plainOf(one.input, one.seed),
        offsets: { shape: one.offsets, values: offsetValues(one) },
        mask: one.mask ? plainOf(maskShape(one), one.seed + 2) : null,
        filter: plainOf(one.filter, one.seed + 3),
      }
      expectGuarded(forwardKernel!, { ...moved, bias: one.bias ? plainOf([one.filter[3]], one.seed + 4) : null }, one.attrs)
      expectGuarded(gradientsKernel!, { ...moved, dy: plainOf(one.output, one.seed + 5) }, one.attrs)
    }), tries(60))
  }, 120_000)

  test('offsets of zero: an ordinary convolution, forward and backward', async () => {
    await fc.assert(fc.asyncProperty(cases, async (one) => {
      const { attrs, input, filter: filterShape } = one
      const [y, convolved, dx, convolvedDx, dfilter, convolvedDfilter] = await on('wasm', () => {
        const { x, filter, bias, dy } = inputsOf(one)
        const zeros: tf.Tensor4D = tf.zeros(one.offsets)
        const [movedX, , movedFilter] = deformConv2dGradients(x, zeros, null, filter, dy, attrs)
        return [
          deformConv2dForward(x, zeros, null, filter, bias, attrs), conv2dForward(x, filter, bias, attrs),
          movedX, conv2dInputGradient(dy, filter, input, attrs), movedFilter, conv2dFilterGradient(x, dy, filterShape, attrs),
        ]
      })
      expectScaled(y!, convolved!)
      expectScaled(dx!, convolvedDx!)
      expectScaled(dfilter!, convolvedDfilter!)
    }), tries(40))
  })

  test('the reference gradients equal finite differences, with strides, dilations and both kinds of groups', () => {
    const attrs: DeformForwardAttrs = {
      strides: [2, 1], pads: [[1, 2], [0, 1]], dilations: [1, 2], groups: 2, offsetGroups: 2, activation: 'linear',
    }
    const sizes = { input: [1, 5, 6, 4], filter: [3, 2, 2, 6], output: [1, 3, 5, 6] } as const
    const [x, filter, dy, mask] = [randomValues(120, 1), randomValues(72, 2), randomValues(90, 3), randomValues(180, 4)] as const
    // A quarter of a pixel or more away from whole numbers, where the value bends.
    const offsets = randomValues(360, 5, 3).map((value) => Math.floor(value) + 0.25 + 0.5 * Math.abs(value % 1))
    const loss = (image: Float32Array, moves: Float32Array, masks: Float32Array, weights: Float32Array) =>
      dot(reference.deformConv2d(sizes, image, moves, masks, weights, null, attrs), dy)
    const made = reference.deformConv2dGradients(sizes, x, offsets, mask, filter, dy, attrs)
    const near = { relative: 1e-3, absolute: 2e-2 }
    expectNear(made.x, differences((image) => loss(image, offsets, mask, filter), x), near)
    expectNear(made.offsets, differences((moves) => loss(x, moves, mask, filter), offsets), near)
    expectNear(made.mask!, differences((masks) => loss(x, offsets, masks, filter), mask), near)
    expectNear(made.filter, differences((weights) => loss(x, offsets, mask, weights), filter), near)
  })

  test('the image fades out within a pixel of its edge', async () => {
    const [y] = await on('wasm', () => {
      const x: tf.Tensor4D = tf.ones([1, 1, 1, 1])
      const moves = [[0, 0], [-0.25, 0], [0.75, 0], [-0.5, 0.5], [-1, 0], [1, 0], [0, -1e9], [0, Infinity]]
      const attrs: DeformForwardAttrs = { ...plain, pads: [[0, 0], [0, 0]] }
      const at = (move: number[]) =>
        deformConv2dForward(x, tf.tensor4d(move, [1, 1, 1, 2]), null, tf.ones([1, 1, 1, 1]), null, attrs)
      return [tf.concat(moves.map(at))]
    })
    expect([...y!]).toEqual([1, 0.75, 0.25, 0.25, 0, 0, 0, 0])
  })

  test('an offset that is no number does not stay hidden', async () => {
    const [y, , doffsets] = await on('wasm', () => {
      const [x, filter]: tf.Tensor4D[] = [tf.ones([1, 1, 2, 1]), tf.ones([1, 1, 1, 1])]
      const offsets = tf.tensor4d([0, NaN, 0, 0], [1, 1, 2, 2])
      const attrs: DeformForwardAttrs = { ...plain, pads: [[0, 0], [0, 0]] }
      return [
        deformConv2dForward(x!, offsets, null, filter!, null, attrs),
        ...deformConv2dGradients(x!, offsets, null, filter!, tf.ones([1, 1, 2, 1]), attrs) as tf.Tensor[],
      ]
    })
    expect([...y!]).toEqual([NaN, 1])
    expect([...doffsets!]).toEqual([NaN, NaN, -1, -1])
  })

  test('says what does not fit', async () => {
    await on('wasm', () => {
      const [x, filter]: tf.Tensor4D[] = [tf.zeros([1, 4, 4, 4]), tf.zeros([3, 3, 4, 8])]
      const offsets: tf.Tensor4D = tf.zeros([1, 4, 4, 18])
      const run = (moves: tf.Tensor4D, mask: tf.Tensor4D | null, attrs: DeformForwardAttrs) => () =>
        deformConv2dForward(x!, moves, mask, filter!, null, attrs)
      expect(run(tf.zeros([1, 4, 4, 9]), null, plain)).toThrow('the offsets tensor has shape [1, 4, 4, 9], but [1, 4, 4, 18] is needed')
      expect(run(offsets, tf.zeros([1, 4, 4, 18]), plain)).toThrow('the mask has shape [1, 4, 4, 18], but [1, 4, 4, 9] is needed')
      expect(run(offsets, null, { ...plain, offsetGroups: 3 })).toThrow('3 offset groups do not divide 4 channels')
      expect(() => deformConv2dGradients(x!, offsets, null, filter!, x!, plain)).toThrow('dy has shape')
      return []
    })
  })
})
