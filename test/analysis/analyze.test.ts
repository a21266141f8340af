import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { kerasMnist, lenet5 } from '../../graphs/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import {
  add, batchNorm, concat, conv2d, defineLayer, dense, dropout, flatten, globalAvgPool2d, graph, isLayergraphError, type Op,
  pipe, relu, shared, type Tensor,
} from '../../src/index.ts'
import { chain, join, open, through } from './nets.ts'

const conv = (filters: number, more: object = {}): Op =>
  conv2d({ filters, kernelSize: 3, padding: 1, ...more }) as unknown as Op

function issuesOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    if (isLayergraphError(error)) return error.issues
    throw error
  }
  return []
}

describe('parameters and multiply-accumulates', () => {
  test.each([
    ['a convolution with bias', [8, 8, 3], conv(4), 3 * 9 * 4 + 4, 8 * 8 * 9 * 3 * 4],
    ['one without', [8, 8, 3], conv(4, { useBias: false }), 3 * 9 * 4, 8 * 8 * 9 * 3 * 4],
    ['groups', [8, 8, 6], conv(4, { groups: 2 }), 3 * 9 * 4 + 4, 8 * 8 * 9 * 3 * 4],
    ['a stride', [8, 8, 3], conv(4, { strides: 2 }), 3 * 9 * 4 + 4, 4 * 4 * 9 * 3 * 4],
    ['dense', [20], dense({ units: 5 }), 105, 100],
    ['global average pooling', [8, 8, 3], globalAvgPool2d(), 0, 0],
  ] as const)('%s', (_name, shape, layer, params, macs) => {
    expect(through(shape, layer as Op).totals).toMatchObject({ params, trainableParams: params, macs, uncounted: [] })
  })

  test('moving statistics are parameters that are not trained', () => {
    expect(through([8, 8, 5], batchNorm()).totals).toMatchObject({ params: 20, trainableParams: 10 })
  })

  test('totals are the sums of the rows', () => {
    const { nodes, totals } = analyze(kerasMnist())
    for (const key of ['params', 'trainableParams', 'macs'] as const) {
      expect(nodes.reduce((sum, node) => sum + (node[key] ?? 0), 0)).toBe(totals[key])
    }
  })

  test('a graph without multiplications has none', () => {
    expect(through([8, 8, 5], relu(), dropout({ rate: 0.5 })).totals).toMatchObject({ params: 0, macs: 0, uncounted: [] })
  })
})

test('shared weights count once as parameters and once per call as MACs', () => {
  const twin = shared(conv(4) as never) as unknown as Op
  const { nodes, totals } = through([8, 8, 4], twin, relu(), twin, twin)
  expect(nodes.map(({ id, weights, params, trainableParams, macs }) => [id, weights, params, trainableParams, macs])).toEqual([
    ['conv2d', undefined, 148, 148, 9216],
    ['relu', undefined, 0, 0, 0],
    ['conv2d_1', 'conv2d', 0, 0, 9216],
    ['conv2d_2', 'conv2d', 0, 0, 9216],
  ])
  expect(totals).toMatchObject({ params: 148, macs: 3 * 9216, memory: { weights: 148 * 4 } })
})

describe('unknown sizes', () => {
  test('are null wherever they matter, and are never counted as zero', () => {
    const { nodes, totals, findings } = through([null, 8, 3], conv(4), relu(), flatten(), dense({ units: 2 }))
    expect(nodes.map(({ kind, outputShape, params, macs }) => [kind, outputShape, params, macs])).toEqual([
      ['conv2d', [null, 8, 4], 112, null], ['relu', [null, 8, 4], 0, 0], ['flatten', [null], 0, 0], ['dense', [2], null, null],
    ])
    expect(totals).toEqual({
      params: null, trainableParams: null, macs: null, flops: null, uncounted: ['conv2d', 'dense'],
      memory: { weights: null, weightsFloat16: null, activations: null, peak: null, trainingPeak: null },
    })
    expect(findings.map(({ code, at, severity, hint }) => [code, at, severity, hint])).toEqual([
      ['macs/uncounted', 'conv2d', 'info', 'give the sizes of the input'],
      ['params/unknown', 'dense', 'info', 'give the sizes of the input'],
      ['macs/uncounted', 'dense', 'info', 'give the sizes of the input'],
    ])
  })

  test('leave the rest counted', () => {
    const { totals } = through([null, null, 3], conv(4), globalAvgPool2d(), dense({ units: 5 }))
    expect(totals).toMatchObject({ params: 137, macs: 20, uncounted: ['conv2d'], memory: { weights: 548, activations: null } })
  })

  test('can be given', () => {
    const net = chain([null, null, 3], conv(4), globalAvgPool2d(), dense({ units: 5 }))
    expect(analyze(net, { input: [8, 8, 3] })).toEqual(analyze(chain([8, 8, 3], conv(4), globalAvgPool2d(), dense({ units: 5 }))))
    expect(analyze(net, { input: { image: [8, null, 3] } }).nodes[0]?.outputShape).toEqual([8, null, 4])
  })

  test('a layer that cannot count itself is listed', () => {
    const mystery = defineLayer({
      kind: 'mystery', category: 'activation', summary: 'Does something.', config: z.strictObject({}), examples: [],
      infer: ({ inputs }) => ({ outputs: inputs }), macs: () => null, field: () => ({ rule: 'pointwise' }),
      forward: (op, _site, inputs) => op.add(inputs),
    })
    const { totals, findings } = through([8, 8, 3], conv(4), mystery())
    expect(totals).toMatchObject({ macs: 8 * 8 * 9 * 12, uncounted: ['mystery'] })
    expect(findings).toMatchObject([{ code: 'macs/uncounted', at: 'mystery', hint: 'let `macs` of the layer return a number' }])
  })
})

