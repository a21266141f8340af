// Receptive fields worked out by hand.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { residual } from '../../graphs/residual.ts'
import { analyze, type Field } from '../../src/analysis/analyze.ts'
import {
  add, avgPool2d, concat, conv2d, defineLayer, dense, flatten, globalAvgPool2d, graph, type Layer, type Op,
  maxPool2d, named, parallel, pipe, relu, reshape, sequence, type Tensor, zeroPad2d,
} from '../../src/index.ts'
import { join, open, through } from './nets.ts'

/** "size / stride / padding" of the last node, with both axes. */
const show = (field: Field | null | undefined): string => {
  if (field == null) return 'unknown'
  const pair = (value: readonly (number | null)[] | string | null): string =>
    (value === null ? '–' : typeof value === 'string' ? value : value.map((one) => one ?? '–').join('×'))
  return [field.size, field.stride, field.padding].map(pair).join(' / ')
}
const last = (analysis: ReturnType<typeof analyze>): string => show(analysis.nodes.at(-1)?.field)
const codes = (analysis: ReturnType<typeof analyze>): string[] => analysis.findings.map(({ code, at }) => `${code} ${at}`)

const conv = (kernelSize: number | readonly [number, number], more: object = {}): Layer =>
  conv2d({ filters: 4, kernelSize, ...more }) as unknown as Layer

describe('chains', () => {
  test.each([
    ['two 3×3', [conv(3), conv(3)], '5×5 / 1×1 / 0×0'],
    ['three 3×3', [conv(3), conv(3), conv(3)], '7×7 / 1×1 / 0×0'],
    ['stride before size', [conv(3, { strides: 2 }), conv(3)], '7×7 / 2×2 / 0×0'],
    ['dilations 2, 2, 2', [2, 2, 2].map((dilationRate) => conv(3, { dilationRate })), '13×13 / 1×1 / 0×0'],
    ['dilations 1, 2, 5', [1, 2, 5].map((dilationRate) => conv(3, { dilationRate })), '17×17 / 1×1 / 0×0'],
    ['dilations 1, 2, 9', [1, 2, 9].map((dilationRate) => conv(3, { dilationRate })), '25×25 / 1×1 / 0×0'],
    ['dilations 1, 2, 4, 8', [1, 2, 4, 8].map((dilationRate) => conv(3, { dilationRate })), '31×31 / 1×1 / 0×0'],
    ['dilation after stride', [maxPool2d({ poolSize: 2 }), conv(3, { dilationRate: 3 })], '14×14 / 2×2 / 0×0'],
    ['the axes apart', [conv([3, 1]), conv([1, 5], { strides: [1, 2] }), conv([3, 3])], '5×9 / 1×2 / 0×0'],
    ['numbers as padding', [conv(3, { padding: 1 }), conv(5, { padding: 2, strides: 2 }), conv(3, { padding: 1 })], '11×11 / 2×2 / 5×5'],
    ['sides', [conv(3, { padding: [[2, 0], [0, 3]] }), conv(3, { strides: 2, padding: [[1, 1], [2, 0]] })], '5×5 / 2×2 / 3×2'],
    ['zeroPad2d', [zeroPad2d({ padding: [[3, 0], [1, 2]] }), conv(7, { strides: 2 })], '7×7 / 2×2 / 3×1'],
    ['a kernel smaller than its stride', [conv(1, { strides: 3 }), conv(3)], '7×7 / 3×3 / 0×0'],
    ['pools like convolutions', [avgPool2d({ poolSize: 3, strides: 2, padding: 1 }), relu()], '3×3 / 2×2 / 1×1'],
  ])('%s', (_name, layers, expected) => {
    expect(last(through([96, 96, 3], ...(layers as readonly Op[])))).toBe(expected)
  })

  test('same padding at stride 2 depends on the size: 0 before an even image, 1 before an odd one', () => {
    const layer = conv(3, { strides: 2, padding: 'same' })
    expect(last(through([32, 33, 3], layer))).toBe('3×3 / 2×2 / 0×1')
    expect(last(through([32, 32, 3], layer, layer))).toBe('7×7 / 4×4 / 0×0')
    expect(last(through([33, 33, 3], layer, layer))).toBe('7×7 / 4×4 / 3×3')
  })

  test('same padding of an even kernel has more zeros after the image', () => {
    expect(last(through([32, 32, 3], conv(2, { padding: 'same' }), conv(4, { padding: 'same' })))).toBe('5×5 / 1×1 / 1×1')
  })

  test('an image smaller than the field does not shrink it', () => {
    expect(last(through([8, 8, 3], conv(7, { padding: 3 }), conv(7, { padding: 3 })))).toBe('13×13 / 1×1 / 6×6')
  })
})

