import type { Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conv2dFilterGradient, conv2dForward, conv2dInputGradient } from '../../src/kernels/index.ts'
import type { Conv2dForwardAttrs } from '../../src/kernels/index.ts'
import type { ConvSizes } from '../../src/kernels/conv2d.ts'
import { boundsOf } from '../../src/kernels/fused.ts'
import * as reference from '../../src/kernels/reference/conv2d.ts'
import { conv2dWay } from '../../src/kernels/conv2dWay.ts'
import { random, randomValues, tries } from './comparison.ts'
import { makeArena } from './guarded.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Case = { sizes: ConvSizes; attrs: Conv2dForwardAttrs; bias: boolean; seed: number }

/** Filters as large as their images or larger, with pads on all sides, strides, dilations and groups. */
const cases = (channels: fc.Arbitrary<number>): fc.Arbitrary<Case> => {
  const pair = (most: number) => fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
  const pads = fc.tuple(fc.nat(5), fc.nat(5))
  return fc
    .record({
      batch: fc.integer({ min: 1, max: 4 }), size: pair(4), filterSize: pair(4), channels, outChannels: channels,
      groups: fc.constantFrom(1, 1, 2, 3), strides: pair(2), dilations: pair(4), pads: fc.tuple(pads, pads),
      activation: fc.constantFrom('linear', 'relu', 'relu6'), bias: fc.boolean(), seed: fc.nat(),
    })
    .map(({ batch, size, filterSize, channels: cin, outChannels: cout, bias, seed, ...attrs }) => {
      const extent = (axis: 0 | 1): number => {
        const span = (filterSize[axis] - 1) * attrs.dilations[axis] + 1
        return Math.floor((size[axis] + attrs.pads[axis][0] + attrs.pads[axis][1] - span) / attrs.strides[axis]) + 1
      }
      const sizes: ConvSizes = {
        input: [batch, ...size, cin * attrs.groups], filter: [...filterSize, cin, cout * attrs.groups],
        output: [batch, extent(0), extent(1), cout * attrs.groups],
      }
      return { sizes, attrs: attrs as Conv2dForwardAttrs, bias, seed }
    })
    .filter(({ sizes }) => sizes.output[1] > 0 && sizes.output[2] > 0)
}

const chosen = cases(fc.integer({ min: 16, max: 40 })).filter(({ sizes, attrs }) => conv2dWay(sizes, attrs) === 'taps')

const results = ({ sizes: { input, filter, output }, attrs, bias, seed }: Case) => () => {
  const weights = random<Tensor4D>(filter, seed + 1)
  const dy = random<Tensor4D>(output, seed + 2)
  const x = random<Tensor4D>(input, seed)
  return [
    conv2dForward(x, weights, bias ? random([filter[3]], seed + 3) : null, attrs),
    conv2dInputGradient(dy, weights, input, attrs),
    conv2dFilterGradient(x, dy, filter, attrs),
  ]
}

describe('tap by tap', () => {
  test('convolution and gradients equal their references', async () => {
    await fc.assert(
      fc.asyncProperty(chosen, (one) => expectSameScaled(results(one), toleranceOf(one.attrs.activation))), tries(150))
  }, 300_000)

  test('more pixels than are looked at in one go, and taps that see nothing', async () => {
    const pads = [[1, 1], [1, 1]] as const
    const attrs: Conv2dForwardAttrs = { strides: [1, 1], pads, dilations: [1, 1], groups: 1, activation: 'linear' }
    const many: ConvSizes = { input: [130, 2, 2, 16], filter: [3, 3, 16, 24], output: [130, 2, 2, 24] }
    const blind: ConvSizes = { input: [70, 2, 2, 16], filter: [3, 3, 16, 16], output: [70, 2, 2, 16] }
    const wide: Conv2dForwardAttrs = { ...attrs, pads: [[5, 5], [5, 5]], dilations: [5, 5] }
    for (const [sizes, given] of [[many, attrs], [blind, wide]] as const) {
      expect(conv2dWay(sizes, given)).toBe('taps')
      await expectSameScaled(results({ sizes, attrs: given, bias: true, seed: 3 }))
    }
  })

  test('reads and writes nothing outside, also where windows would be faster', () => {
    fc.assert(fc.property(cases(fc.integer({ min: 1, max: 19 })), ({ sizes, attrs, bias, seed }) => {
      const { input, filter, output } = sizes
      const values = (shape: readonly number[], from: number) => randomValues(shape.reduce((a, b) => a * b), from)
      const [x, weights, dy] = [values(input, seed), values(filter, seed + 1), values(output, seed + 2)] as const
      const shift = bias ? randomValues(filter[3], seed + 3) : null
      const { asm, put, room, read, check } = makeArena()
      const record = room(asm.convolutionBytes())
      asm.describeConvolution(record, ...input, filter[0], filter[1], filter[3], output[1], output[2], ...attrs.strides,
        attrs.pads[0][0], attrs.pads[1][0], ...attrs.dilations, attrs.groups)
      const [xAt, weightsAt, dyAt] = [put(x), put(weights), put(dy)]
      const [y, dx, dfilter] = [room(dy.length * 4), room(x.length * 4), room(weights.length * 4)]
      const filters = room(asm.tapsFilterBytes(record))
      asm.packTaps(record, weightsAt, filters)
      asm.tapsConv2dForward(record, xAt, filters, shift === null ? 0 : put(shift), ...boundsOf(attrs.activation), y,
        room(asm.tapsConv2dForwardScratch(record), 64))
      asm.tapsConv2dInputGradient(record, dyAt, weightsAt, dx, room(asm.tapsConv2dInputGradientScratch(record), 64))
      asm.tapsConv2dFilterGradient(record, xAt, dyAt, dfilter, room(asm.tapsConv2dFilterGradientScratch(record), 64))
      check()
      expectScaled(read(y, dy.length), reference.conv2d(sizes, x, weights, shift, attrs), toleranceOf(attrs.activation))
      expectScaled(read(dx, x.length), reference.conv2dInputGradient(sizes, dy, weights, attrs))
      expectScaled(read(dfilter, weights.length), reference.conv2dFilterGradient(sizes, x, dy, attrs))
    }), tries(150))
  }, 120_000)

  test('is chosen where filters mostly look out of the image, and channels are many', () => {
    const attrs = { strides: [1, 1], pads: [[1, 1], [1, 1]], dilations: [1, 1], groups: 1 } as const
    const sizes: ConvSizes = { input: [16, 2, 2, 512], filter: [3, 3, 512, 512], output: [16, 2, 2, 512] }
    expect(conv2dWay(sizes, attrs)).toBe('taps')
    expect(conv2dWay(sizes, attrs, true)).toBe('taps')
    expect(conv2dWay({ ...sizes, input: [16, 7, 7, 512], output: [16, 7, 7, 512] }, attrs)).toBe('winograd')
    expect(conv2dWay({ ...sizes, input: [16, 14, 14, 512], output: [16, 7, 7, 512] }, { ...attrs, strides: [2, 2] })).toBe('product')
    expect(conv2dWay({ ...sizes, input: [16, 2, 2, 8], filter: [3, 3, 8, 512] }, attrs)).toBe('product')
    expect(conv2dWay({ ...sizes, filter: [3, 3, 32, 128], output: [16, 2, 2, 128] }, { ...attrs, groups: 16 })).toBe('product')
  })
})
