// Columns, order and folding of a summary, and its other forms.
import { describe, expect, test } from 'vitest'
import { graphs, lenet5, resnet18 } from '../../graphs/index.ts'
import { type Analysis, analyze } from '../../src/analysis/analyze.ts'
import { foldScopes, withSubtotals } from '../../src/analysis/scopes.ts'
import { COLUMNS } from '../../src/report/columns.ts'
import { summaryCsv } from '../../src/report/csv.ts'
import { summaryMarkdown } from '../../src/report/markdown.ts'
import { SUM, summaryRows } from '../../src/report/rows.ts'
import { summaryJsonSchema, summarySchema } from '../../src/report/schema.ts'
import { summaryText } from '../../src/report/text.ts'
import { messageOf } from '../graph/support.ts'
import { through } from '../analysis/nets.ts'
import { conv2d, dense, globalAvgPool2d, graph, input, named, type Op, pipe, sequence } from '../../src/index.ts'

const resnet = analyze(resnet18())
const column = (analysis: Analysis, options: Parameters<typeof summaryRows>[1], title: string): string[] => {
  const { head, body } = summaryRows(analysis, options)
  return body.map((row) => row[head.indexOf(title)] as string)
}

describe('folding', () => {
  test('has a row for each scope, with its sums, its last shape and field', () => {
    const rows = foldScopes(resnet.nodes, 1)
    expect(rows.map(({ id, kind, from }) => [id, kind, from])).toEqual([
      ['stem', '4 layers', ['image']], ['layer1', '14 layers', ['stem']], ['layer2', '16 layers', ['layer1']],
      ['layer3', '16 layers', ['layer2']], ['layer4', '16 layers', ['layer3']],
      ['globalAvgPool2d', 'globalAvgPool2d', ['layer4']], ['dense', 'dense', ['globalAvgPool2d']],
    ])
    expect(rows[3]).toMatchObject({ macs: 411_041_792, outputShape: [14, 14, 256], field: { size: [211, 211] } })
  })

  test.each(graphs)('keeps the totals of $name at every depth', (model) => {
    const { nodes, totals } = analyze(model())
    for (const depth of [1, 2, 3]) {
      for (const key of ['params', 'trainableParams', 'macs'] as const) {
        expect(foldScopes(nodes, depth).reduce((sum, row) => sum + (row[key] ?? 0), 0)).toBe(totals[key])
      }
    }
  })

  test.each(graphs)('the printed subtotals of $name are the sums of the rows above them', (model) => {
    // Where a model leaves sizes open, some.
    const analysis = analyze(model({ inputShape: model().inputs[0]?.shape.map((size) => size ?? 28) }))
    for (const depth of [1, 2, 9]) {
      const { body } = summaryRows(analysis, { depth, columns: ['layer', 'params', 'macs'] })
      const rows = body.map(([layer = '', ...counts]) => ({ layer, counts: counts.map((text) => Number(text.replaceAll(',', ''))) }))
      const stretch: typeof rows = []
      const plus = (a: readonly number[], { counts }: (typeof rows)[number]): number[] => a.map((value, index) => value + (counts[index] as number))
      for (const row of rows) {
        if (!row.layer.startsWith(SUM)) stretch.push(row)
        else {
          const inside = stretch.filter(({ layer }) => layer.startsWith(`${row.layer.slice(SUM.length)}/`))
          expect(inside.length).toBeGreaterThan(1)
          expect(inside.reduce(plus, [0, 0])).toEqual(row.counts)
        }
      }
      expect(stretch.reduce(plus, [0, 0])).toEqual([analysis.totals.params, analysis.totals.macs])
    }
  })

  test('a sum stands behind each scope of several rows, the inner ones first', () => {
    const layer = conv2d({ filters: 2, kernelSize: 1 })
    const image = input([4, 4, 2])
    const y = pipe(image, named('a', sequence(
      named('b', sequence(layer, layer)), named('c', layer), named('d', named('e', sequence(layer, layer))))), layer)
    const { nodes } = analyze(graph({ name: 'nested', inputs: { image }, outputs: { y } }))
    expect(withSubtotals(nodes).map(({ row, subtotal }) => (subtotal ? `${row.id}: ${row.kind}` : ''))).toEqual(
      ['', '', 'a/b: 2 layers', '', '', '', 'a/d: 2 layers', 'a: 5 layers', ''])
  })

  test('no sums where none are wanted, nor where rows are sorted', () => {
    const sums = (options: Parameters<typeof summaryRows>[1]): number => column(resnet, options, 'layer').filter((id) => id.startsWith(SUM)).length
    expect(sums({ depth: 1 })).toBe(0)
    expect(sums({ depth: 2 })).toBe(5)
    expect(sums({ depth: 2, sort: 'macs' })).toBe(0)
    expect(sums({ depth: 2, subtotals: false })).toBe(0)
  })

  test('a sum says what is missing in it', () => {
    const layer = conv2d({ filters: 2, kernelSize: 1 })
    const image = input([null, null, 2])
    const y = pipe(image, named('body', sequence(layer, layer)), named('head', sequence(globalAvgPool2d(), dense({ units: 5 }), dense({ units: 3 }))))
    const z = pipe(image, named('tail', sequence(layer, globalAvgPool2d(), dense({ units: 4 }))))
    const analysis = analyze(graph({ name: 'open', inputs: { image }, outputs: { y, z } }))
    const shown = (title: string, options: Parameters<typeof summaryRows>[1]): string[] => {
      const names = column(analysis, options, 'layer')
      return column(analysis, options, title).filter((_cell, at) => options?.depth === 1 || names[at]?.startsWith(SUM) === true)
    }
    for (const options of [{}, { depth: 1 }]) {
      expect(shown('MACs', options)).toEqual(['2 uncounted', '25', '8 + 1 uncounted'])
      const columns = { ...options, columns: ['layer', 'flops', 'uncounted'] }
      expect(shown('FLOPs', columns)).toEqual(['2 uncounted', '50', '16 + 1 uncounted'])
      expect(shown('uncounted', columns)).toEqual(['2', '0', '1'])
    }
    expect(analysis.scopes.map(({ id, macs, uncounted }) => [id, macs, uncounted])).toEqual([['body', null, 2], ['head', 25, 0], ['tail', 8, 1]])
    expect(summaryCsv(analysis, { depth: 1, columns: ['layer', 'macs', 'uncounted'] })).toBe('layer,macs,uncounted\nbody,,2\nhead,25,0\ntail,8,1\n')
  })

  test('scopes have their sums as data, the outer ones first', () => {
    expect(resnet.scopes.slice(0, 3).map(({ id, layers }) => [id, layers])).toEqual([['stem', 4], ['layer1', 14], ['layer1/block1', 7]])
    const inner = resnet.scopes.filter(({ id }) => id.startsWith('layer2/') && id.split('/').length === 2).reduce((sum, { macs }) => sum + (macs ?? 0), 0)
    expect(inner).toBe(resnet.scopes.find(({ id }) => id === 'layer2')?.macs)
  })
})

