import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Conv2dForwardAttrs, type ConvSizes, describeConvolution } from '../../src/kernels/conv2d.ts'
import {
  conv2dMaxPool2dBiasGradient, conv2dMaxPool2dFilterGradient, conv2dMaxPool2dForward, conv2dMaxPool2dInputGradient,
  fusesMaxPool2d,
} from '../../src/kernels/conv2dMaxPool2d.ts'
import { conv2d } from '../../src/kernels/reference/conv2d.ts'
import { maxPool2x2, unpool2x2 } from '../../src/kernels/reference/conv2dMaxPool2d.ts'
import { makeArena } from './guarded.ts'
import { differences, dot, expectNear, on, random, randomValues, tries, uniform } from './comparison.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Case = { sizes: ConvSizes; attrs: Conv2dForwardAttrs; bias: boolean; seed: number }

const stride = fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 3 }))

/** One channel with any stride, or several by Winograd; odd sizes, pads that differ on all sides. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: fc.tuple(fc.integer({ min: 3, max: 15 }), fc.integer({ min: 3, max: 15 })),
    pads: fc.tuple(fc.tuple(fc.nat(2), fc.nat(2)), fc.tuple(fc.nat(2), fc.nat(2))),
    strides: fc.tuple(stride, stride),
    dilation: fc.integer({ min: 1, max: 2 }),
    channels: fc.constantFrom(0, 4, 8, 12, 20),
    outChannels: fc.integer({ min: 1, max: 12 }).map((fours) => 4 * fours),
    activation: fc.constantFrom('linear', 'relu', 'relu6'),
    bias: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ batch, size, pads, strides, dilation, channels, outChannels, activation, bias, seed }) => {
    const grey = channels === 0
    const attrs = { strides: grey ? strides : [1, 1], pads, dilations: grey ? [dilation, 1] : [1, 1], groups: 1, activation }
    const extent = (axis: 0 | 1) => {
      const span = 2 * attrs.dilations[axis]! + 1
      return Math.floor((size[axis] + pads[axis][0] + pads[axis][1] - span) / attrs.strides[axis]!) + 1
    }
    const sizes: ConvSizes = {
      input: [batch, ...size, grey ? 1 : channels], filter: [3, 3, grey ? 1 : channels, outChannels],
      output: [batch, extent(0), extent(1), outChannels],
    }
    return { sizes, attrs: attrs as unknown as Conv2dForwardAttrs, bias, seed }
  })
  .filter(({ sizes, attrs }) =>
    sizes.output[1] > 0 && sizes.output[2] > 0 && fusesMaxPool2d(sizes.input, sizes.filter, attrs))

const length = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

const pooledShape = ({ output: [batch, height, width, channels] }: ConvSizes) =>
  [batch, height >> 1, width >> 1, channels] as const

/** Winners from −1 to 3. */
function winners(count: number, seed: number): Float32Array {
  const next = uniform(seed)
  return Float32Array.from({ length: count }, () => Math.floor(next() * 5) - 1)
}

/** z of the reference at the winners: what y should be, whichever of two almost equal pixels has won. */
function atWinners(z: Float32Array, which: Float32Array, { output }: ConvSizes): Float32Array {
  const ones = which.map(() => 1)
  const [batch, height, width, channels] = output
  const taken = unpool2x2(ones, which, output)
  const out = new Float32Array(which.length)
  for (let b = 0, at = 0; b < batch; b++) {
    for (let i = 0; i < height >> 1; i++) {
      for (let j = 0; j < width >> 1; j++) {
        for (let c = 0; c < channels; c++, at++) {
          for (const [row, column] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
            const pixel = ((b * height + 2 * i + row) * width + 2 * j + column) * channels + c
            if (taken[pixel] === 1) out[at] = z[pixel]!
          }
        }
      }
    }
  }
  return out
}

