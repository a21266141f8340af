// The rules of docs/architecture.md: who imports whom, and that every layer and model is where it belongs.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { graphs } from '../graphs/index.ts'
import { layers } from '../layers/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** TypeScript files under a folder, as paths from the root. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name)).map((name) => join(folder, name).split(sep).join('/'))
    // AssemblyScript is another language, and the binary is made by the build.
    .filter((path) => !path.startsWith('src/kernels/assembly/') && path !== 'src/kernels/binary.ts')
}

// ── who may import whom ─────────────────────────────────────────────────────

const DOORS = new Set(['src/index.ts', 'src/door.ts'])

/** "src/spec", "layers", … ; the doors are rooms of their own. */
function roomOf(path: string): string {
  if (DOORS.has(path)) return path
  const [first, second] = path.split('/') as [string, string]
  return first === 'src' ? `src/${second}` : first
}

const TFJS = 'tfjs'
const ANALYSIS = ['src/spec', 'src/graph', 'src/analysis', 'src/types']

/** What each room may import beside itself; `tfjs` stands for @tensorflow/…, and types are free. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  'src/types': [],
  'src/spec': ['src/types', 'zod'],
  layers: ['src/spec', 'src/types', 'zod'],
  'src/graph': ['src/spec', 'src/types', 'zod'],
  graphs: ['layers', 'src/graph', 'src/spec', 'src/types', 'zod'],
  'src/analysis': ['src/spec', 'src/graph', 'src/types', 'zod'],
  'src/platform': ['src/spec'],
  'src/picture': [],
  'src/kernels': [TFJS],
  'src/ops': ['src/spec', 'src/kernels', TFJS],
  'src/runtime': [...ANALYSIS, 'src/platform', 'src/ops', 'src/kernels', 'src/report', 'src/store', 'src/train', 'src/door.ts', TFJS, 'zod'],
  'src/train': [...ANALYSIS, 'src/platform', 'src/runtime', 'src/ops', 'src/kernels', 'src/store', 'src/report', TFJS, 'zod'],
  'src/store': ['src/platform', 'src/spec', 'src/graph', 'zod'],
  'src/report': [...ANALYSIS, 'src/draw'],
  'src/draw': ANALYSIS,
  'src/export': ANALYSIS,
  // tfjs comes in chunks of their own alone; test/viewer/bundle.test.ts looks at what a first visit loads.
  'src/viewer': [...ANALYSIS, 'src/picture', 'src/platform', 'layers', 'graphs', 'src/door.ts', 'src/draw', 'src/report', 'src/store', 'src/runtime', 'src/train', 'src/kernels', TFJS, 'zod'],
  'src/door.ts': ['layers', 'src/graph', 'src/spec', 'src/types'],
  'src/index.ts': ['layers', 'graphs', 'src/door.ts', ...ANALYSIS],
  examples: ['layergraph', TFJS, 'zod'],
}

/** Packages that a room may load although they are not listed above: node's own, and those a room exists to use. */
const isNode = (name: string): boolean => name.startsWith('node:')

interface Import {
  readonly from: string
  readonly target: string
}

