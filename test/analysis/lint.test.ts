// Every finding has a graph that shows it and one that does not.
import { describe, expect, test } from 'vitest'
import { lenet5, resnet18, vgg16 } from '../../graphs/index.ts'
import { ANALYSIS_CODES, lint, lintRules } from '../../src/analysis/lint/index.ts'
import type { GraphData } from '../../src/graph/graph.ts'
import {
  add, avgPool2d, batchNorm, channelShuffle, concat, conv2d, dense, depthwiseConv2d, dropout, flatten, globalAvgPool2d, graph,
  maxPool2d, type Op, parallel, parseGraph, relu, residual, sigmoid, softmax, tanh,
} from '../../src/index.ts'
import { messageOf } from '../graph/support.ts'
import { chain, join, open } from './nets.ts'
import { ruled } from './ruled.ts'

const conv = (filters: number, more: object = {}): Op => conv2d({ filters, kernelSize: 3, padding: 'same', ...more }) as unknown as Op
const rates = (...list: number[]): Op[] => list.map((dilationRate) => conv(2, { dilationRate }))
const op = (layer: unknown): Op => layer as Op

const transposed = (size: number): Op => ruled({ rule: 'transposed', size: [size, size], strides: [2, 2], dilations: [1, 1], pads: [[1, 1], [1, 1]] }, [16, 16, 2])

/** A document with a node and an input that lead nowhere. */
function document(more: { readonly nodes?: readonly object[]; readonly inputs?: readonly object[] }): GraphData {
  const json = chain([8, 8, 2], conv(2), relu()).toJSON()
  return parseGraph({ ...json, nodes: [...json.nodes, ...more.nodes ?? []], inputs: [...json.inputs, ...more.inputs ?? []] })
}

const twoInputs = (): GraphData => {
  const [left, right] = [open([8, 8, 2]), open([8, 8, 2])]
  return graph({ name: 'two', inputs: { left, right }, outputs: { y: join(add(), [left, right]) } })
}

type Pair = readonly [shows: GraphData, at: string, clean: GraphData]

const PAIRS: Readonly<Record<string, Pair>> = {
  'field/gridding': [chain([32, 32, 2], ...rates(1, 2, 9)), 'conv2d_2', chain([32, 32, 2], ...rates(1, 2, 5))],
  'field/common-divisor': [chain([32, 32, 2], ...rates(2, 4)), 'conv2d_1', chain([32, 32, 2], ...rates(2, 3))],
  'field/unproductive': [chain([4, 4, 2], conv(2), conv(2), conv(2)), 'conv2d_2', chain([6, 6, 2], conv(2), conv(2), conv(2))],
  'field/checkerboard': [chain([8, 8, 2], transposed(3)), 'ruled', chain([8, 8, 2], transposed(4))],
  'field/skipped-pixels': [
    chain([8, 8, 2], conv(2, { kernelSize: 1, strides: 2 })), 'conv2d',
    chain([8, 8, 2], op(residual(conv(2, { strides: 2 }), conv(2, { kernelSize: 1, strides: 2 })))),
  ],
  'field/asymmetric-padding': [chain([8, 8, 2], conv(2, { strides: 2 })), 'conv2d', chain([9, 9, 2], conv(2, { strides: 2 }))],
  'field/dropped-pixels': [chain([7, 7, 2], op(maxPool2d({ poolSize: 2 }))), 'maxPool2d', chain([7, 7, 2], op(avgPool2d({ poolSize: 2, ceilMode: true })))],
  'train/groups-without-shuffle': [
    chain([8, 8, 4], conv(4, { groups: 2 }), op(relu()), conv(4, { groups: 2 })), 'conv2d_1',
    chain([8, 8, 4], conv(4, { groups: 2 }), op(relu()), op(channelShuffle({ groups: 2 })), conv(4, { groups: 2 })),
  ],
  'train/bias-before-norm': [chain([8, 8, 2], conv(2), op(batchNorm())), 'conv2d', chain([8, 8, 2], conv(2, { activation: 'relu' }), op(batchNorm()))],
  'train/softmax-output': [chain([4], op(dense({ units: 3, activation: 'softmax' }))), 'dense', chain([4], op(dense({ units: 3 })))],
  'train/softmax-twice': [chain([4], op(dense({ units: 3, activation: 'softmax' })), op(softmax())), 'softmax', chain([4], op(dense({ units: 3 })), op(softmax()))],
  'train/saturating-chain': [
    chain([8], ...['a', 'b', 'c'].map(() => op(dense({ units: 8, activation: 'sigmoid' })))), 'dense_2',
    chain([8], op(dense({ units: 8, activation: 'tanh' })), op(sigmoid()), op(batchNorm()), op(tanh())),
  ],
  'train/dropout-before-norm': [
    chain([8, 8, 2], op(dropout({ rate: 0.5 })), conv(2), op(batchNorm())), 'batchNorm', chain([8, 8, 2], conv(2), op(batchNorm()), op(dropout({ rate: 0.5 }))),
  ],
  'train/depthwise-bottleneck': [
    chain([8, 8, 32], conv(8, { kernelSize: 1 }), op(relu()), op(depthwiseConv2d({ kernelSize: 3 })), conv(32, { kernelSize: 1 })), 'depthwiseConv2d',
    chain([8, 8, 8], conv(32, { kernelSize: 1 }), op(depthwiseConv2d({ kernelSize: 3 })), conv(8, { kernelSize: 1 })),
  ],
  'graph/dead-end': [
    document({ nodes: [{ id: 'lost', kind: 'relu', from: ['conv2d'], config: {} }] }), 'lost', chain([8, 8, 2], conv(2), op(relu())),
  ],
  'graph/unused-input': [document({ inputs: [{ id: 'spare', shape: [4] }] }), 'spare', twoInputs()],
  'cost/heavy-dense': [
    chain([16, 16, 4], conv(8), op(flatten()), op(dense({ units: 10 }))), 'dense',
    chain([16, 16, 4], conv(128), conv(64), op(globalAvgPool2d()), op(dense({ units: 10 }))),
  ],
  'cost/huge-activation': [chain([2048, 2048, 1], conv(32)), 'conv2d', chain([2048, 2048, 1], conv(16))],
  'import/flatten-order': [
    chain([4, 4, 2], op(flatten()), op(dropout({ rate: 0.1 })), op(dense({ units: 2 }))), 'dense', chain([1, 1, 2], op(flatten()), op(dense({ units: 2 }))),
  ],
}

