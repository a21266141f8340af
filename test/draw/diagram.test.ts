// Small diagrams: cells and wires stand where they are said to.
import { expect, test } from 'vitest'
import { cellsPicture, wiresPicture } from '../../src/draw/diagram.ts'

const count = (svg: string, part: string): number => svg.split(part).length - 1

test('cells have their colours and words; a grid of another side has the same cells', () => {
  const rows = [[{ colour: 'seen', text: '7' }, {}], [{}, {}]] as const
  const svg = cellsPicture('A grid', [{ caption: 'plain', rows }, { caption: 'large', rows, side: 4 }])
  expect(svg).toContain('<title>A grid</title>')
  expect(count(svg, 'class="seen"')).toBe(2)
  expect(count(svg, 'class="cell"')).toBe(6)
  expect(count(svg, '>7</text>')).toBe(2)
  expect(svg).toContain('width="52"')
  expect(svg).toContain('height="148"')
  expect(cellsPicture('A grid', [{ caption: 'plain', rows }, { caption: 'large', rows, side: 4 }])).toBe(svg)
})

test('words that are long are small', () => {
  expect(cellsPicture('', [{ caption: '', rows: [[{ text: '-2.41' }]] }])).toContain('font-size:8px')
  expect(cellsPicture('', [{ caption: '', rows: [[{ text: '2' }]] }])).toContain('font-size:11px')
})

test('wires lead from channel to channel', () => {
  const channels = [{ text: 'a' }, { text: 'b' }]
  const svg = wiresPicture('Crossed', [{ caption: 'in', channels }, { caption: 'out', channels }], [[[0, 1], [1, 0]]])
  const wires = [...svg.matchAll(/d="M38 (\d+)L148 (\d+)"/g)].map(([, from, to]) => [Number(from), Number(to)])
  expect(wires).toEqual([[45, 71], [71, 45]])
})
