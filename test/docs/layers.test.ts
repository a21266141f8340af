// The pages of docs/layers are those that the generator makes of the layers.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { graphs } from '../../graphs/index.ts'
import { layers } from '../../layers/index.ts'
import { concepts } from '../../src/analysis/concepts/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const committed = join(root, 'docs/layers')
const fresh = mkdtempSync(join(tmpdir(), 'pages-'))
afterAll(() => rmSync(fresh, { recursive: true }))

/** Reads the built package: npm test builds first. */
const cli = (...args: readonly string[]): string => execFileSync(process.execPath, [join(root, 'dist/src/cli/main.js'), ...args], { encoding: 'utf8' })

test('are what npm run docs writes', () => {
  execFileSync(process.execPath, [join(root, 'scripts/build-docs.mjs'), '--out', fresh])
  expect(readFileSync(join(root, 'docs/gallery.md'), 'utf8')).toBe(readFileSync(join(fresh, 'gallery.md'), 'utf8'))
  const filesOf = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name)).sort()
  for (const folder of ['layers', 'pictures']) {
    const names = filesOf(join(fresh, folder))
    expect(filesOf(join(root, 'docs', folder))).toEqual(names)
    for (const name of names) {
      expect(readFileSync(join(root, 'docs', folder, name), 'utf8'), name).toBe(readFileSync(join(fresh, folder, name), 'utf8'))
    }
  }
})

test('the gallery has every model and every concept', () => {
  const page = readFileSync(join(root, 'docs/gallery.md'), 'utf8')
  for (const { name } of graphs) expect(page).toContain(`layergraph view ${name}\``)
  const rows = page.split('\n')
  for (const { id } of concepts) expect(rows.find((row) => row.includes(`--concept ${id}\``)), id).toContain('<img src="')
  for (const [, file] of page.matchAll(/src="([^"]+)"/g)) expect(existsSync(join(root, 'docs', file as string)), file).toBe(true)
})

test('say what every setting means', () => {
  for (const { kind, config, examples } of layers) {
    const page = readFileSync(join(committed, `${kind}.md`), 'utf8')
    const keys = Object.keys(config.parse(examples[0]?.config) as object)
    for (const key of keys) expect(page, `${kind}: ${key}`).toMatch(new RegExp(`^\\| \`${key}\` \\| .+ \\| .* \\| .{3,} \\|$`, 'm'))
  }
})

test('are shown in the terminal', () => {
  const page = cli('docs', 'conv2d')
  expect(page).toContain('MACs = oh·ow·Kh·Kw·Cin/g·Cout')
  expect(page).toMatch(/dilationRate +number \| \[number, number\] +\[1,1\] +Distance between/)
  expect(page).not.toContain('![')
  expect(cli('docs')).toMatch(/conv2d +Slides learned kernels/)
})