describe('conv2dMaxPool2d', () => {
  test('forward: y is the pooled convolution, and which says where it comes from', async () => {
    await fc.assert(fc.asyncProperty(cases, async ({ sizes, attrs, bias, seed }) => {
      const [x, filter] = [randomValues(length(sizes.input), seed), randomValues(length(sizes.filter), seed + 1)] as const
      const shift = bias ? randomValues(sizes.filter[3], seed + 2) : null
      const [y, which] = await on('wasm', () => conv2dMaxPool2dForward(
        random(sizes.input, seed), random(sizes.filter, seed + 1), bias ? random([sizes.filter[3]], seed + 2) : null, attrs,
      ))
      const z = conv2d(sizes, x, filter, shift, attrs)
      expectScaled(y!, maxPool2x2(z, sizes.output, attrs.activation).y, toleranceOf(attrs.activation))
      // Where nothing won, all were cut, to 0 or to 6.
      const expected = atWinners(z, which!, sizes).map((value, i) => (which![i] === -1 && y![i]! > 0 ? 6 : value))
      expectScaled(y!, expected, toleranceOf(attrs.activation))
    }), tries(150))
  }, 120_000)

  test('the gradients equal their references', async () => {
    await fc.assert(fc.asyncProperty(cases, ({ sizes, attrs, seed }) => expectSameScaled(() => {
      const shape = pooledShape(sizes)
      const dy: tf.Tensor4D = random(shape, seed)
      const which = tf.tensor4d(winners(length(shape), seed + 1), [...shape])
      return [
        conv2dMaxPool2dInputGradient(dy, which, random(sizes.filter, seed + 2), sizes.input, attrs),
        conv2dMaxPool2dFilterGradient(random(sizes.input, seed + 3), dy, which, sizes.filter, attrs),
        conv2dMaxPool2dBiasGradient(dy, which),
      ]
    })), tries(150))
  }, 120_000)

  test('reads and writes nothing outside', () => {
    fc.assert(fc.property(cases, ({ sizes, attrs, seed }) => {
      const { input, filter, output } = sizes
      const [height, width] = pooledShape(sizes).slice(1) as [number, number]
      const count = length(pooledShape(sizes))
      const { asm, put, room, read, check } = makeArena()
      const record = room(asm.convolutionBytes())
      describeConvolution(asm, record, sizes, attrs)
      const [x, weights] = [put(randomValues(length(input), seed)), put(randomValues(length(filter), seed + 1))]
      const [dy, which] = [put(randomValues(count, seed + 2)), put(winners(count, seed + 3))]
      const [y, yWhich, dx, dfilter, sum] = [count, count, length(input), length(filter), filter[3]].map((n) => room(4 * n))
      const grey = input[3] === 1
      const scratch = () => room(grey ? asm.greyConv2dScratch(record) : asm.winogradScratch(record, false), 64)
      const filterScratch = () => (grey ? scratch() : room(asm.winogradFilterGradientScratch(record), 64))
      const filterGradient = grey ? asm.greyConv2dFilterGradient : asm.winogradFilterGradient
      if (grey) asm.greyConv2dForward(record, x, weights, 0, 0, 6, y!, yWhich!, scratch())
      else asm.winogradForward(record, x, weights, false, 0, 0, 6, y!, yWhich!, scratch())
      filterGradient(record, x, dy, which, dfilter!, filterScratch())
      if (!grey) asm.winogradInputGradient(record, dy, which, weights, dx!, room(asm.winogradInputGradientScratch(record), 64))
      asm.pooledChannelSum(input[0] * height * width, filter[3], dy, which, sum!, room(8 * filter[3]))
      const dz = room(4 * length(output))
      asm.unpool2x2(...output, dy, which, dz)
      check()
      const results = [[y, count], [yWhich, count], [dfilter, length(filter)], [sum, filter[3]], [dz, length(output)]]
      for (const [at, n] of results) expect(read(at!, n!).every(Number.isFinite)).toBe(true)
    }), tries(150))
  }, 120_000)

  test('the reference gradient equals finite differences', () => {
    const sizes = { input: [1, 6, 7, 1], filter: [3, 3, 1, 4], output: [1, 4, 5, 4] } as const
    const attrs: Conv2dForwardAttrs = { strides: [1, 1], pads: [[0, 0], [0, 0]], dilations: [1, 1], groups: 1, activation: 'linear' }
    const [x, filter, dy] = [randomValues(42, 1), randomValues(36, 2), randomValues(16, 3)] as const
    const z = (image: Float32Array) => conv2d(sizes, image, filter, null, attrs)
    const pooled = (image: Float32Array) => maxPool2x2(z(image), sizes.output, 'relu6')
    const dz = unpool2x2(dy, pooled(x).which, sizes.output)
    const byZ = differences((values) => dot(maxPool2x2(values, sizes.output, 'relu6').y, dy), z(x), 1e-3)
    expectNear(dz, byZ, { relative: 1e-2, absolute: 1e-2 })
  })

  test('says when a convolution does not pool', async () => {
    const attrs: Conv2dForwardAttrs = { strides: [1, 1], pads: [[0, 0], [0, 0]], dilations: [1, 1], groups: 1, activation: 'relu' }
    expect(fusesMaxPool2d([8, 12, 12, 3], [3, 3, 3, 8], attrs)).toBe(false)
    await on('wasm', () => {
      expect(() => conv2dMaxPool2dForward(random([8, 12, 12, 3], 1), random([3, 3, 3, 8], 2), null, attrs))
        .toThrow('does not pool; ask fusesMaxPool2d')
      expect(() => conv2dMaxPool2dForward(random([8, 12, 12, 4], 1), random([3, 3, 4, 8], 2), random([4], 3), attrs))
        .toThrow('the bias has shape [4]')
      return []
    })
  })
})