/** Imports that are there at run time. */
function importsOf(path: string): readonly Import[] {
  const source = read(path).replace(/^import type[^;'"]*?from\s+'[^']*'/gm, '').replace(/^export type[^;'"]*?from\s+'[^']*'/gm, '')
  const found = [...source.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g)]
  return found.map(([, named, dynamic]) => ({ from: path, target: (named ?? dynamic) as string }))
}

function targetRoom({ from, target }: Import): string {
  if (target.startsWith('.')) return roomOf(relative(root, join(root, dirname(from), target)).split(sep).join('/'))
  if (target.startsWith('@tensorflow/')) return TFJS
  return target.startsWith('layergraph') ? 'layergraph' : target
}

describe('who may import whom', () => {
  test.each(Object.keys(MAY).filter((room) => !['src/export', 'examples'].includes(room)))('%s', (room) => {
    const files = [...filesIn('src'), ...filesIn('layers'), ...filesIn('graphs')].filter((path) => roomOf(path) === room)
    expect(files.length).toBeGreaterThan(0)
    const strangers = files.flatMap(importsOf)
      .filter((one) => ![room, ...MAY[room] as readonly string[]].includes(targetRoom(one)) && !isNode(one.target))
      // Libraries are chosen in docs/dependencies.md.
      .filter((one) => one.target.startsWith('.') || targetRoom(one) === TFJS || targetRoom(one) === 'layergraph')
    expect(strangers).toEqual([])
  })

  test('only platform, the command and the server of the viewer use what Node alone has', () => {
    const users = [...filesIn('src'), ...filesIn('layers'), ...filesIn('graphs')].flatMap(importsOf)
      .filter(({ target }) => isNode(target)).map(({ from }) => from)
    expect(users.filter((path) => !/^src\/(cli\/.*|platform\/\w+|viewer\/serve|viewer\/server)\.ts$/.test(path))).toEqual([])
  })

  test('each module of platform has one for pages, with the same exports, which bundlers take instead', () => {
    const { browser } = JSON.parse(read('package.json')) as { browser: Readonly<Record<string, string>> }
    const exportsOf = (path: string): readonly string[] =>
      [...read(path).matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name as string).sort()
    const modules = filesIn('src/platform').filter((path) => !path.endsWith('.browser.ts'))
    for (const path of modules) {
      const twin = path.replace(/\.ts$/, '.browser.ts')
      expect(exportsOf(twin)).toEqual(exportsOf(path))
      expect(browser[`./${path}`]).toBe(`./${twin}`)
      expect(browser[`./dist/${path.replace(/\.ts$/, '.js')}`]).toBe(`./dist/${twin.replace(/\.ts$/, '.js')}`)
    }
    expect(Object.keys(browser)).toHaveLength(2 * modules.length)
  })

  test('a layer imports no other layer', () => {
    const strangers = filesIn('layers').filter((path) => path !== 'layers/index.ts').flatMap(importsOf)
      .filter((one) => targetRoom(one) === 'layers')
    expect(strangers).toEqual([])
  })

  test('nobody outside layers asks for the kind of a layer', () => {
    const asking = [...filesIn('src'), ...filesIn('graphs')].flatMap((path) => read(path).split('\n').flatMap((line, index) => {
      const names = [...line.matchAll(/(?:kind\s*[!=]==?\s*|case\s+)'(\w+)'/g)].map(([, name]) => name)
      return names.some((name) => /kind/.test(line) && layers.some(({ kind }) => kind === name)) ? [`${path}:${index + 1} ${line.trim()}`] : []
    }))
    // Operations of the element-wise kind share their names with layers; they are no layers.
    expect(asking.filter((line) => !/^src\/(ops|kernels)\//.test(line))).toEqual([])
  })
})

// ── layers and models ───────────────────────────────────────────────────────

const pagesOf = (folder: string): readonly string[] =>
  filesIn(folder).map((path) => path.slice(folder.length + 1, -'.ts'.length)).filter((name) => name !== 'index')

describe('layers', () => {
  test('every page is in the list under its name, and the list is in order', () => {
    const kinds = layers.map(({ kind }) => kind)
    expect([...kinds].sort()).toEqual([...pagesOf('layers')].sort())
    expect(kinds).toEqual([...kinds].sort())
  })

  test.each(layers.map(({ kind }) => kind))('%s: one spelling for export, file and test', (kind) => {
    expect(read(`layers/${kind}.ts`)).toMatch(new RegExp(`export const ${kind}\\b`))
    expect(read('layers/index.ts')).toMatch(new RegExp(`export \\{ ${kind}\\b`))
    const page = read(`test/layers/${kind}.test.ts`)
    expect(page).toContain(`layerSuite(${kind}, `)
    if (!page.includes('noFixture')) expect(read(`test/fixtures/layers/${kind}.py`)).toContain(`Fixture('${kind}')`)
  })

  test.each(layers.map((layer) => [layer.kind, layer] as const))('%s: says what it does, in a sentence of either language', (_kind, { summary, summaryZh, formula }) => {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(summaryZh).toMatch(/[\u4e00-\u9fff].*。$/)
    expect(formula).toBeDefined()
  })
})

describe('models', () => {
  test.each(graphs.map(({ name }) => name))('%s: one spelling for export and file', (name) => {
    expect(read(`graphs/${name}.ts`)).toMatch(new RegExp(`export const ${name}\\b`))
  })
})

// ── the tree ────────────────────────────────────────────────────────────────

test('files can be read in one go', () => {
  const long = ['src', 'layers', 'graphs'].flatMap(filesIn).map((path) => ({ path, lines: read(path).split('\n').length }))
    .filter(({ path, lines }) => lines > 400 && path !== 'src/types/tables.ts')
  expect(long).toEqual([])
})

test('nothing is left unfinished', () => {
  const words = /\b(TODO|FIXME|XXX)\b|not (yet )?implemented/i
  const found = ['src', 'layers', 'graphs', 'bench'].flatMap(filesIn)
    .flatMap((path) => read(path).split('\n').flatMap((line, index) => (words.test(line) ? [`${path}:${index + 1}`] : [])))
  expect(found).toEqual([])
})
