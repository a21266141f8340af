// Drawings of graphs: what is in them, that they are always the same, and as files.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { conv2d, graph, input, pipe, residual, softmax } from 'layergraph'
import { lenet5, mnistNet, resnet18 } from 'layergraph/graphs'
import { afterAll, describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { graphDrawing } from '../../src/draw/graphDrawing.ts'
import { layOut } from '../../src/draw/layout.ts'
import { outline, short } from '../../src/draw/outline.ts'
import type { GraphData } from '../../src/graph/graph.ts'

const outlined = (net: GraphData, depth?: number) => outline(net, analyze(net), depth === undefined ? {} : { depth })
const drawn = (net: GraphData): string => graphDrawing(net, analyze(net))

const overlap = (a: { x: number; y: number; width: number; height: number }, b: typeof a): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

describe('an outline', () => {
  test('has a box for every layer, input and output, with its numbers', () => {
    const { boxes, edges, scopes } = outlined(lenet5({}))
    expect(boxes.map(({ id }) => id)).toEqual(['in:image', 'c1', 's2', 'c3', 's4', 'c5', 'flatten', 'f6', 'output', 'out:logits'])
    expect(boxes[1]).toMatchObject({
      title: 'c1: conv2d', kind: 'convolution', scope: null, findings: 0,
      lines: ['filters 6 · kernelSize 5 · padding 0 · activation tanh', '156 params · 118k MACs · sees 5'],
    })
    expect(edges[2]).toEqual({ from: 's2', to: 'c3', label: '14×14×6' })
    expect(scopes).toEqual([])
  })

  test('folds what lies deeper than asked for, and sums it up', () => {
    const { boxes, edges } = outlined(resnet18({}), 1)
    expect(boxes.find(({ id }) => id === 'layer2')).toMatchObject({ kind: 'folded', lines: ['16 layers', '527k params · 411M MACs'] })
    expect(edges.filter(({ to }) => to === 'layer2')).toEqual([{ from: 'layer1', to: 'layer2', label: '56×56×64' }])
  })

  test('marks findings', () => {
    const x = input([8, 8, 2])
    const net = graph({ name: 'bent', inputs: { x }, outputs: { y: pipe(x, residual(conv2d({ filters: 2, kernelSize: 2, padding: 'same' }))) } })
    expect(outlined(net).boxes.filter(({ findings }) => findings > 0).map(({ id }) => id)).toEqual(['add'])
  })

  test('shortens numbers', () => {
    expect([0, 999, 1000, 34_512, 1_234_567, 15_470_264_320, null].map(short)).toEqual(['0', '999', '1k', '34.5k', '1.23M', '15.5G', '?'])
  })
})

describe('a layout', () => {
  test('keeps boxes apart, and scopes around what is in them', () => {
    const { boxes, scopes } = layOut(outlined(mnistNet({})))
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) expect(overlap(a, b), `${a.id} and ${b.id}`).toBe(false)
    }
    for (const box of boxes) {
      const scope = scopes.find(({ path }) => path === box.scope)
      if (scope === undefined) continue
      expect(box.x).toBeGreaterThanOrEqual(scope.x)
      expect(box.x + box.width).toBeLessThanOrEqual(scope.x + scope.width)
      // Below the title of the scope.
      expect(box.y).toBeGreaterThan(scope.y + 12)
    }
  })

  test('puts the branches of an Inception block side by side', () => {
    const { boxes } = layOut(outlined(mnistNet({})))
    const tops = boxes.filter(({ id }) => /inception\/branch\w+\/conv2d$/.test(id)).map(({ x }) => x)
    expect(new Set(tops).size).toBe(3)
  })
})

describe('a drawing', () => {
  test('is what it was', async () => {
    await expect(drawn(lenet5({}))).toMatchFileSnapshot('golden/lenet5.svg')
  })

  test('escapes what names contain', () => {
    const x = input([4])
    const net = graph({ name: 'a<b&"c"', inputs: { x }, outputs: { y: pipe(x, softmax()) } })
    expect(drawn(net)).toContain('<title>a&lt;b&amp;&quot;c&quot;: 1 layers</title>')
  })
})

describe('layergraph draw', () => {
  const folder = mkdtempSync(join(tmpdir(), 'draw-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))
  const run = (...args: readonly string[]): string =>
    execFileSync(process.execPath, [main, 'draw', 'lenet5', ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

  test('prints SVG, and writes SVG, HTML and PNG', () => {
    const svg = run()
    expect(svg).toBe(drawn(lenet5({})))
    run('-o', 'a.svg')
    run('-o', 'a.html')
    run('-o', 'a.png', '--scale', '1')
    expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe(svg)
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toContain(svg.trim())
    const { width, height, data } = decode(readFileSync(join(folder, 'a.png')))
    const [, w, h] = /width="(\d+)" height="(\d+)"/.exec(svg) as unknown as [string, string, string]
    expect([width, height]).toEqual([Number(w), Number(h)])
    // White paper, the blue of convolutions, and dark letters.
    const colours = new Set(Array.from({ length: width * height }, (_, i) => `${data[4 * i]},${data[4 * i + 1]},${data[4 * i + 2]}`))
    expect(colours).toContain('255,255,255')
    expect(colours).toContain('214,233,250')
    expect(colours).toContain('31,41,51')
  })

  test('refuses other endings', () => {
    expect(() => run('-o', 'a.gif')).toThrow()
  })
})