describe('other input sizes', () => {
  test('change shapes and MACs, and the weights of what depends on them', () => {
    const { nodes, totals } = analyze(kerasMnist(), { input: [32, 32, 3] })
    expect(nodes[0]?.outputShape).toEqual([30, 30, 32])
    expect(totals.params).toBe(9 * 3 * 32 + 32 + 9 * 32 * 64 + 64 + 6 * 6 * 64 * 10 + 10)
    expect(analyze(kerasMnist()).totals.params).toBe(34_826)
  })

  test('must fit the layers', () => {
    expect(issuesOf(() => analyze(lenet5(), { input: [28, 28, 1] }))).toMatchObject([{ code: 'shape/window-too-large', at: 'c5' }])
  })

  test('must be sizes, of an input there is, in its rank', () => {
    expect(issuesOf(() => analyze(lenet5(), { input: [32, 0, 1] }))).toMatchObject([{ code: 'config/invalid', at: 'image' }])
    expect(issuesOf(() => analyze(lenet5(), { input: { picture: [32, 32, 1] } }))).toMatchObject([{ code: 'graph/unknown-input' }])
    expect(issuesOf(() => analyze(lenet5(), { input: [32, 32] }))).toMatchObject([{ code: 'graph/input-rank', at: 'image' }])
  })

  test('need names where there are several inputs', () => {
    const left = open([8, 8, 3])
    const right = open([8, 8, 3])
    const net = graph({ name: 'two', inputs: { left, right }, outputs: { y: join(add(), [left, right]) } })
    expect(issuesOf(() => analyze(net, { input: [4, 4, 3] }))).toMatchObject([
      { code: 'graph/which-input', at: 'two', hint: 'give a shape for each: left, right' },
    ])
    const sizes = { left: [4, 4, 3], right: [4, 4, 3] }
    expect(analyze(net, { input: sizes }).nodes[0]?.outputShape).toEqual([4, 4, 3])
  })
})

test('several outputs of a node are all there', () => {
  const halves = defineLayer({
    kind: 'halves', category: 'reshape', summary: 'Splits the channels.', config: z.strictObject({}), examples: [],
    infer: ({ inputs: [input] }) => {
      const [h, w, c] = input as [number, number, number]
      return { outputs: [[h, w, c / 2], [h, w, c / 2]] }
    },
    macs: () => 0, field: () => ({ rule: 'pointwise' }),
    forward: (_op, _site, [x]) => ({ outputs: [x!, x!] }),
  })
  const image = open([4, 4, 6])
  const [a, b] = (halves() as unknown as (x: Tensor) => [Tensor, Tensor])(image)
  const y = join(concat(), [pipe(b, conv(2)) as Tensor, a])
  const analysis = analyze(graph({ name: 'split', inputs: { image }, outputs: { y } }))
  const byKind = Object.fromEntries(analysis.nodes.map((node) => [node.kind, node]))
  expect(byKind.halves).toMatchObject({ outputShape: [4, 4, 3], outputShapes: [[4, 4, 3], [4, 4, 3]] })
  expect(byKind.conv2d?.from).toEqual(['halves:1'])
  expect(byKind.concat?.from).toEqual(['conv2d', 'halves'])
  expect(byKind.relu?.outputShapes).toBeUndefined()
  // image 96, halves 2 × 48, conv 32, concat 80 numbers; the image is gone after halves, a half after conv2d.
  expect(analysis.totals.memory).toMatchObject({
    weights: (9 * 3 * 2 + 2) * 4, weightsFloat16: (9 * 3 * 2 + 2) * 2, activations: (96 + 32 + 80) * 4, peak: (96 + 96) * 4,
  })
})

test('the analysis is plain data', () => {
  const analysis = analyze(lenet5())
  expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis)
  expect(Object.keys(analysis)).toEqual(['name', 'inputs', 'nodes', 'scopes', 'totals', 'findings'])
  expect(analysis.nodes[0]).toEqual({
    id: 'c1', kind: 'conv2d', from: ['image'], outputShape: [28, 28, 6], params: 156, trainableParams: 156, macs: 117_600, memory: 28 * 28 * 6 * 4,
    field: { size: [5, 5], stride: [1, 1], padding: [0, 0], centre: [2, 2] },
  })
})
