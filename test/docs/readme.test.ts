// What the README shows is what a reader gets, and no page points at a file that is not there.
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { conv2d, graph, input } from '../../src/index.ts'
import { folder, layergraph, ROOT, typescript } from '../support/command.ts'
import { writeDigits } from '../support/digits.ts'
import { blocks, onBuilt } from '../support/guide.ts'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const [model, code] = blocks(readme, 'ts') as [string, string]

test('the summary', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'digits.ts'), model)
  const shown = blocks(readme, '').find((text) => text.startsWith('$ npx layergraph summary')) as string
  const [command, ...lines] = shown.split('\n') as [string, ...string[]]
  const ran = await layergraph(command.replace('$ npx layergraph ', '').split(' '), { cwd })
  expect(ran).toEqual({ code: 0, err: '', out: lines.join('\n') })
})

test('the sentence', () => {
  const [, sentence] = /red squiggle with a sentence: `conv2d: ([^`]+)`/.exec(readme) as unknown as [string, string]
  const image = input([28, 28, 1])
  // @ts-expect-error the misfit of the sentence
  const wrong = conv2d({ filters: 1, kernelSize: 31 })(image)
  expect(() => graph({ name: 'wrong', inputs: { image }, outputs: { wrong } })).toThrow(sentence)
})

test('the program', async () => {
  const cwd = folder()
  await writeDigits(join(cwd, 'few'))
  symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(cwd, 'digits.ts'), onBuilt(model))
  writeFileSync(join(cwd, 'program.ts'), onBuilt(code).replace('mnist()', "mnist({ dir: 'few' })"))
  const { code: exit, out, err } = await typescript(['program.ts'], { cwd })
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(out).toMatch(/accuracy: 0\.\d+/)
  expect(existsSync(join(cwd, 'runs/digits/weights.safetensors'))).toBe(true)
}, 120_000)

test('the commands and options are ones', () => {
  const commands = program().commands
  const used = [...readme.matchAll(/npx layergraph (\w+)([^\n#`]*)/g)]
  expect(used.length).toBeGreaterThan(6)
  for (const [line, name, rest] of used) {
    const command = commands.find((known) => known.name() === name)
    expect(command, line).toBeDefined()
    for (const [option] of (rest as string).matchAll(/--[a-z][\w-]*/g)) {
      expect(command?.options.map(({ long }) => long), line).toContain(option)
    }
  }
})

test('the links of all pages lead somewhere', () => {
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md')).map((name) => join('docs', name))]
  expect(pages.length).toBeGreaterThan(60)
  const dead = pages.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8').replace(/```[\s\S]*?```/g, '')
    return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, source]) => (link ?? source) as string)
      .filter((link) => !/^([a-z]+:|#)/.test(link))
      .filter((link) => !existsSync(join(ROOT, dirname(page), link.replace(/#.*$/, ''))))
      .map((link) => `${page}: ${link}`)
  })
  expect(dead).toEqual([])
})
