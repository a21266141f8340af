// The pages of docs/layers are those that the generator makes of the layers.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { layers } from '../../layers/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const committed = join(root, 'docs/layers')
const fresh = mkdtempSync(join(tmpdir(), 'pages-'))
afterAll(() => rmSync(fresh, { recursive: true }))

/** Reads the built package: npm test builds first. */
const cli = (...args: readonly string[]): string => execFileSync(process.execPath, [join(root, 'dist/src/cli/main.js'), ...args], { encoding: 'utf8' })

test('are what npm run docs writes', () => {
  execFileSync(process.execPath, [join(root, 'scripts/build-docs.mjs'), '--out', fresh])
  for (const folder of ['layers', 'pictures']) {
    const names = readdirSync(join(fresh, folder)).sort()
    expect(readdirSync(join(root, 'docs', folder)).sort()).toEqual(names)
    for (const name of names) {
      expect(readFileSync(join(root, 'docs', folder, name), 'utf8'), name).toBe(readFileSync(join(fresh, folder, name), 'utf8'))
    }
  }
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
