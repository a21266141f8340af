// The guide to training does what it says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { folder, layergraph, ROOT, typescript } from '../support/command.ts'
import { allDigits, writeDigits } from '../support/digits.ts'
import { blocks, onBuilt } from '../support/guide.ts'

const guide = readFileSync(join(ROOT, 'docs/guides/train.md'), 'utf8')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

test('the commands', async () => {
  const cwd = folder()
  await writeDigits(join(cwd, 'few'))
  // The model of the README.
  writeFileSync(join(cwd, 'digits.ts'), blocks(readme, 'ts')[0] as string)
  const { inputs } = (await allDigits()).test
  const seven = Uint8Array.from(inputs.data.subarray(0, 784), (value) => Math.round(value * 255))
  writeFileSync(join(cwd, 'seven.png'), encode({ width: 28, height: 28, data: seven, channels: 1, depth: 8 }))
  const commands = blocks(guide, 'sh').flatMap((block) => block.trim().split('\n'))
  expect(commands).toHaveLength(3)
  for (const command of commands) {
    const [npx, name, ...args] = command.split(' ')
    expect([npx, name]).toEqual(['npx', 'layergraph'])
    expect(await layergraph(args, { cwd }), command).toMatchObject({ code: 0, err: '' })
  }
  for (const [, file] of guide.matchAll(/`([\w.]+\.(?:json|csv|md|html|safetensors))`/g)) expect(existsSync(join(cwd, 'runs/digits', file as string)), file).toBe(true)
})

test('the program', async () => {
  const cwd = folder()
  await writeDigits(join(cwd, 'few'))
  writeFileSync(join(cwd, 'guide.mts'), onBuilt(blocks(guide, 'ts').join('\n')))
  const { code, out, err } = await typescript(['guide.mts'], { cwd })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('[ 1, 10 ]')
})

test('every option of train is in the guide, and every option of the guide is one', () => {
  const options = program().commands.find((command) => command.name() === 'train')?.options.map(({ long }) => long as string) ?? []
  const named = new Set([...guide.matchAll(/`(--[\w-]+)/g)].map(([, option]) => option as string))
  const others = program().commands.flatMap((command) => command.options.map(({ long }) => long as string))
  expect([...named].filter((option) => !others.includes(option))).toEqual([])
  expect(options.filter((option) => !named.has(option)).sort()).toEqual(['--backend', '--set'])
})
