// Layouts of large graphs: chains in one go, and the same order as ever.
import { expect, test } from 'vitest'
import { resnet152 } from '../../graphs/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { chainsOf } from '../../src/draw/chains.ts'
import { layOut } from '../../src/draw/layout.ts'
import { type Outline, outline } from '../../src/draw/outline.ts'

const box = (id: string, scope: string | null = null): Outline['boxes'][number] =>
  ({ id, scope, kind: 'activation', title: id, lines: ['one'], details: id, findings: 0 })

const chain = (length: number): Outline => ({
  name: 'chain', scopes: [], boxes: Array.from({ length }, (_, index) => box(`n${index}`)),
  edges: Array.from({ length: length - 1 }, (_, index) => ({ from: `n${index}`, to: `n${index + 1}`, label: '8' })),
})

test('chains end at branches, joins and scopes', () => {
  const boxes = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => box(id, id > 'd' ? 's' : null))
  const edges = [['a', 'b'], ['b', 'c'], ['b', 'd'], ['c', 'd'], ['d', 'e'], ['e', 'f']].map(([from, to]) => ({ from, to, label: '' }) as Outline['edges'][number])
  expect(chainsOf({ boxes, edges }).map((one) => one.map(({ id }) => id).join(''))).toEqual(['ab', 'c', 'd', 'ef'])
})

test('a chain is spaced alike in a large graph and in a small one', () => {
  const [small, large] = [layOut(chain(100)), layOut(chain(5000))]
  expect(large.boxes.slice(0, 100).map(({ y }) => Math.round(y))).toEqual(small.boxes.map(({ y }) => Math.round(y)))
  const [first, last] = [large.boxes[0], large.boxes.at(-1)] as [typeof large.boxes[0] & object, typeof large.boxes[0] & object]
  expect(last.y + last.height).toBeLessThanOrEqual(large.height)
  expect(first.x).toBeGreaterThanOrEqual(0)
  for (const { points } of large.edges) expect((points[0] as { y: number }).y).toBeLessThan((points.at(-1) as { y: number }).y)
})

test('every box of a large model lies below what it takes from, and no two overlap', () => {
  const model = resnet152({})
  const { boxes, edges } = layOut(outline(model, analyze(model), { depth: 9 }))
  expect(boxes.length).toBeGreaterThan(500)
  const byId = new Map(boxes.map((one) => [one.id, one]))
  for (const { from, to } of edges) expect((byId.get(from)?.y ?? 0) + (byId.get(from)?.height ?? 0)).toBeLessThanOrEqual(byId.get(to)?.y ?? 0)
  const sorted = boxes.toSorted((a, b) => a.y - b.y)
  for (const [index, one] of sorted.entries()) {
    for (const other of sorted.slice(index + 1)) {
      if (other.y >= one.y + one.height) break
      expect(one.x + one.width <= other.x || other.x + other.width <= one.x, `${one.id} and ${other.id}`).toBe(true)
    }
  }
})