describe('columns and order', () => {
  test('by name', () => {
    expect(summaryRows(resnet, { columns: ['layer', 'MACs', 'flops', 'memory'] }).head).toEqual(['layer', 'MACs', 'FLOPs', 'memory'])
    expect(messageOf(() => summaryRows(resnet, { columns: ['cost'] }))).toContain('report/column')
  })

  test('every column shows something for every row of every model', () => {
    for (const model of graphs) {
      for (const row of summaryRows(analyze(model()), { columns: COLUMNS.filter((name) => name !== 'from'), subtotals: false }).body) {
        expect(row.every((cell) => cell.trim() !== '')).toBe(true)
      }
    }
  })

  test('largest first, with the numbers that rows have in the graph', () => {
    expect(column(resnet, { sort: 'macs', depth: 1 }, 'layer').slice(0, 2)).toEqual(['layer1', 'layer2'])
    expect(column(analyze(lenet5()), { sort: 'params', columns: ['#', 'layer'] }, '#').slice(0, 3)).toEqual(['5', '7', '3'])
    expect(messageOf(() => summaryRows(resnet, { sort: 'layer' }))).toContain('holds texts')
    expect(messageOf(() => summaryRows(resnet, { depth: 0 }))).toContain('report/depth')
  })

  test('shares have bars and sum to a hundred', () => {
    const shares = column(resnet, { columns: ['layer', 'macs%'], depth: 1 }, 'MACs %')
    expect(shares[1]).toBe('██▌         25.5 %')
    expect(shares.reduce((sum, share) => sum + Number(/[\d.]+/.exec(share)?.[0]), 0)).toBeCloseTo(100, 0)
  })

  test('a text without the column of ids still fits', () => {
    expect(summaryText(resnet, { columns: ['output', 'macs'], depth: 1 })).toContain('56×56×64  118,013,952')
    expect(summaryMarkdown(resnet, { columns: ['layer', 'macs'], depth: 1 })).toContain('| layer1 | 462,422,016 |')
  })
})

describe('csv', () => {
  test('has plain numbers, and nothing for unknown ones', () => {
    const [head, first] = summaryCsv(through([null, 8, 3], conv2d({ filters: 4, kernelSize: 3 }) as Op)).split('\n')
    expect(head).toBe('layer,from,kind,output,params,trainable,macs,flops,uncounted,memory,field,stride,pad')
    expect(first).toBe('conv2d,image,conv2d,?×6×4,112,112,,,1,,3,1,0')
  })

  test('adds up', () => {
    const lines = summaryCsv(resnet).trim().split('\n').slice(1).map((line) => line.split(','))
    expect(lines.reduce((sum, cells) => sum + Number(cells[6]), 0)).toBe(1_814_073_344)
  })
})

describe('the published schema', () => {
  test.each(graphs)('holds for $name', (model) => {
    expect(() => summarySchema.parse(analyze(model()))).not.toThrow()
  })

  test('holds for unknown sizes, several inputs and findings, and refuses what is not there', () => {
    const open = through([null, 8, 3], conv2d({ filters: 4, kernelSize: 3 }) as Op)
    expect(() => summarySchema.parse(open)).not.toThrow()
    expect(() => summarySchema.parse({ ...open, more: 1 })).toThrow()
    expect(summaryJsonSchema()).toMatchObject({ title: 'layergraph summary', type: 'object' })
  })
})
