// Receptive fields of two thousand random graphs are the extents of PyTorch's gradients; the committed ones are the first.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compareExtents, type Extents } from '../analysis/corpus/compare.ts'
import { randomGraph, unitsOf } from '../analysis/corpus/randomGraphs.ts'
import { runPython } from '../support/python.ts'

const COUNT = 2000
const corpus = fileURLToPath(new URL('../analysis/corpus/', import.meta.url))

/** Asks PyTorch about the graphs of these numbers. */
function askPyTorch(count: number): readonly Extents[] {
  const folder = mkdtempSync(join(tmpdir(), 'fields-'))
  try {
    const file = join(folder, 'graphs.json')
    const cases = Array.from({ length: count }, (_, number) => {
      const net = randomGraph(number)
      return { document: net.toJSON(), units: unitsOf(net) }
    })
    writeFileSync(file, JSON.stringify(cases))
    return JSON.parse(runPython([join(corpus, 'fields.py'), file])) as Extents[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test(`fields of ${COUNT} random graphs`, () => {
  const extents = askPyTorch(COUNT)
  const path = join(corpus, 'fields.json')
  const lines = extents.slice(0, 200).map((one) => JSON.stringify(one))
  const fresh = `[\n${lines.join(',\n')}\n]\n`
  if (process.env['UPDATE'] === '1') writeFileSync(path, fresh)
  expect(readFileSync(path, 'utf8')).toBe(fresh)
  let whole = 0
  for (const [number, one] of extents.entries()) whole += compareExtents(number, one)
  expect(whole).toBeGreaterThan(COUNT / 4)
})
