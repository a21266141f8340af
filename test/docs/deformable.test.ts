// The guide to deformable convolution does what it says.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, ROOT, typescript } from '../support/command.ts'
import { writeDigits } from '../support/digits.ts'
import { blocks, onBuilt } from '../support/guide.ts'

const guide = readFileSync(join(ROOT, 'docs/guides/deformable.md'), 'utf8')
const programs = blocks(guide, 'ts')

/** Runs a program of the guide on the built package, and gives what it printed. */
async function run(program: string): Promise<string> {
  const cwd = folder()
  await writeDigits(join(cwd, 'few'))
  symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'guide.mts'), onBuilt(program))
  const { code, out, err } = await typescript(['guide.mts'], { cwd })
  expect(code, err).toBe(0)
  return out
}

test('the layer learns, and has the parameters that the guide counts', async () => {
  expect(await run(programs[0] as string)).toBe(`${3 * 3 * 16 + 16 + 3 * 3 * 18 + 18}\n2\n`)
})

test('the offsets can be given', async () => {
  expect(await run(programs[1] as string)).toBe('2\n')
})

test('the operation has gradients in plain TensorFlow.js', async () => {
  expect(await run(programs[2] as string)).toContain('true [ 8, 28, 28, 18 ]')
})

test('the guide has no other programs', () => expect(programs).toHaveLength(3))