describe('beyond the grid', () => {
  test('flatten keeps the size, dense sees all', () => {
    const { nodes } = through([9, 9, 3], conv(3), flatten(), relu(), dense({ units: 5 }), relu())
    expect(nodes.map(({ field }) => show(field))).toEqual([
      '3×3 / 1×1 / 0×0', '3×3 / – / –', '3×3 / – / –', 'all / – / –', 'all / – / –',
    ])
  })

  test('global pooling sees all, and whatever follows does', () => {
    const { nodes } = through([9, 9, 4], globalAvgPool2d(), reshape({ shape: [2, 2, 1] }), conv(2))
    expect(nodes.map(({ field }) => show(field))).toEqual(['all / – / –', 'all / – / –', 'all / – / –'])
  })

  test('a window over a reshaped image is unknown, and said to be', () => {
    const analysis = through([8, 8, 1], reshape({ shape: [8, 8, 1] }), conv(1), conv(3), conv(3))
    expect(analysis.nodes.map(({ field }) => show(field))).toEqual(['1×1 / – / –', '1×1 / – / –', 'unknown', 'unknown'])
    expect(codes(analysis)).toEqual(['field/unknown conv2d_1'])
  })

  test('a vector has no grid from the start', () => {
    const { nodes } = through([10], relu(), dense({ units: 3 }))
    expect(nodes.map(({ field }) => show(field))).toEqual(['1 / – / –', 'all / – / –'])
  })

  test('a layer that does not say is unknown, and listed once', () => {
    const mystery = defineLayer({
      kind: 'mystery', category: 'activation', summary: 'Does something.', config: z.strictObject({}), examples: [],
      infer: ({ inputs }) => ({ outputs: inputs }), macs: () => null, field: () => ({ rule: 'opaque' }),
      forward: (op, _site, inputs) => op.add(inputs),
    })
    const analysis = through([8, 8, 1], conv(3), mystery(), conv(3), dense({ units: 2 }))
    expect(analysis.nodes.map(({ field }) => show(field)))
      .toEqual(['3×3 / 1×1 / 0×0', 'unknown', 'unknown', 'unknown'])
    expect(codes(analysis)).toEqual(['field/unknown mystery', 'macs/uncounted mystery'])
    expect(last(through([8, 8, 1], mystery(), globalAvgPool2d()))).toBe('all / – / –')
  })
})

