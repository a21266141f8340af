import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Conv2dForwardAttrs } from '../../src/kernels/index.ts'
import type { ConvSizes } from '../../src/kernels/conv2d.ts'
import { conv2dWay } from '../../src/kernels/conv2dWay.ts'
import { tries } from './comparison.ts'
import { type ConvolutionCase, convolutionResults, expectGuardedConvolution } from './convolutionCases.ts'
import { expectSameScaled, toleranceOf } from './scaled.ts'

/** Filters as large as their images or larger, with pads on all sides, strides, dilations and groups. */
const cases = (channels: fc.Arbitrary<number>): fc.Arbitrary<ConvolutionCase> => {
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

describe('tap by tap', () => {
  test('convolution and gradients equal their references', async () => {
    await fc.assert(
      fc.asyncProperty(chosen, (one) => expectSameScaled(() => convolutionResults(one), toleranceOf(one.attrs.activation))), tries(150))
  }, 300_000)

  test('more pixels than are looked at in one go, and taps that see nothing', async () => {
    const pads = [[1, 1], [1, 1]] as const
    const attrs: Conv2dForwardAttrs = { strides: [1, 1], pads, dilations: [1, 1], groups: 1, activation: 'linear' }
    const many: ConvSizes = { input: [130, 2, 2, 16], filter: [3, 3, 16, 24], output: [130, 2, 2, 24] }
    const blind: ConvSizes = { input: [70, 2, 2, 16], filter: [3, 3, 16, 16], output: [70, 2, 2, 16] }
    const wide: Conv2dForwardAttrs = { ...attrs, pads: [[5, 5], [5, 5]], dilations: [5, 5] }
    for (const [sizes, given] of [[many, attrs], [blind, wide]] as const) {
      expect(conv2dWay(sizes, given)).toBe('taps')
      await expectSameScaled(() => convolutionResults({ sizes, attrs: given, bias: true, seed: 3 }))
    }
  })

  test('reads and writes nothing outside, also where windows would be faster', () => {
    fc.assert(fc.property(cases(fc.integer({ min: 1, max: 19 })), (one) => {
      expectGuardedConvolution(one, ({ asm, record, room, scratch, x, weights, bias, bounds, dy, y, dx, dfilter }) => {
        const filters = room(asm.tapsFilterBytes(record))
        asm.packTaps(record, weights, filters)
        asm.tapsConv2dForward(record, x, filters, bias, ...bounds, y, scratch(asm.tapsConv2dForwardScratch(record)))
        asm.tapsConv2dInputGradient(record, dy, weights, dx, scratch(asm.tapsConv2dInputGradientScratch(record)))
        asm.tapsConv2dFilterGradient(record, x, dy, dfilter, scratch(asm.tapsConv2dFilterGradientScratch(record)))
      })
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
