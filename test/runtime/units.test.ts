// What units do on images, against networks whose weights say what must come out.
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { add, conv2d, dense, flatten, graph, input, leakyRelu, lint, maxPool2d, pipe, relu, sigmoid, type UnitActivity } from '../../src/index.ts'
import { unitFindings } from '../../src/analysis/lint/units.ts'
import { createModel, measureUnits } from '../../src/runtime/index.ts'
import { messageOf } from '../graph/support.ts'

const image = input([2, 2, 1])
const net = graph({
  name: 'watched', inputs: { image },
  outputs: {
    y: pipe(image,
      conv2d({ filters: 4, kernelSize: 1, activation: 'relu' }), maxPool2d({ poolSize: 2 }), flatten(),
      dense({ units: 3, activation: 'tanh' }), leakyRelu(), dense({ units: 2 }), sigmoid()),
  },
})
/** x, −x, x − 0.5 and −1; of the first, tanh of 0, 9x and 2x; sigmoid of 100 and of −1. */
const weights = {
  'conv2d/kernel': { data: Float32Array.of(1, -1, 1, 0), shape: [1, 1, 1, 4] },
  'conv2d/bias': { data: Float32Array.of(0, 0, -0.5, -1), shape: [4] },
  'dense/kernel': { data: Float32Array.of(0, 9, 2, ...new Array<number>(9).fill(0)), shape: [4, 3] },
  'dense/bias': { data: Float32Array.of(0, 0, 0), shape: [3] },
  'dense_1/kernel': { data: new Float32Array(6), shape: [3, 2] },
  'dense_1/bias': { data: Float32Array.of(100, -1), shape: [2] },
}
const images = { data: Float32Array.of(0, 0.25, 1, 0.75, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5), shape: [3, 2, 2, 1] }

test('units that are zero, or at the ends of their range, on all images are stuck', async () => {
  const units = await measureUnits(net, images, { weights, batchSize: 2 })
  expect(units).toEqual([
    // 1 zero of x, all 12 of −x, 6 of x − 0.5 and 12 of −1.
    { at: 'conv2d', kind: 'conv2d', ends: 'rectified', units: 4, stuck: 2, share: 31 / 48 },
    // tanh(0); tanh(9), tanh(9), tanh(4.5); tanh(2), tanh(2), tanh(1), of which none is within 0.02 of 1.
    { at: 'dense', kind: 'dense', ends: 'saturating', units: 3, stuck: 1, share: 3 / 9 },
    { at: 'sigmoid', kind: 'sigmoid', ends: 'saturating', units: 2, stuck: 1, share: 1 / 2 },
  ])
})

test('only so many images are looked at', async () => {
  const [first] = await measureUnits(net, images, { weights, samples: 1 })
  expect(first).toMatchObject({ stuck: 2, share: 11 / 16 })
})

test('fresh weights are those of a new model, sizes that are open those of the images, and no memory is kept', async () => {
  const open = input([null, null, 1])
  const fully = graph({ name: 'open', inputs: { open }, outputs: { y: pipe(open, conv2d({ filters: 6, kernelSize: 2 }), relu()) } })
  const model = await createModel(fully, { seed: 3 })
  const before = memory().numTensors
  const fresh = await measureUnits(fully, images, { seed: 3 })
  expect(memory().numTensors).toBe(before)
  const { data } = model.predict(images) as { readonly data: Float32Array }
  const zeros = data.reduce((sum, value) => sum + (value <= 0 ? 1 : 0), 0)
  const dead = [0, 1, 2, 3, 4, 5].filter((unit) => data.every((value, index) => index % 6 !== unit || value <= 0)).length
  expect(fresh).toEqual([{ at: 'relu', kind: 'relu', ends: 'rectified', units: 6, stuck: dead, share: zeros / data.length }])
  expect(dead).toBeGreaterThan(0)
  expect(await measureUnits(fully, images, { weights: model.weights() })).toEqual(fresh)
  model.dispose()
})

test('of a graph with several inputs and outputs, of which each must be given', async () => {
  const [left, right] = [input([2, 2, 1]), input([2, 2, 1])]
  const sum = add()([left, right])
  const two = graph({ name: 'two', inputs: { left, right }, outputs: { up: relu()(sum), down: sigmoid()(sum) } })
  const minus = { data: images.data.map((value) => -value), shape: images.shape }
  // x − x is zero everywhere; x + x nowhere but at the first pixel.
  expect(await measureUnits(two, { left: images, right: minus })).toMatchObject([
    { at: 'relu', stuck: 1, share: 1 }, { at: 'sigmoid', stuck: 0, share: 0 },
  ])
  expect(await measureUnits(two, { left: images, right: images })).toMatchObject([{ at: 'relu', stuck: 0, share: 1 / 12 }, { at: 'sigmoid' }])
  await expect(measureUnits(two, images)).rejects.toThrow('give a record: { left, right }')
  await expect(measureUnits(two, { left: images })).rejects.toThrow('right: is missing')
})

test('weights of another model are refused', async () => {
  const { 'dense/bias': _missing, ...others } = weights
  await expect(measureUnits(net, images, { weights: others })).rejects.toThrow('dense/bias')
})

test('a tenth of a layer is a finding, which lint can leave out', () => {
  const activity = (ends: UnitActivity['ends'], stuck: number): UnitActivity => ({ at: 'conv2d', kind: 'conv2d', ends, units: 40, stuck, share: 0.5 })
  expect(unitFindings([activity('rectified', 3), activity('saturating', 3)])).toEqual([])
  expect(unitFindings([activity('rectified', 4), activity('saturating', 40)]).map(({ code, message }) => [code, /^\d+ of \d+ units \([\d.]+ %\)/.exec(message)?.[0]]))
    .toEqual([['units/dead', '4 of 40 units (10.0 %)'], ['units/saturated', '40 of 40 units (100.0 %)']])
  const units = [activity('rectified', 4)]
  const codes = (more: object): string[] => lint(net, { units, ...more }).map(({ code }) => code).filter((code) => code.startsWith('units/'))
  expect(codes({})).toEqual(['units/dead'])
  expect(codes({ rules: { 'units/dead': 'off' } })).toEqual([])
  expect(codes({ ignore: [{ code: 'units/dead', at: 'conv2d' }] })).toEqual([])
  expect(messageOf(() => lint(net, { rules: { 'units/alive': 'off' } }))).toContain('units/dead')
})
