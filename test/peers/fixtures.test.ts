// The committed fixtures are what PyTorch computes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeSafetensors } from '../../src/store/safetensors.ts'
import { expectNear } from '../kernels/comparison.ts'
import { runPython } from '../support/python.ts'

const folder = fileURLToPath(new URL('../fixtures', import.meta.url))
const kinds = readdirSync(folder).filter((name) => name.endsWith('.safetensors'))
const fresh = mkdtempSync(join(tmpdir(), 'fixtures-'))

const read = (path: string) => decodeSafetensors(readFileSync(path), path)

beforeAll(() => void runPython([join(folder, 'generate.py')], { FIXTURES: fresh }))
afterAll(() => rmSync(fresh, { recursive: true }))

test('every page of the generator has its file, and every file its page', () => {
  expect(readdirSync(fresh).sort()).toEqual([...kinds].sort())
})

describe.each(kinds)('%s', (name) => {
  test('says what PyTorch says', () => {
    const [ours, theirs] = [read(join(folder, name)), read(join(fresh, name))]
    expect(Object.keys(ours.tensors)).toEqual(Object.keys(theirs.tensors))
    expect(ours.metadata['cases']).toBe(theirs.metadata['cases'])
    for (const [key, { data }] of Object.entries(theirs.tensors)) {
      expectNear(ours.tensors[key]?.data as Float32Array, data as Float32Array, { relative: 1e-5, absolute: 1e-5 })
    }
  })
})
