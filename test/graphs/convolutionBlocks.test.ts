import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  aspp, hybridDilated, pointwise, separableConv2d, shuffleUnit, spatiallySeparableConv2d,
} from '../../graphs/index.ts'
import { analyze, graph, input, pipe, type Tensor } from '../../src/index.ts'

/** The analysis of a block alone. */
const analysed = (image: Tensor, y: Tensor) => analyze(graph({ name: 'net', inputs: { image }, outputs: { y } }))

test('pointwise keeps the pixels and changes the channels', () => {
  const image = input([7, 9, 32])
  const y = pipe(image, pointwise({ filters: 8, groups: 4, activation: 'relu' }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[7, 9, 8]>>()
  expect(analysed(image, y).totals).toMatchObject({ params: 8 * 8 + 8, macs: 7 * 9 * 8 * 8 })
})

test('separableConv2d is depthwise, then pointwise, with one bias at the end', () => {
  const image = input([9, 9, 4])
  const y = pipe(image, separableConv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2, activation: 'relu' }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[5, 5, 6]>>()
  const { nodes } = analysed(image, y)
  expect(nodes.map(({ kind, params }) => [kind, params])).toEqual([['depthwiseConv2d', 9 * 8], ['conv2d', 8 * 6 + 6]])
})

test('spatiallySeparableConv2d gives the shape and the field of the whole', () => {
  const image = input([11, 12, 3])
  const y = pipe(image, spatiallySeparableConv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same' }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[6, 6, 5]>>()
  const { nodes, totals } = analysed(image, y)
  expect(totals.params).toBe(3 * 3 * 5 + 5 + 3 * 5 * 5 + 5)
  expect(nodes.at(-1)?.field).toMatchObject({ size: [3, 3], stride: [2, 2] })
})

test('aspp looks at all its rates at once', () => {
  const image = input([65, 65, 12])
  const y = pipe(image, aspp({ filters: 8, rates: [6, 12] }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[65, 65, 8]>>()
  const { nodes } = analysed(image, y)
  expect(nodes.find(({ kind }) => kind === 'concat')).toMatchObject({ outputShape: [65, 65, 24], field: { size: [25, 25], least: [1, 1] } })
  expect(nodes[0]?.id).toBe('aspp/point/conv2d')
})

test('hybridDilated leaves no pixel out, a single rate does', () => {
  const image = input([40, 40, 2])
  const y = pipe(image, hybridDilated({ filters: 3, activation: 'relu' }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[40, 40, 3]>>()
  const good = analysed(image, y)
  expect(good.nodes.at(-1)?.field).toMatchObject({ size: [17, 17] })
  expect(good.findings).toEqual([])
})

describe('shuffleUnit', () => {
  test('at strides 1 adds itself to its input', () => {
    const image = input([8, 8, 24])
    const y = pipe(image, shuffleUnit({ filters: 24, groups: 3 }))
    expectTypeOf(y).toEqualTypeOf<Tensor<[8, 8, 24]>>()
    const { nodes } = analysed(image, y)
    expect(nodes.map(({ kind }) => kind)).toEqual([
      'conv2d', 'batchNorm', 'relu', 'channelShuffle', 'depthwiseConv2d', 'batchNorm', 'conv2d', 'batchNorm', 'add', 'relu',
    ])
    expect(nodes.map(({ trainableParams }) => trainableParams)).toEqual([24 * 6 / 3, 12, 0, 0, 9 * 6, 12, 6 * 24 / 3, 48, 0, 0])
  })

  test('at strides 2 stands beside its pooled input', () => {
    const image = input([9, 8, 12])
    const y = pipe(image, shuffleUnit({ filters: 24, channels: 12, groups: 3, strides: 2 }))
    expectTypeOf(y).toEqualTypeOf<Tensor<[5, 4, 24]>>()
    expect(y.shape).toEqual([5, 4, 24])
  })

  test('says what is missing', () => {
    expect(() => shuffleUnit({ filters: 24, groups: 3, strides: 2 })).toThrow('strides 2 need the channels of the input')
    expect(() => shuffleUnit({ filters: 24, channels: 24, groups: 3, strides: 2 })).toThrow('fewer than 24, but got 24')
  })
})
