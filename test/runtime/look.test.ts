// Looking into a model: what flows between its layers, what speaks for a class, where moving taps read.
import { memory, tensor, type Tensor } from '@tensorflow/tfjs-core'
import {
  batchNorm, conv2d, defineLayer, deformableConv2d, dense, flatten, globalAvgPool2d, graph, input, maxPool2d, named, pipe, relu, split,
} from 'layergraph'
import { createModel, measureField, type WeightArray } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { seededRandom } from '../../src/spec/random.ts'

function randomImage(shape: readonly number[], seed = 1): WeightArray {
  const random = seededRandom(seed)
  return { data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random.normal), shape }
}

const closeTo = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 4): void => {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) expect(actual[i]).toBeCloseTo(expected[i] as number, digits)
}

const image = input([8, 8, 2])
const pooled = graph({
  name: 'pooled', inputs: { image },
  outputs: {
    scores: pipe(image,
      conv2d({ filters: 3, kernelSize: 3, padding: 'same' }), batchNorm(), relu(), maxPool2d({ poolSize: 2 }),
      named('last', conv2d({ filters: 5, kernelSize: 3, activation: 'tanh' })), globalAvgPool2d(), dense({ units: 4 })),
  },
})
const flat = graph({
  name: 'flat', inputs: { image },
  outputs: { scores: pipe(image, conv2d({ filters: 3, kernelSize: 3 }), flatten(), dense({ units: 4 })) },
})

describe('activations', () => {
  test('are those that the layers give, also where several run in one go', async () => {
    const [fused, plain] = [await createModel(pooled, { seed: 3 }), await createModel(pooled, { seed: 3, fuse: false })]
    const x = randomImage([2, 8, 8, 2])
    const ids = ['image', 'conv2d', 'batchNorm', 'relu', 'maxPool2d', 'last', 'dense']
    const [a, b] = [fused.activations(x, ids), plain.activations(x, ids)]
    expect(Object.keys(a)).toEqual(ids)
    for (const id of ids) {
      expect(a[id]?.shape).toEqual(b[id]?.shape)
      closeTo(a[id]!.data, b[id]!.data)
    }
    closeTo(a['relu']!.data, a['batchNorm']!.data.map((value) => Math.max(value, 0)))
    expect(a['image']).toEqual(x)
    closeTo(a['dense']!.data, (fused.predict(x) as WeightArray).data)
  })

  test('as tensors are the caller\'s, and nothing else is left', async () => {
    const model = await createModel(pooled, { seed: 3 })
    const x = tensor(randomImage([1, 8, 8, 2]).data, [1, 8, 8, 2])
    const before = memory().numTensors
    const found: Readonly<Record<string, Tensor>> = model.activations(x, ['image', 'last', 'conv2d'])
    expect(memory().numTensors).toBe(before + 3)
    for (const one of Object.values(found)) one.dispose()
    model.classActivation(x)
    expect(memory().numTensors).toBe(before)
    expect(x.isDisposed).toBe(false)
  })

  test('of a second output, and of a node that is not there', async () => {
    const wide = input([2, 2, 4])
    const [a, b] = split({ numOrSizeSplits: [1, 3] })(wide)
    const model = await createModel(graph({ name: 'parts', inputs: { wide }, outputs: { a, b } }))
    const found = model.activations(randomImage([1, 2, 2, 4]), ['split:1', 'split'])
    expect([found['split:1']?.shape, found['split']?.shape]).toEqual([[1, 2, 2, 3], [1, 2, 2, 1]])
    for (const id of ['splat', 'split:2']) {
      expect(() => model.activations(randomImage([1, 2, 2, 4]), [id])).toThrow('runtime/no-node')
    }
  })
})

describe('the class activation map', () => {
  test('before a global average pool is the weighted sum of the feature maps', async () => {
    const model = await createModel(pooled, { seed: 3 })
    const x = randomImage([1, 8, 8, 2])
    const { map, shape, node, class: cls } = model.classActivation(x, { class: 2, rectify: false })
    expect([node, shape, cls]).toEqual(['last', [2, 2], 2])
    const features = model.activations(x, ['last'])['last']!
    const weights = model.weights()['dense/kernel']!
    const expected = Array.from({ length: 4 }, (_, place) => Array.from({ length: 5 }, (_one, channel) =>
      (features.data[place * 5 + channel] as number) * (weights.data[channel * 4 + 2] as number) / 4).reduce((a, b) => a + b))
    closeTo(map, expected, 5)
    // With its bias this adds up to the score.
    const score = (model.predict(x) as WeightArray).data[2] as number
    expect(map.reduce((a, b) => a + b)).toBeCloseTo(score - (model.weights()['dense/bias']!.data[2] as number), 4)
    closeTo(model.classActivation(x, { class: 2 }).map, map.map((value) => Math.max(value, 0)), 5)
  })

  test('runs the model once', async () => {
    let runs = 0
    const counting = defineLayer({
      kind: 'counting', category: 'activation', summary: 'Counts how often it runs.', config: z.strictObject({}), examples: [],
      infer: ({ inputs: [x] }) => ({ outputs: [x!] }), macs: () => 0, field: () => ({ rule: 'pointwise' }),
      forward: (_op, _site, [x]) => { runs += 1; return x! },
    })
    const model = await createModel(graph({ name: 'counted', inputs: { image }, outputs: { y: pipe(image, conv2d({ filters: 2, kernelSize: 3 }), counting({}), flatten(), dense({ units: 3 })) } }))
    model.classActivation(randomImage([1, 8, 8, 2]))
    expect(runs).toBe(1)
    expect(() => model.classActivation(randomImage([1, 8, 9, 2]))).toThrow('runtime/input')
  })

  test('elsewhere weighs the maps by their mean gradients', async () => {
    const model = await createModel(flat, { seed: 3 })
    const x = randomImage([1, 8, 8, 2])
    const { map, class: cls } = model.classActivation(x, { rectify: false })
    const scores = (model.predict(x) as WeightArray).data
    expect(scores[cls]).toBe(Math.max(...scores))
    const features = model.activations(x, ['conv2d'])['conv2d']!.data
    const kernel = model.weights()['dense/kernel']!.data
    const means = [0, 1, 2].map((channel) => {
      let sum = 0
      for (let place = 0; place < 36; place++) sum += kernel[(place * 3 + channel) * 4 + cls] as number
      return sum / 36
    })
    closeTo(map, Array.from({ length: 36 }, (_, place) => means.reduce((sum, mean, channel) => sum + mean * (features[place * 3 + channel] as number), 0)), 5)
  })

  test('of an earlier layer follows the gradient through those behind it', async () => {
    const model = await createModel(pooled, { seed: 3 })
    const x = randomImage([1, 8, 8, 2])
    const { map, shape } = model.classActivation(x, { class: 1, node: 'conv2d', rectify: false })
    expect(shape).toEqual([8, 8])
    expect(map.some((value) => value !== 0)).toBe(true)
  })

  test('is refused where there is none', async () => {
    const model = await createModel(pooled, { seed: 3 })
    const x = randomImage([1, 8, 8, 2])
    expect(() => model.classActivation(x, { node: 'dense' })).toThrow('gives no [h, w, channels]')
    expect(() => model.classActivation(x, { class: 4 })).toThrow('give 0 to 3')
    expect(() => model.classActivation(randomImage([2, 8, 8, 2]))).toThrow('gives [2,4], not [1, 4]')
  })
})

