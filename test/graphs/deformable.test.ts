// The deformable residual block, and the small network around it.
import { expect, expectTypeOf, test } from 'vitest'
import { deformableMini, deformableResidual } from '../../graphs/index.ts'
import { analyze, graph, input, pipe, type Tensor } from '../../src/index.ts'
import { adam, createModel } from '../../src/runtime/index.ts'
import { allDigits } from '../support/digits.ts'

test('the block adds what came in, and keeps the shape', () => {
  const image = input([9, 8, 6])
  const y = pipe(image, deformableResidual({ filters: 6, offsetGroups: 2 }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[9, 8, 6]>>()
  const { nodes, totals } = analyze(graph({ name: 'net', inputs: { image }, outputs: { y } }))
  expect(nodes.map(({ kind }) => kind)).toEqual(['conv2d', 'batchNorm', 'relu', 'deformableConv2d', 'batchNorm', 'add', 'relu'])
  const offsets = 2 * 9 * 3
  expect(totals.trainableParams).toBe(2 * (9 * 6 * 6 + 2 * 6) + (9 * 6 * offsets + offsets))
})

test('a projection lets channels change', () => {
  const image = input([9, 8, 5])
  const y = pipe(image, deformableResidual({ filters: 6, project: true }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[9, 8, 6]>>()
  const { nodes, totals } = analyze(graph({ name: 'net', inputs: { image }, outputs: { y } }))
  expect(nodes.map(({ kind }) => kind)).toEqual(['conv2d', 'batchNorm', 'relu', 'deformableConv2d', 'batchNorm', 'conv2d', 'batchNorm', 'add', 'relu'])
  expect(nodes[5]).toMatchObject({ id: 'shortcut/conv2d', from: ['image'], params: 5 * 6 })
  const offsets = 3 * 9
  expect(totals.trainableParams).toBe(9 * 5 * 6 + 9 * 6 * 6 + 9 * 6 * offsets + offsets + 5 * 6 + 3 * 2 * 6)
})

test('a block whose input has other channels than its filters says so', () => {
  const image = input([9, 8, 5])
  // @ts-expect-error residual: the branch gives 9×8×6, but the shortcut gives 9×8×5
  const y: Tensor = pipe(image, deformableResidual({ filters: 6 }))
  expect(() => graph({ name: 'net', inputs: { image }, outputs: { y } })).toThrow(/9×8×6 and 9×8×5/)
})

test.each([[true, 31_717], [false, 29_116]])('deformableMini is small (modulated: %s)', (modulated, params) => {
  const { totals, findings } = analyze(deformableMini({ modulated }))
  expect(totals.params).toBe(params)
  expect(findings).toEqual([])
})

test('deformableMini learns, and its taps move', async () => {
  const { train } = await allDigits()
  const few = {
    inputs: { data: train.inputs.data.subarray(0, 256 * 784), shape: [256, 28, 28, 1] },
    labels: { data: train.labels.data.subarray(0, 256), shape: [256] },
  }
  const model = await createModel(deformableMini({ width: 8 }), { seed: 3 })
  const offsets = () => model.weights()['block/deformable/offsetKernel']!.data
  expect(offsets().every((value) => value === 0)).toBe(true)
  const history = await model.fit(few, { epochs: 6, batchSize: 32, optimizer: adam(5e-3) })
  expect(history.at(-1)!.loss).toBeLessThan(0.5 * history[0]!.loss)
  expect(offsets().some((value) => Math.abs(value) > 1e-3)).toBe(true)
  model.dispose()
})
