// The worked numbers of convolution and pooling, each under the name of its concept.
import { describe, expect, test } from 'vitest'
import { hybridDilated, pointwise, separableConv2d, spatiallySeparableConv2d } from '../graphs/index.ts'
import { analyze, avgPool2d, conv2d, conv3d, dense, depthwiseConv2d, flatten, type Op } from '../src/index.ts'
import { chain } from './analysis/nets.ts'

const analysed = (shape: readonly number[], ...layers: readonly unknown[]) => analyze(chain(shape, ...(layers as Op[])))
const bare = { useBias: false } as const
const fieldOf = (...layers: readonly unknown[]) => analysed([60, 60, 1], ...layers).nodes.at(-1)?.field?.size

test('dense vs convolution: a dense layer after flatten is a convolution whose kernel is the whole map', () => {
  const whole = analysed([5, 6, 4], conv2d({ filters: 7, kernelSize: [5, 6] })).totals
  const flat = analysed([5, 6, 4], flatten(), dense({ units: 7 })).totals
  expect(flat).toMatchObject({ params: 5 * 6 * 4 * 7 + 7, macs: whole.macs as number })
  expect(whole.params).toBe(flat.params)
})

test('dense vs convolution: a 1×1 convolution is a dense layer shared by all positions', () => {
  const shared = analysed([5, 6, 4], dense({ units: 7 })).totals
  expect(analysed([5, 6, 4], pointwise({ filters: 7 })).totals).toMatchObject({ params: shared.params, macs: shared.macs })
})

test('receptive field: two 3×3 see 5×5, three see 7×7', () => {
  const conv = () => conv2d({ filters: 1, kernelSize: 3 })
  expect(fieldOf(conv(), conv())).toEqual([5, 5])
  expect(fieldOf(conv(), conv(), conv())).toEqual([7, 7])
})

test('dilated convolution: K=3, D=2 sees 5×5', () => {
  expect(fieldOf(conv2d({ filters: 1, kernelSize: 3, dilationRate: 2 }))).toEqual([5, 5])
})

test('gridding effect and hybrid dilated convolution: rates 2, 2, 2 and 1, 2, 3 both see 13×13', () => {
  expect(fieldOf(hybridDilated({ filters: 1, rates: [2, 2, 2] }))).toEqual([13, 13])
  expect(fieldOf(hybridDilated({ filters: 1, rates: [1, 2, 3] }))).toEqual([13, 13])
  expect(fieldOf(hybridDilated({ filters: 1 }))).toEqual([17, 17])
})

test('spatially separable convolution: 81 multiplications as one, 45 + 27 = 72 as two', () => {
  expect(analysed([5, 5, 1], conv2d({ filters: 1, kernelSize: 3, ...bare })).totals.macs).toBe(81)
  const { nodes } = analysed([5, 5, 1], spatiallySeparableConv2d({ filters: 1, kernelSize: 3, ...bare }))
  expect(nodes.map(({ macs }) => macs)).toEqual([45, 27])
})

test('depthwise separable convolution: 108 weights as one, 27 + 12 = 39 as two', () => {
  expect(analysed([9, 9, 3], conv2d({ filters: 4, kernelSize: 3, ...bare })).totals.params).toBe(108)
  const { nodes } = analysed([9, 9, 3], separableConv2d({ filters: 4, kernelSize: 3, ...bare }))
  expect(nodes.map(({ params }) => params)).toEqual([27, 12])
})

describe('grouped convolution', () => {
  test('parameters and MACs are divided by the groups', () => {
    const conv = (groups: number) => analysed([9, 9, 12], conv2d({ filters: 24, kernelSize: 3, groups, ...bare })).totals
    for (const groups of [2, 3, 4, 6, 12]) {
      expect(conv(groups).params).toBe(conv(1).params as number / groups)
      expect(conv(groups).macs).toBe(conv(1).macs as number / groups)
    }
  })

  test('as many groups as channels is depthwise', () => {
    const { params, macs } = analysed([9, 9, 6], depthwiseConv2d({ kernelSize: 3, ...bare })).totals
    expect(analysed([9, 9, 6], conv2d({ filters: 6, kernelSize: 3, groups: 6, ...bare })).totals).toMatchObject({ params, macs })
  })

  test('groups must divide both the channels and the filters', () => {
    const net = (channels: number, filters: number) => () => analysed([9, 9, channels], conv2d({ filters, kernelSize: 3, groups: 4 }))
    expect(net(6, 8)).toThrow('4 groups do not divide 6 channels')
    expect(net(8, 6)).toThrow('4 groups do not divide 6 filters')
  })
})

test('1×1 convolution: 96 → 48 by 3×3 takes 41,472 weights; through 32 channels first 3,072 + 13,824 = 16,896', () => {
  const wide = () => conv2d({ filters: 48, kernelSize: 3, padding: 'same', ...bare })
  expect(analysed([14, 14, 96], wide()).totals.params).toBe(41_472)
  const { nodes, totals } = analysed([14, 14, 96], pointwise({ filters: 32, ...bare }), wide())
  expect(nodes.map(({ params }) => params)).toEqual([3_072, 13_824])
  expect(totals.params).toBe(16_896)
})

test('3-D convolution: the kernel moves in depth, height and width', () => {
  const { nodes, totals } = analysed([8, 9, 10, 2], conv3d({ filters: 5, kernelSize: [3, 4, 5] }))
  expect(nodes[0]?.outputShape).toEqual([6, 6, 6, 5])
  expect(totals).toMatchObject({ params: 60 * 2 * 5 + 5, macs: 6 ** 3 * 60 * 2 * 5 })
})

test('pooling: AvgPool K=4, S=4, P=2 on 9 gives 3 in ceil mode, as the last window starts in the image', () => {
  const { nodes } = analysed([9, 9, 1], avgPool2d({ poolSize: 4, strides: 4, padding: 2, ceilMode: true }))
  expect(nodes[0]?.outputShape).toEqual([3, 3, 1])
})