const moving = graph({
  name: 'moving', inputs: { image },
  outputs: { y: pipe(image, named('d', deformableConv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 1, offsetGroups: 2, modulated: true }))) },
})

/** x read between its pixels, zero outside. */
function bilinear({ data, shape }: WeightArray, y: number, x: number, channel: number): number {
  const [, height, width, channels] = shape as [number, number, number, number]
  let sum = 0
  for (const [row, wy] of [[Math.floor(y), 1 - (y - Math.floor(y))], [Math.floor(y) + 1, y - Math.floor(y)]] as const) {
    for (const [column, wx] of [[Math.floor(x), 1 - (x - Math.floor(x))], [Math.floor(x) + 1, x - Math.floor(x)]] as const) {
      if (row < 0 || column < 0 || row >= height || column >= width) continue
      sum += wy * wx * (data[(row * width + column) * channels + channel] as number)
    }
  }
  return sum
}

describe('sampling points', () => {
  test('are where the layer reads: reading there gives its output', async () => {
    const model = await createModel(moving, { seed: 2 })
    const random = seededRandom(8)
    model.setWeights(Object.fromEntries(Object.entries(model.weights()).map(([name, { data, shape }]) =>
      [name, { shape, data: data.map(() => random.normal() / 2) }])))
    const x = randomImage([1, 8, 8, 2])
    const y = (model.predict(x) as WeightArray).data
    const { 'd/kernel': kernel, 'd/bias': bias } = model.weights()
    for (const at of [[0, 0], [1, 3], [3, 2]] as const) {
      const { units, pixels, points } = model.samplingPoints(x, 'd', at)
      expect([units, pixels, points.length]).toEqual([[4, 4], [8, 8], 18])
      for (const filter of [0, 1]) {
        // Channel 0 belongs to the first slice, channel 1 to the second.
        const sum = points.reduce((total, { y: row, x: column, factor, group }, index) =>
          total + factor * bilinear(x, row, column, group) * (kernel!.data[((index % 9) * 2 + group) * 2 + filter] as number), 0)
        expect(y[(at[0] * 4 + at[1]) * 2 + filter]).toBeCloseTo(sum + (bias!.data[filter] as number), 4)
      }
    }
  })

  test('of a fresh layer are at rest', async () => {
    const model = await createModel(moving, { seed: 2 })
    const { points } = model.samplingPoints(randomImage([1, 8, 8, 2]), 'd', [1, 2])
    expect(points.slice(0, 9).map(({ y, x }) => [y, x])).toEqual([[1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5], [3, 3], [3, 4], [3, 5]])
    expect(points.every(({ y, x, rest, factor }) => y === rest.y && x === rest.x && factor === 0.5)).toBe(true)
  })

  test('are refused where no tap moves, and beyond the units', async () => {
    const x = randomImage([1, 8, 8, 2])
    const model = await createModel(pooled)
    expect(() => model.samplingPoints(x, 'conv2d', [0, 0])).toThrow('has no taps that move')
    const other = await createModel(moving)
    expect(() => other.samplingPoints(x, 'd', [4, 0])).toThrow('give 0, 0 to 3, 3')
  })
})

test('the field of one channel on an image of one\'s own is the gradient there', async () => {
  const model = await createModel(flat, { seed: 3 })
  const [measured] = await measureField(model.graph, 'conv2d', [2, 3], {
    weights: model.weights(), image: randomImage([1, 8, 8, 2]), channel: 1, samples: 1,
  })
  const kernel = model.weights()['conv2d/kernel']!.data
  const expected = new Float64Array(64)
  for (let tap = 0; tap < 9; tap++) {
    const cell = (2 + Math.floor(tap / 3)) * 8 + 3 + tap % 3
    expected[cell] = [0, 1].reduce((sum, channel) => sum + (kernel[(tap * 2 + channel) * 3 + 1] as number) ** 2, 0)
  }
  closeTo(measured!.energy, expected, 5)
})
