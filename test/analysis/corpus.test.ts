// What units of random graphs see, against PyTorch's gradients (corpus/fields.json, made by test/peers/fields.test.ts).
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compareExtents, type Extents } from './corpus/compare.ts'
import { randomGraph } from './corpus/randomGraphs.ts'

const corpus = JSON.parse(readFileSync(new URL('corpus/fields.json', import.meta.url), 'utf8')) as readonly Extents[]

test(`units of ${corpus.length} random graphs see the pixels that have a gradient in PyTorch`, () => {
  let whole = 0
  for (const [number, extents] of corpus.entries()) whole += compareExtents(number, extents)
  expect(corpus.length).toBe(200)
  expect(whole).toBeGreaterThan(50)
})

test('the graphs have every kind of layer that moves what units see', () => {
  const kinds = new Set(corpus.flatMap((_one, number) => randomGraph(number).nodes.map(({ kind }) => kind)))
  expect([...kinds].sort()).toEqual([
    'add', 'avgPool2d', 'concat', 'conv2d', 'conv2dTranspose', 'depthwiseConv2d', 'maxPool2d', 'relu', 'upsample2d', 'zeroPad2d',
  ])
  expect(corpus.some((_one, number) => randomGraph(number).nodes.some(({ weights }) => weights !== null))).toBe(true)
})
