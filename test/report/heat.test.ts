import { expect, test } from 'vitest'
import { heatSvg, heatText, inImage, planeOf } from '../../src/report/heat.ts'

const ramp = { height: 2, width: 4, counts: [0, 1, 25, 50, 75, 100, 0, 51] }

test('shades run from the fewest to the most; unused pixels stay visible', () => {
  expect(heatText(ramp)).toBe('· ░░░░▒▒\n▓▓██· ▓▓')
})

test('large planes are drawn in blocks that fit', () => {
  const lines = heatText({ height: 100, width: 100, counts: new Float64Array(10_000).fill(1) }, { width: 50 }).split('\n')
  expect(lines.length).toBe(25)
  expect(new Set(lines)).toEqual(new Set(['█'.repeat(50)]))
})

test('a drawing has a rectangle for each pixel, white for unused ones', () => {
  const svg = heatSvg(ramp, 'a < b')
  expect(svg.match(/<rect /g)?.length).toBe(8)
  expect(svg.match(/#ffffff/g)?.length).toBe(2)
  expect(svg).toContain('#08306b')
  expect(svg).toContain('<title>a &lt; b</title>')
})

test('a box is placed in its image, a line is a row, a volume is seen from the front', () => {
  expect(Array.from(inImage({ start: [1, 0], shape: [1, 2], counts: [3, 4] }, [2, 3]).counts)).toEqual([0, 0, 0, 3, 4, 0])
  expect(planeOf({ shape: [3], counts: [1, 2, 3] })).toMatchObject({ height: 1, width: 3 })
  expect(Array.from(planeOf({ shape: [2, 1, 2], counts: [1, 2, 3, 4] }).counts)).toEqual([4, 6])
})