test('every rule has its pair of graphs', () => {
  expect(Object.keys(PAIRS).sort()).toEqual(lintRules.map(({ code }) => code).sort())
})

describe.each(lintRules)('$code', ({ code, severity }) => {
  const [shows, at, clean] = PAIRS[code] as Pair

  test('is found where it is', () => {
    const found = lint(shows).filter((issue) => issue.code === code)
    expect(found).toMatchObject([{ at, severity }])
    expect(found[0]?.hint?.length).toBeGreaterThan(5)
  })

  test('and not where it is not', () => {
    expect(lint(clean).filter((issue) => issue.code === code)).toEqual([])
  })
})

describe('details', () => {
  const codes = (net: GraphData): string[] => lint(net).map((issue) => `${issue.code} ${issue.at}`)

  test('a stack is judged once, at its end', () => {
    const stack = lint(chain([64, 64, 2], ...rates(2, 2), op(relu()), ...rates(2))).filter(({ code }) => code === 'field/gridding')
    expect(stack).toMatchObject([{ at: 'conv2d_2', message: 'dilations 2, 2, 2 of 3 taps use 29.0 % of the pixels between them', hint: 'choose rates that leave no holes, such as 1, 2, 3' }])
  })

  test('stacks end where branches meet', () => {
    const branch = conv(2, { dilationRate: 2 })
    expect(codes(chain([32, 32, 2], conv(2, { dilationRate: 2 }), op(parallel([branch, branch], op(add())))))).toContain('field/common-divisor conv2d_1')
  })

  test('a depthwise convolution after another needs mixing too, one after a 1×1 convolution does not', () => {
    const depthwise = op(depthwiseConv2d({ kernelSize: 3 }))
    expect(codes(chain([9, 9, 4], depthwise, depthwise))).toContain('train/groups-without-shuffle depthwiseConv2d_1')
    expect(codes(chain([9, 9, 4], depthwise, conv(4, { kernelSize: 1 }), depthwise)).filter((code) => code.startsWith('train/groups'))).toEqual([])
  })

  test('a bias that goes elsewhere too is not wasted', () => {
    const net = chain([8, 8, 2], conv(2), op(parallel([op(batchNorm()), op(relu())], op(concat()))))
    expect(codes(net).filter((code) => code.startsWith('train/bias'))).toEqual([])
  })

  test('findings of the analysis are among them', () => {
    const skewed = chain([8, 8, 2], op(residual(conv(2, { strides: 2 }), conv(2, { kernelSize: 1, strides: 2 }))))
    expect(codes(skewed)).toContain('field/misaligned-centre add')
    expect(lint(skewed, { rules: { 'field/misaligned-centre': 'off' } }).some(({ code }) => code === 'field/misaligned-centre')).toBe(false)
  })

  test('of published networks', () => {
    expect(codes(vgg16()).filter((code) => !code.startsWith('field/unproductive'))).toEqual(['cost/heavy-dense dense', 'import/flatten-order dense'])
    expect(codes(resnet18()).some((code) => code.startsWith('field/skipped'))).toBe(false)
    expect(lint(lenet5()).filter(({ code }) => code === 'train/saturating-chain').length).toBe(1)
  })
})

describe('settings', () => {
  const [shows] = PAIRS['field/gridding'] as Pair

  test('another severity, most severe first', () => {
    expect(lint(chain([32, 32, 2], ...rates(2, 4)), { rules: { 'field/common-divisor': 'error' } })[0]).toMatchObject({ code: 'field/common-divisor', severity: 'error' })
  })

  test('off', () => {
    expect(lint(shows, { rules: { 'field/gridding': 'off' } }).some(({ code }) => code === 'field/gridding')).toBe(false)
  })

  test.each([[{ code: 'field/gridding', at: 'conv2d_2' }], [{ at: 'conv2d_2' }], [{ code: 'field/gridding', at: 'conv*' }]])('ignored at a node: %j', (one) => {
    expect(lint(shows, { ignore: [one] }).some(({ code }) => code === 'field/gridding')).toBe(false)
    expect(lint(shows, { ignore: [{ ...one, at: 'elsewhere' }] }).some(({ code }) => code === 'field/gridding')).toBe(true)
  })

  test('codes and severities must exist', () => {
    expect(messageOf(() => lint(shows, { rules: { 'field/grid': 'off' } }))).toContain('lint/unknown-code')
    expect(messageOf(() => lint(shows, { ignore: [{ code: 'x', at: '*' }] }))).toContain('lint/unknown-code')
    expect(messageOf(() => lint(shows, { rules: { [ANALYSIS_CODES[0]]: 'loud' as never } }))).toContain('lint/severity')
  })
})
