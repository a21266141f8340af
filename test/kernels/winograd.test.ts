import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conv2dFilterGradient, conv2dForward, conv2dInputGradient } from '../../src/kernels/index.ts'
import type { Conv2dForwardAttrs } from '../../src/kernels/index.ts'
import type { ConvSizes } from '../../src/kernels/conv2d.ts'
import { boundsOf } from '../../src/kernels/fused.ts'
import * as reference from '../../src/kernels/reference/conv2d.ts'
import { conv2dWay } from '../../src/kernels/conv2dWay.ts'
import { makeArena } from './guarded.ts'
import { random, randomValues, tries } from './comparison.ts'
import { expectSameScaled, expectScaled, toleranceOf } from './scaled.ts'

type Case = { sizes: ConvSizes; attrs: Conv2dForwardAttrs; bias: boolean; seed: number }

const channels = (most: number) => fc.integer({ min: 1, max: most / 4 }).map((fours) => 4 * fours)

/** 3×3 filters over images of any size, with pads that differ on all sides. */
const cases = (most: number): fc.Arbitrary<Case> => fc
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

describe('winograd', () => {
  test('convolution and gradients equal their references', async () => {
    await fc.assert(
      fc.asyncProperty(suited, ({ sizes, attrs, bias, seed }) => expectSameScaled(() => {
        const x = random(sizes.input, seed)
        const filter = random(sizes.filter, seed + 1)
        const dy = random(sizes.output, seed + 2)
        return [
          conv2dForward(x as never, filter as never, bias ? random([sizes.filter[3]], seed + 3) : null, attrs),
          conv2dInputGradient(dy as never, filter as never, sizes.input, attrs),
          conv2dFilterGradient(x as never, dy as never, sizes.filter, attrs),
        ]
      }, toleranceOf(attrs.activation))),
      tries(100),
    )
  }, 300_000)

  test('reads and writes nothing outside, also where a plain sum would be faster', () => {
    fc.assert(fc.property(cases(20), ({ sizes, attrs, bias, seed }) => {
      const { input, filter, output } = sizes
      const values = (shape: readonly number[], from: number) => randomValues(shape.reduce((a, b) => a * b), from)
      const [x, weights, dy] = [values(input, seed), values(filter, seed + 1), values(output, seed + 2)] as const
      const shift = bias ? randomValues(filter[3], seed + 3) : null
      const { asm, put, room, read, check } = makeArena()
      const record = room(asm.convolutionBytes())
      asm.describeConvolution(record, ...input, 3, 3, filter[3], output[1], output[2], 1, 1, attrs.pads[0][0],
        attrs.pads[1][0], 1, 1, 1)
      const scratch = () => room(asm.winogradGradientScratch(record), 64)
      const [xAt, weightsAt, dyAt] = [put(x), put(weights), put(dy)]
      const [y, dx, dfilter] = [room(dy.length * 4), room(x.length * 4), room(weights.length * 4)]
      const filters = room(asm.winogradFilterBytes(record))
      asm.winogradFilter(record, weightsAt, filters, room(asm.winogradScratch(record), 64))
      asm.winogradForward(record, xAt, filters, shift === null ? 0 : put(shift), ...boundsOf(attrs.activation), y, 0,
        room(asm.winogradScratch(record), 64))
      asm.winogradInputGradient(record, dyAt, 0, weightsAt, dx, scratch())
      asm.winogradFilterGradient(record, xAt, dyAt, 0, dfilter, scratch())
      check()
      expectScaled(read(y, dy.length), reference.conv2d(sizes, x, weights, shift, attrs), toleranceOf(attrs.activation))
      expectScaled(read(dx, x.length), reference.conv2dInputGradient(sizes, dy, weights, attrs))
      expectScaled(read(dfilter, weights.length), reference.conv2dFilterGradient(sizes, x, dy, attrs))
    }), tries(150))
  }, 120_000)

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
