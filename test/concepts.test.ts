// The worked numbers of convolution and pooling, each under the name of its concept.
import { describe, expect, test } from 'vitest'
import { hybridDilated, pointwise, separableConv2d, spatiallySeparableConv2d } from '../graphs/index.ts'
import {
  analyze, avgPool2d, conv2d, conv2dTranspose, conv3d, deformableConv2d, dense, depthwiseConv2d, flatten, globalWeightedPool2d, griddingOf,
  hdc, type Op, spatialPyramidPool,
} from '../src/index.ts'
import { createModel, type WeightArray } from '../src/runtime/index.ts'
import { chain } from './analysis/nets.ts'
import { randomArray } from './support/runLayer.ts'

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

test('transposed convolution: 3×3 → 5×5 with K=3, S=2, P=1', () => {
  const { nodes } = analysed([3, 3, 1], conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, padding: 1 }))
  expect(nodes[0]?.outputShape).toEqual([5, 5, 1])
})

test('gridding effect: of 13 offsets 2, 2, 2 never use 6, and 1, 2, 3 use all', () => {
  const holes = (rates: readonly number[]): number => {
    const net = chain([60, 60, 1], ...rates.map((dilationRate) => conv2d({ filters: 1, kernelSize: 3, dilationRate }) as unknown as Op))
    return griddingOf(net, net.nodes.at(-1)?.id as string)[0]?.axes[0]?.holes.length as number
  }
  expect([holes([2, 2, 2]), holes([1, 2, 3])]).toEqual([6, 0])
})

test('hybrid dilated convolution: 1, 2, 5 has M_2 = 2, good; 1, 2, 9 has M_2 = 5, bad; 2, 4, 8 has the common divisor 2', () => {
  expect(hdc([1, 2, 5])).toMatchObject({ good: true, commonDivisor: 1 })
  expect(hdc([1, 2, 5]).distances[1]).toBe(2)
  expect(hdc([1, 2, 9])).toMatchObject({ good: false, commonDivisor: 1 })
  expect(hdc([1, 2, 9]).distances[1]).toBe(5)
  expect(hdc([2, 4, 8])).toMatchObject({ commonDivisor: 2 })
})

test('deformable convolution: K=3 on 3 channels makes 18 offset channels', () => {
  const layer = deformableConv2d({ filters: 8, kernelSize: 3, padding: 1, ...bare })
  const { nodes } = analysed([9, 9, 3], layer)
  expect(nodes[0]?.params).toBe(9 * 3 * 8 + 9 * 3 * 18 + 18)
})

test('deformable convolution: with offsets of zero it is the plain convolution', async () => {
  const settings = { filters: 4, kernelSize: 3, padding: 1 } as const
  const [plain, moving] = [
    await createModel(chain([6, 7, 3], conv2d(settings) as unknown as Op), { seed: 1 }),
    await createModel(chain([6, 7, 3], deformableConv2d(settings) as unknown as Op), { seed: 1 }),
  ]
  const weights = plain.weights()
  moving.setWeights({
    ...moving.weights(),
    'deformableConv2d/kernel': weights['conv2d/kernel'] as WeightArray, 'deformableConv2d/bias': weights['conv2d/bias'] as WeightArray,
  })
  const image = randomArray([2, 6, 7, 3], 5)
  const [a, b] = [plain.predict(image), moving.predict(image)] as unknown as [WeightArray, WeightArray]
  expect(a.data.length).toBe(2 * 6 * 7 * 4)
  for (const [index, value] of a.data.entries()) expect(b.data[index]).toBeCloseTo(value, 5)
  plain.dispose()
  moving.dispose()
})

test('spatial pyramid pooling: bins 4, 2, 1 on 256 channels give 5,376 numbers, whatever the size of the image', () => {
  for (const [h, w] of [[1, 1], [3, 2], [4, 4], [13, 13], [10, 27], [224, 160]] as const) {
    expect(analysed([h, w, 256], spatialPyramidPool()).nodes[0]?.outputShape).toEqual([5376])
  }
})

test('global weighted pooling: a depthwise convolution as large as the map', () => {
  const { params, macs } = analysed([5, 6, 4], globalWeightedPool2d()).totals
  expect(analysed([5, 6, 4], depthwiseConv2d({ kernelSize: [5, 6], ...bare })).totals).toMatchObject({ params, macs })
})