describe('branches', () => {
  test('the hull of all branches, on the larger side each', () => {
    const analysis = through([32, 32, 3], parallel([
      conv(1), conv(3, { padding: 1 }), sequence(conv([1, 7], { padding: 'same' }), conv([7, 1], { padding: 'same' })),
      sequence(maxPool2d({ poolSize: 3, strides: 1, padding: 1 }), conv(1)),
    ], concat()))
    expect(last(analysis)).toBe('7×7 / 1×1 / 3×3')
    expect(analysis.findings).toEqual([])
  })

  test('a residual after a stride', () => {
    const body = sequence(conv(3, { padding: 1, strides: 2 }), conv(3, { padding: 1 }))
    const analysis = through([33, 33, 4], conv(3, { padding: 1, strides: 2 }), residual(body as Op, conv(1, { strides: 2 })))
    expect(last(analysis)).toBe('15×15 / 4×4 / 7×7')
    expect(analysis.findings).toEqual([])
  })

  test('strides that differ leave the axis unknown, with a warning', () => {
    const net = through([16, 15, 4], parallel([
      named('slow', conv([1, 3], { strides: [2, 1] })), named('fast', conv([9, 3], { strides: [1, 1] })),
    ], concat()), conv(3))
    expect(net.nodes.map(({ field }) => show(field))).toEqual([
      '1×3 / 2×1 / 0×0', '9×3 / 1×1 / 0×0', '–×3 / –×1 / –×0', '–×5 / –×1 / –×0',
    ])
    expect(net.findings).toMatchObject([{
      code: 'field/misaligned-stride', severity: 'warning', at: 'concat',
      message: 'joins branches whose strides differ along the height: slow 2, fast 1',
    }])
  })

  test('centres that differ keep the hull, with a warning', () => {
    const net = through([16, 16, 4], parallel([
      named('even', conv(2, { padding: 'same' })), named('odd', conv(3, { padding: 'same' })),
    ], add()))
    expect(last(net)).toBe('3×3 / 1×1 / 1×1')
    expect(net.findings).toMatchObject([{
      code: 'field/misaligned-centre', at: 'add',
      message: 'joins branches whose first units are centred on different pixels: even 0.5, odd 0',
    }])
  })

  test('same padding at stride 2 misaligns a 3×3 with its 1×1 shortcut on even images only', () => {
    const block = residual(conv(3, { strides: 2, padding: 'same' }), conv(1, { strides: 2, padding: 'same' }))
    expect(codes(through([16, 16, 4], block))).toEqual(['field/misaligned-centre add'])
    expect(codes(through([17, 17, 4], block))).toEqual([])
  })

  test('a branch that sees everything makes the join see everything', () => {
    const image = open([8, 8, 4])
    const features = pipe(image, conv(3)) as Tensor
    const all = pipe(features, globalAvgPool2d()) as Tensor
    const y = join(concat(), [pipe(features, flatten()) as Tensor, all])
    expect(last(analyze(graph({ name: 'net', inputs: { image }, outputs: { y } })))).toBe('all / – / –')
  })
})

describe('unknown sizes', () => {
  const strided = conv(3, { strides: 2, padding: 'same' })

  test('cost the padding only where it depends on them', () => {
    expect(last(through([null, null, 3], conv(3, { padding: 'same' }), conv(3, { strides: 2 })))).toBe('5×5 / 2×2 / 1×1')
    expect(last(through([null, 32, 3], strided, conv(3)))).toBe('7×7 / 2×2 / –')
  })

  test('do not keep branches from meeting that share the unknown padding', () => {
    const analysis = through([null, null, 4], strided, residual(conv(3, { padding: 1 })))
    expect(last(analysis)).toBe('7×7 / 2×2 / –')
    expect(codes(analysis).filter((code) => code.startsWith('field'))).toEqual([])
  })

  test('leave the hull unknown where branches have unknown paddings of their own', () => {
    const analysis = through([null, null, 4], residual(strided, conv(5, { strides: 2, padding: 'same' })))
    expect(last(analysis)).toBe('unknown')
    expect(codes(analysis)).toContain('field/unknown add')
  })
})

test('a graph with several inputs tells each one apart', () => {
  const left = open([16, 16, 3])
  const right = open([18, 18, 3])
  const alone = pipe(right, named('alone', conv(3))) as Tensor
  const near = pipe(left, named('near', conv(1))) as Tensor
  const y = join(add(), [near, alone])
  const { nodes } = analyze(graph({ name: 'net', inputs: { left, right }, outputs: { y } }))
  const byId = Object.fromEntries(nodes.map((node) => [node.id, node]))
  expect(byId.alone?.fields).toEqual({ right: { size: [3, 3], stride: [1, 1], padding: [0, 0], centre: [1, 1] } })
  expect(byId.alone?.field).toEqual(byId.alone?.fields?.right)
  expect(Object.keys(byId.add?.fields ?? {})).toEqual(['left', 'right'])
  expect(show(byId.add?.field)).toBe('1×1 / 1×1 / 0×0')
})
