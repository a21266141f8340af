import { describe, expect, test } from 'vitest'
import { conv2dTranspose } from '../../layers/conv2dTranspose.ts'
import { conv2d } from '../../layers/conv2d.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import type { LayerDefinition } from '../../src/spec/layer.ts'
import type { Dims } from '../../src/spec/tensor.ts'
import { layerSuite } from '../support/layerSuite.ts'
import { filled, graphOfLayer, openLayer, randomArray, weightsOf } from '../support/runLayer.ts'

layerSuite(conv2dTranspose, {
  refuses: [
    { config: { filters: 4, kernelSize: 3, padding: 2 }, inputs: [[2, 9, 3]], says: 'padding cuts off all that a window of 3×3 makes of 2×9×3' },
    { config: { filters: 4, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 3]], says: '3 groups do not divide 4 filters' },
    { config: { filters: 6, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 4]], says: '3 groups do not divide 4 channels' },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[12]], says: 'needs an image' },
    {
      config: { filters: 4, kernelSize: 3, strides: [2, 1], outputPadding: 1 }, inputs: [[5, 6, 3]],
      says: 'must be smaller than strides of 2×1, but is 1×1',
    },
    {
      config: { filters: 4, kernelSize: 3, strides: 2, padding: 'same', outputPadding: 1 }, inputs: [[5, 6, 3]],
      says: "is settled by padding 'same'",
    },
  ],
  noField: 'neighbouring units see fields of different sizes; test/analysis/rules.test.ts compares the rule',
  noCount: 'output pixels are made of different numbers of products; their sum is counted below',
})

const shapeOf = (config: object, input: Dims): Dims | undefined =>
  graphOfLayer(conv2dTranspose as unknown as LayerDefinition, { filters: 1, ...config }, [input]).nodes[0]?.site.outputs[0]

describe('transposed convolution', () => {
  test('3×3 → 5×5 with K=3, S=2, P=1', () => {
    expect(shapeOf({ kernelSize: 3, strides: 2, padding: 1 }, [3, 3, 1])).toEqual([5, 5, 1])
  })

  test('out = (in − 1)·S − 2P + D(K−1) + outputPadding + 1', () => {
    for (const [size, k, s, p, d, extra] of [[4, 3, 2, 1, 1, 1], [5, 2, 3, 0, 2, 2], [7, 5, 1, 2, 1, 0], [3, 4, 4, 1, 3, 3]] as const) {
      const config = { kernelSize: k, strides: s, padding: p, dilationRate: d, outputPadding: extra }
      const out = (size - 1) * s - 2 * p + d * (k - 1) + extra + 1
      expect(shapeOf(config, [size, size + 1, 2])).toEqual([out, out + s, 1])
    }
  })

  test('is the transpose of the convolution: ⟨conv(x), y⟩ = ⟨x, transposed(y)⟩', async () => {
    const settings = { kernelSize: [3, 2], strides: 2, padding: [[1, 0], [2, 1]], dilationRate: [1, 2], useBias: false }
    const kernel = randomArray([3, 2, 2, 3], 1)
    const run = async (layer: LayerDefinition, filters: number, shape: readonly number[], seed: number) => {
      const net = graphOfLayer(layer, { ...settings, filters }, [shape.slice(1)])
      const open = await openLayer(net, { backend: 'wasm', training: false, seed: 1 })
      const x = randomArray(shape, seed)
      const [y] = open.predict([x], { kernel })
      open.close()
      return { x: x.data, y: y!.data, shape: y!.shape }
    }
    const forward = await run(conv2d as unknown as LayerDefinition, 3, [1, 8, 8, 2], 2)
    const back = await run(conv2dTranspose as unknown as LayerDefinition, 2, forward.shape, 3)
    expect(back.shape).toEqual([1, 8, 8, 2])
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, one, i) => sum + one * b[i]!, 0)
    expect(dot(forward.y, back.x)).toBeCloseTo(dot(forward.x, back.y), 4)
  })

  test('its multiply-accumulates: with ones and nothing cut off, the outputs add up to their number', async () => {
    const config = { filters: 4, kernelSize: [3, 2], strides: [2, 3], groups: 2, useBias: false }
    const net = graphOfLayer(conv2dTranspose as unknown as LayerDefinition, config, [[3, 4, 6]])
    const open = await openLayer(net, { backend: 'wasm', training: false, seed: 1 })
    const [y] = open.predict([filled([1, 3, 4, 6], 1)], weightsOf(net, (shape) => filled(shape, 1)))
    open.close()
    expect(analyze(net).totals.macs).toBe(3 * 4 * 3 * 2 * 6 * 2)
    expect(Array.from(y!.data).reduce((sum, one) => sum + one, 0)).toBe(analyze(net).totals.macs)
  })
})
