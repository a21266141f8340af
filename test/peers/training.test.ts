// The committed numbers of a training are what PyTorch computes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import committed from '../fixtures/training.json' with { type: 'json' }
import { runPython } from '../support/python.ts'

const fresh = mkdtempSync(join(tmpdir(), 'training-'))
afterAll(() => rmSync(fresh, { recursive: true }))

test('training.json', () => {
  runPython([fileURLToPath(new URL('../fixtures/training.py', import.meta.url))], { FIXTURES: fresh })
  const theirs = JSON.parse(readFileSync(join(fresh, 'training.json'), 'utf8')) as typeof committed
  expect(theirs.cases.map(({ optimizer, options, schedule, loss }) => ({ optimizer, options, schedule, loss })))
    .toEqual(committed.cases.map(({ optimizer, options, schedule, loss }) => ({ optimizer, options, schedule, loss })))
  for (const [index, { losses, weights }] of theirs.cases.entries()) {
    const ours = committed.cases[index]!
    for (const [step, loss] of losses.entries()) expect(ours.losses[step]).toBeCloseTo(loss, 5)
    for (const [name, values] of Object.entries(weights)) {
      for (const [at, value] of values.entries()) expect(ours.weights[name as keyof typeof weights][at]).toBeCloseTo(value, 5)
    }
  }
})
