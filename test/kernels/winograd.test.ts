import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Conv2dForwardAttrs } from '../../src/kernels/index.ts'
import type { ConvSizes } from '../../src/kernels/conv2d.ts'
import { conv2dWay } from '../../src/kernels/conv2dWay.ts'
import { tries } from './comparison.ts'
import { type ConvolutionCase, convolutionResults, expectGuardedConvolution } from './convolutionCases.ts'
import { expectSameScaled, toleranceOf } from './scaled.ts'

const channels = (most: number) => fc.integer({ min: 1, max: most / 4 }).map((fours) => 4 * fours)

/** 3×3 filters over images of any size, with pads that differ on all sides. */
const cases = (most: number): fc.Arbitrary<ConvolutionCase> => fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 })),
    pads: fc.tuple(fc.tuple(fc.nat(3), fc.nat(3)), fc.tuple(fc.nat(3), fc.nat(3))),
    channels: channels(most),
    outChannels: channels(most),
    activation: fc.constantFrom('linear', 'relu', 'relu6'),
    bias: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ batch, size, pads, channels, outChannels, activation, bias, seed }) => {
    const extent = (axis: 0 | 1) => size[axis] + pads[axis][0] + pads[axis][1] - 2
    const sizes: ConvSizes = {
      input: [batch, ...size, channels], filter: [3, 3, channels, outChannels],
      output: [batch, extent(0), extent(1), outChannels],
    }
    const attrs = { strides: [1, 1], pads, dilations: [1, 1], groups: 1, activation } as const
    return { sizes, attrs: attrs as Conv2dForwardAttrs, bias, seed }
  })
  .filter(({ sizes }) => sizes.output[1] > 0 && sizes.output[2] > 0)

/** Few channels mostly, many now and then: the plain reference takes its time. */
const suited = fc.oneof({ weight: 19, arbitrary: cases(24) }, { weight: 1, arbitrary: cases(132) }).filter(({ sizes, attrs }) => conv2dWay(sizes, attrs) === 'winograd')

/** `ready`: the filter is transformed before. */
function expectGuarded(one: ConvolutionCase, ready: boolean): void {
  expectGuardedConvolution(one, ({ asm, record, room, scratch, x, weights, bias, bounds, dy, y, dx, dfilter }) => {
    const filter = ready ? room(asm.winogradFilterBytes(record)) : weights
    if (ready) asm.winogradFilter(record, weights, filter, scratch(asm.winogradScratch(record, true)))
    asm.winogradForward(record, x, filter, ready, bias, ...bounds, y, 0, scratch(asm.winogradScratch(record, ready)))
    asm.winogradInputGradient(record, dy, 0, weights, dx, scratch(asm.winogradInputGradientScratch(record)))
    asm.winogradFilterGradient(record, x, dy, 0, dfilter, scratch(asm.winogradFilterGradientScratch(record)))
  })
}

describe('winograd', () => {
  test('convolution and gradients equal their references', async () => {
    await fc.assert(
      fc.asyncProperty(suited, (one) => expectSameScaled(() => convolutionResults(one), toleranceOf(one.attrs.activation))),
      tries(100),
    )
  }, 300_000)

  test('reads and writes nothing outside, also where a plain sum would be faster', () => {
    fc.assert(fc.property(cases(20), fc.boolean(), expectGuarded), tries(150))
  }, 120_000)

  test('takes a large filter part by part where there are few tiles', () => {
    const attrs = { strides: [1, 1], pads: [[1, 1], [0, 1]], dilations: [1, 1], groups: 1, activation: 'linear' } as const
    for (const [channels, outChannels] of [[132, 52], [52, 132]] as const) {
      const sizes: ConvSizes = {
        input: [2, 6, 7, channels], filter: [3, 3, channels, outChannels], output: [2, 6, 6, outChannels],
      }
      expectGuarded({ sizes, attrs, bias: true, seed: channels }, false)
    }
  })

  test('is chosen for 3×3 filters over enough pixels, and for nothing else', () => {
    const attrs = { strides: [1, 1], pads: [[0, 0], [0, 0]], dilations: [1, 1], groups: 1 } as const
    const sizes: ConvSizes = { input: [9, 14, 14, 32], filter: [3, 3, 32, 64], output: [9, 12, 12, 64] }
    expect(conv2dWay(sizes, attrs)).toBe('winograd')
    expect(conv2dWay({ ...sizes, input: [9, 4, 4, 32], output: [9, 2, 2, 64] }, attrs)).toBe('product')
    expect(conv2dWay(sizes, { ...attrs, dilations: [1, 2] })).toBe('product')
    expect(conv2dWay(sizes, { ...attrs, groups: 2 })).toBe('product')
    expect(conv2dWay({ ...sizes, filter: [3, 3, 32, 66], output: [9, 12, 12, 66] }, attrs)).toBe('product')
  })
})
