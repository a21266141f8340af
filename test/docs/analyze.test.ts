// The guide to the analyzer does what it says.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { folder, layergraph, ROOT, typescript } from '../support/command.ts'
import { blocks, onBuilt } from '../support/guide.ts'

const guide = readFileSync(join(ROOT, 'docs/guides/analyze.md'), 'utf8')
const [model, code] = blocks(guide, 'ts') as [string, string]

/** What a command must say. */
const SAYS: Readonly<Record<string, string>> = {
  'summary segmenter.ts --depth': 'context', 'summary segmenter.ts --input': 'context/conv2d_1,context/conv2d,conv2d,128×128×16',
  'field segmenter.ts': 'rows 24 to 40, columns 24 to 40: 289 pixels', 'gridding segmenter.ts#uneven context --svg': '<svg',
  'gridding segmenter.ts#uneven context': 'common divisor  2: every tap lies on a grid of 2', 'explain segmenter.ts': '3 · 3 · 16 · 16 = 2,304',
  'explain --concept hdc': 'gcd(2, 4, 8)', 'explain --concept transposed': '转置卷积', 'lint segmenter.ts': 'segmenter: no findings', 'diff segmenter.ts#uneven': '~ context/conv2d (conv2d)  dilationRate 2×2 → 1×1',
}

test('the commands', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'segmenter.ts'), model)
  const commands = blocks(guide, 'sh').flatMap((block) => block.trim().split('\n'))
  expect(commands).toHaveLength(Object.keys(SAYS).length)
  await Promise.all(commands.map(async (command) => {
    const args = command.replace('npx layergraph ', '').split(' ')
    const ran = await layergraph(args, { cwd })
    expect(ran, command).toMatchObject({ code: 0, err: '' })
    const [, said] = Object.entries(SAYS).find(([start]) => args.join(' ').startsWith(start)) as [string, string]
    expect(ran.out, command).toContain(said)
  }))
}, 300_000)

test('the program', async () => {
  const cwd = folder()
  symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(cwd, 'segmenter.ts'), onBuilt(model))
  writeFileSync(join(cwd, 'guide.ts'), onBuilt(code))
  const { code: exit, out, err } = await typescript(['guide.ts'], { cwd })
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toContain('[ 24, 24 ] [ 40, 40 ] 289')
  expect(out).toContain('field/gridding context/conv2d_2')
}, 120_000)

test('every option that the guide names is one', () => {
  const known = program().commands.flatMap(({ options }) => options.map(({ long }) => long as string))
  const named = [...guide.matchAll(/[ `](--[a-z][\w-]*)/g)].map(([, option]) => option as string)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((option) => !known.includes(option))).toEqual([])
})
