import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { graphs, lenet5, mnistNet, resnet18 } from '../../graphs/index.ts'
import { type Analysis, analyze } from '../../src/analysis/analyze.ts'
import {
  add, conv2d, dense, flatten, graph, input, maxPool2d, named, parallel, pipe, residual, sequence, shared,
} from '../../src/index.ts'
import { summaryJson } from '../../src/report/json.ts'
import { summaryMarkdown } from '../../src/report/markdown.ts'
import { showBytes, showCount } from '../../src/report/numbers.ts'
import { shorten, summaryText } from '../../src/report/text.ts'

/** A small net with a bit of everything: branches, shared weights, unknown sizes, a finding. */
function sampler(shape: readonly [number | null, number | null, number]): Analysis {
  const image = input(shape)
  const twin = shared(conv2d({ filters: 4, kernelSize: 3, padding: 1, useBias: false }))
  const y = pipe(image,
    named('stem', sequence(conv2d({ filters: 4, kernelSize: [3, 5], strides: 2 }), maxPool2d({ poolSize: 2 }))),
    named('body', sequence(residual(twin), twin)),
    parallel([conv2d({ filters: 4, kernelSize: 2, padding: 'same' }), conv2d({ filters: 4, kernelSize: 1 })], add()),
    flatten(), dense({ units: 3 }))
  return analyze(graph({ name: 'sampler', inputs: { image }, outputs: { y } }))
}

const golden = (name: string): string => `./golden/${name}`

describe('goldens', () => {
  test('text', async () => {
    await expect(summaryText(sampler([32, 28, 1]))).toMatchFileSnapshot(golden('sampler.txt'))
    await expect(summaryText(analyze(lenet5()))).toMatchFileSnapshot(golden('lenet5.txt'))
  })

  test('text of unknown sizes', async () => {
    await expect(summaryText(sampler([null, null, 1]))).toMatchFileSnapshot(golden('unknown.txt'))
  })

  test('markdown', async () => {
    await expect(summaryMarkdown(sampler([32, 28, 1]))).toMatchFileSnapshot(golden('sampler.md'))
  })

  test('json', async () => {
    await expect(summaryJson(sampler([32, 28, 1]))).toMatchFileSnapshot(golden('sampler.json'))
    expect(JSON.parse(summaryJson(sampler([null, 28, 1])))).toEqual(sampler([null, 28, 1]))
  })
})

// ── the text, read back ─────────────────────────────────────────────────────

const numberOf = (text: string): number => Number(text.replaceAll(',', ''))

/** The columns of a printed table by title; every column of numbers is aligned at its right. */
function readTable(text: string): Record<string, string>[] {
  const [head = '', ...rows] = text.split('\n\n')[1]?.split('\n') ?? []
  const titles = [...head.matchAll(/\S+/g)].map(({ 0: title, index }) => ({ title, end: index + title.length }))
  return rows.map((row) => Object.fromEntries(titles.map(({ title, end }) => {
    const cell = /\S*$/.exec(row.slice(0, end))?.[0] ?? ''
    return [title, cell]
  })))
}

test.each(graphs)('the printed totals of $name are the sums of the printed rows', (model) => {
  // Where a model leaves sizes open, some.
  const net = model({ inputShape: model().inputs[0]?.shape.map((size) => size ?? 28) })
  const text = summaryText(analyze(net), { width: 140 })
  // Sums of scopes have no number in front.
  const rows = readTable(text.replaceAll(/^ *Σ .*\n/gm, ''))
  const sum = (title: string): number => rows.reduce((total, row) => total + numberOf(row[title] as string), 0)
  expect(rows.length).toBe(net.nodes.length)
  expect(numberOf(/^parameters +([\d,]+)/m.exec(text)?.[1] as string)).toBe(sum('params'))
  expect(numberOf(/^MACs per image +([\d,]+)/m.exec(text)?.[1] as string)).toBe(sum('MACs'))
})

describe('width', () => {
  const lines = (text: string): string[] => (text.split('\n\n')[1] as string).split('\n')
  const widest = (text: string): number => Math.max(...lines(text).map((line) => line.length))

  test.each([90, 100, 120])('%i columns are enough for resnet18, with its ids shortened', (width) => {
    const text = summaryText(analyze(resnet18()), { width })
    expect(widest(text)).toBeLessThanOrEqual(width)
    expect(lines(text)[1]).toContain('stem/conv2d')
    expect(text.includes('…')).toBe(width < 100)
  })

  test('a narrow terminal keeps every number', () => {
    const text = summaryText(analyze(mnistNet()), { width: 20 })
    expect(text).toContain('1,128,960')
    expect(lines(text).slice(1).every((line) => (/^ *\d+ {2}(\S+)/.exec(line)?.[1] ?? '').length <= 16)).toBe(true)
  })

  test.each([
    ['short', 8, 'short'], ['exactly8', 8, 'exactly8'], ['ninechars', 8, 'nine…ars'], ['stage4/block2/conv2d', 11, 'stage…onv2d'],
  ])('%s in %i characters', (text, width, expected) => {
    expect(shorten(text, width)).toBe(expected)
    expect(shorten(text, width).length).toBeLessThanOrEqual(width)
  })
})

describe('colour', () => {
  test('is off by default and changes nothing but colours', () => {
    const analysis = sampler([32, 28, 1])
    const coloured = summaryText(analysis, { color: true })
    expect(coloured).toContain('\u001b[1msampler')
    expect(stripVTControlCharacters(coloured)).toBe(summaryText(analysis))
  })
})

test('several inputs give a field for each', () => {
  const left = input([9, 9, 2])
  const right = input([11, 11, 2])
  const y = add()([conv2d({ filters: 3, kernelSize: 1 })(left), conv2d({ filters: 3, kernelSize: 3 })(right)])
  const text = summaryText(analyze(graph({ name: 'two', inputs: { left, right }, outputs: { y } })))
  expect(text).toContain('two  left 9×9×2, right 11×11×2')
  expect(text).toMatch(/add +1, 2 .* 1 \| 3 +1 +0$/m)
})

test('a markdown cell cannot break the table', () => {
  const left = input([9, 9, 2])
  const right = input([11, 11, 2])
  const y = add()([conv2d({ filters: 3, kernelSize: 1 })(left), conv2d({ filters: 3, kernelSize: 3 })(right)])
  expect(summaryMarkdown(analyze(graph({ name: 'two', inputs: { left, right }, outputs: { y } })))).toContain('| 1 \\| 3 |')
})

test.each([
  [null, '?'], [0, '0 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [1024 * 1024 - 1, '1.0 MiB'], [1_500_000, '1.4 MiB'],
  [553_430_176, '527.8 MiB'], [3 * 1024 ** 4, '3.0 TiB'], [4096 * 1024 ** 4, '4096.0 TiB'],
])('%s bytes', (bytes, expected) => {
  expect(showBytes(bytes)).toBe(expected)
})

test.each([[null, '?'], [0, '0'], [999, '999'], [15_470_264_320, '15,470,264,320']])('the number %s', (value, expected) => {
  expect(showCount(value)).toBe(expected)
})
