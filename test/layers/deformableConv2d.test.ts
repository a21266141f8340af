import { expect, test } from 'vitest'
import { conv2d } from '../../layers/conv2d.ts'
import { deformableConv2d } from '../../layers/deformableConv2d.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import type { LayerDefinition } from '../../src/spec/layer.ts'
import type { WeightArrays } from '../../src/runtime/weights.ts'
import type { Dims } from '../../src/spec/tensor.ts'
import { layerSuite } from '../support/layerSuite.ts'
import { filled, graphOfLayer, openLayer, randomArray, weightsOf } from '../support/runLayer.ts'
import { expectNear } from '../kernels/comparison.ts'

/** Offsets that stay between whole numbers, where the image bends. */
const betweenPixels = (weights: WeightArrays): WeightArrays => Object.fromEntries(
  Object.entries(weights).map(([name, { shape, data }]) => [name, {
    shape, data: name === 'offsetKernel' ? data.map((value) => 0.02 * value)
      : name === 'offsetBias' ? data.map((value) => 0.5 + 0.4 * value) : data,
  }]),
)

layerSuite(deformableConv2d, {
  smooth: betweenPixels,
  refuses: [
    { config: { filters: 4, kernelSize: 9 }, inputs: [[5, 6, 3]], says: 'a window of 9×9 does not fit into 5×6×3' },
    { config: { filters: 4, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 3]], says: '3 groups do not divide 4 filters' },
    { config: { filters: 6, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 4]], says: '3 groups do not divide 4 channels' },
    { config: { filters: 6, kernelSize: 3, offsetGroups: 3 }, inputs: [[5, 6, 4]], says: '3 offset groups do not divide 4 channels' },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[12]], says: 'needs an image' },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[6, 6, 3], [6, 6, 18]], says: 'the offsets must be 4×4×18, but are 6×6×18' },
    {
      config: { filters: 4, kernelSize: 3, padding: 1, modulated: true }, inputs: [[6, 6, 3], [6, 6, 18], [6, 6, 18]],
      says: 'the mask must be 6×6×9, but is 6×6×18',
    },
    {
      config: { filters: 4, kernelSize: 3 }, inputs: [[6, 6, 3], [4, 4, 18], [4, 4, 9]],
      says: 'needs the image alone, or with its offsets, but gets 3 tensors',
    },
    {
      config: { filters: 4, kernelSize: 3, modulated: true }, inputs: [[6, 6, 3], [4, 4, 18]],
      says: 'needs the image alone, or with its offsets and mask, but gets 2 tensors',
    },
  ],
  noField: 'what a unit sees moves with the numbers; the nominal window is compared below',
  noCount: 'weights of one move the taps; they are counted below',
})

const definition = deformableConv2d as unknown as LayerDefinition
const nodeOf = (config: object, ...inputs: Dims[]) => analyze(graphOfLayer(definition, config, inputs)).nodes[0]!

test('three channels and a 3×3 kernel need 18 offset channels', () => {
  const { params, macs } = nodeOf({ filters: 8, kernelSize: 3, padding: 1 }, [10, 10, 3])
  expect(params).toBe((9 * 3 * 8 + 8) + (9 * 3 * 18 + 18))
  expect(macs).toBe(100 * (9 * 3 * 8 + 9 * 3 * 18))
})

test('version 2 needs 27, offset groups multiply them, and given offsets need none', () => {
  expect(nodeOf({ filters: 8, kernelSize: 3, padding: 1, modulated: true }, [10, 10, 3]).params).toBe(9 * 3 * 8 + 8 + 9 * 3 * 27 + 27)
  expect(nodeOf({ filters: 8, kernelSize: 3, padding: 1, offsetGroups: 3 }, [10, 10, 3]).params).toBe(9 * 3 * 8 + 8 + 9 * 3 * 54 + 54)
  const given = nodeOf({ filters: 8, kernelSize: 3 }, [10, 10, 3], [8, 8, 18])
  expect([given.params, given.macs]).toEqual([9 * 3 * 8 + 8, 64 * 9 * 3 * 8])
})

test('its field is that of its window, and said to be elastic', () => {
  const { field } = nodeOf({ filters: 8, kernelSize: 3, strides: 2, padding: 1, dilationRate: 2 }, [10, 10, 3])
  expect(field).toMatchObject({ size: [5, 5], stride: [2, 2], elastic: true })
})

const shape = [7, 6, 4] as const
const config = { filters: 6, kernelSize: 3, strides: 2, padding: 'same', groups: 2, dilationRate: 2 } as const

test.each([['version 1', {}, 1], ['version 2', { modulated: true }, 0.5]] as const)(
  '%s starts as a convolution, up to its factors',
  async (_, version, factor) => {
    const mode = { backend: 'wasm', training: false, seed: 1 } as const
    const x = randomArray([2, ...shape], 3)
    const plain = graphOfLayer(conv2d as unknown as LayerDefinition, config, [shape])
    const moved = graphOfLayer(definition, { ...config, ...version }, [shape])
    const some = (sizes: readonly number[], name: string) =>
      name === 'kernel' || name === 'bias' ? randomArray(sizes, name.length) : filled(sizes, 0)
    const run = async (net: typeof plain) => {
      const open = await openLayer(net, mode)
      const [y] = open.predict([x], { ...weightsOf(net, some), bias: filled([6], 0) })
      open.close()
      return y!.data
    }
    expectNear(await run(moved), (await run(plain)).map((value) => factor * value), { relative: 1e-5, absolute: 1e-5 })
  },
)

test('the offsets start with zeros, the kernel does not', async () => {
  const open = graphOfLayer(definition, { ...config, modulated: true }, [shape])
  const specs = open.nodes[0]!.definition.weights!(open.nodes[0]!.site)
  expect(Object.fromEntries(specs.map(({ name, initializer }) => [name, initializer]))).toEqual({
    kernel: 'glorotUniform', bias: 'zeros', offsetKernel: 'zeros', offsetBias: 'zeros', maskKernel: 'zeros', maskBias: 'zeros',
  })
})

test('a tap that is told to looks one pixel to the right', async () => {
  const net = graphOfLayer(definition, { filters: 1, kernelSize: 1, useBias: false }, [[1, 4, 1], [1, 4, 2]])
  const open = await openLayer(net, { backend: 'wasm', training: false, seed: 1 })
  const x = { shape: [1, 1, 4, 1], data: Float32Array.of(1, 2, 4, 8) }
  const right = { shape: [1, 1, 4, 2], data: Float32Array.of(0, 1, 0, 1, 0, 0.5, 0, 1) }
  const [y] = open.predict([x, right], { kernel: filled([1, 1, 1, 1], 1) })
  open.close()
  expect([...y!.data]).toEqual([2, 4, 6, 0])
})
