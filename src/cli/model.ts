// A model argument: a .ts, .js or .json file (`digits.ts`, `digits.ts#small`), a folder with a graph.json, or
// the name of a built-in model.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { register } from 'node:module'
import { extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DefinedGraph, isDefinedGraph } from '../graph/defineGraph.ts'
import type { AnyGraph } from '../graph/graph.ts'
import { isGraph } from '../graph/graph.ts'
import { isLayergraphError } from '../spec/issue.ts'
import { isLayerValue } from '../spec/symbolic.ts'
import { showPath } from './explain.ts'
import { FileError, UsageError } from './failure.ts'
import { nearest } from './nearest.ts'
import type { Settings } from './settings.ts'

const TYPESCRIPT = ['.ts', '.mts', '.cts']
const CODE = [...TYPESCRIPT, '.js', '.mjs', '.cjs']
const KNOWN = [...CODE, '.json']

/** The graph that the argument names, made with these settings where it is a function of a config. */
export async function loadModel(argument: string, settings: Settings = {}): Promise<AnyGraph> {
  const [path, name] = splitName(argument)
  if (!looksLikeFile(path)) return builtIn(argument, settings)
  const file = locate(path)
  if (extname(file) === '.json') {
    if (name !== null) throw new UsageError(`a document holds one graph, so "#${name}" says nothing`)
    refuseSettings(settings, `${showPath(file)} is a document`)
    return readJson(file)
  }
  return fromExport(file, name, await importFile(file), settings)
}

function splitName(argument: string): readonly [string, string | null] {
  const cut = argument.lastIndexOf('#')
  return cut < 0 ? [argument, null] : [argument.slice(0, cut), argument.slice(cut + 1)]
}

const looksLikeFile = (path: string): boolean => KNOWN.includes(extname(path)) || /[/\\]/.test(path)

function locate(path: string): string {
  const file = resolve(path)
  if (!existsSync(file)) throw new UsageError(`there is no file ${showPath(file)}`)
  if (statSync(file).isDirectory()) {
    const document = join(file, 'graph.json')
    if (existsSync(document)) return document
    throw new UsageError(
      `${showPath(file)} is a folder without a graph.json`,
      'name a file, or a folder that a model was saved to',
    )
  }
  if (KNOWN.includes(extname(file))) return file
  throw new UsageError(`${showPath(file)} is not a model file`, `models are ${KNOWN.join(' ')} files`)
}

function refuseSettings(settings: Settings, because: string): void {
  if (Object.keys(settings).length === 0) return
  throw new UsageError(`${because}, so --set changes nothing`, 'export a function of a config to use --set')
}

// ── built-in models ─────────────────────────────────────────────────────────

async function builtIn(name: string, settings: Settings): Promise<AnyGraph> {
  const model = await pageOf(name)
  if (model !== null) return make(name, () => model(settings), settings)
  const { graphs } = await import('../../graphs/index.ts')
  const file = CODE.map((extension) => name + extension).find((candidate) => existsSync(candidate))
  const meant = file ?? nearest(name, graphs.map((one) => one.name))
  throw new UsageError(
    `there is no built-in model "${name}"`,
    meant !== null ? `did you mean ${meant}?`
      : '`layergraph list` shows them; a file needs its ending, such as digits.ts',
  )
}

/** The model on the page of its name, with nothing loaded but what it is made of; null where there is none. */
async function pageOf(name: string): Promise<DefinedGraph | null> {
  const page = new URL(`../../graphs/${name}${extname(import.meta.url)}`, import.meta.url)
  if (!/^\w+$/.test(name) || !existsSync(page)) return null
  const found = (await import(page.href) as Exports)[name]
  return isDefinedGraph(found) ? found : null
}

/** Calls a model's function. What it refuses in the settings is the command's mistake, not the model's. */
async function make(name: string, run: () => unknown, settings: Settings): Promise<AnyGraph> {
  try {
    return await run() as AnyGraph
  } catch (error) {
    const isConfig = isLayergraphError(error) && error.issues.every(({ code }) => code.startsWith('config/'))
    if (!isConfig || Object.keys(settings).length === 0) throw error
    const reasons = error.issues.map(({ message }) => message)
    throw new UsageError(`${name} does not take these settings: ${reasons.join('; ')}`)
  }
}

// ── files ───────────────────────────────────────────────────────────────────

async function readJson(file: string): Promise<AnyGraph> {
  const { parseGraph } = await import('../door.ts')
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new FileError(file, error)
  }
  return parseGraph(json)
}

type Exports = Readonly<Record<string, unknown>>

async function importFile(file: string): Promise<Exports> {
  if (TYPESCRIPT.includes(extname(file))) (await import('tsx/esm/api')).register()
  register(new URL(`resolve${extname(import.meta.url)}`, import.meta.url))
  try {
    return await import(pathToFileURL(file).href) as Exports
  } catch (error) {
    throw new FileError(file, error)
  }
}

async function fromExport(
  file: string, name: string | null, exports: Exports, settings: Settings,
): Promise<AnyGraph> {
  const wanted = name ?? 'default'
  const value = exports[wanted]
  const label = name === null ? showPath(file) : `${showPath(file)}#${name}`
  if (value === undefined) throw noExport(file, name, exports)
  if (isGraph(value)) {
    refuseSettings(settings, `${label} is a graph`)
    return value
  }
  if (typeof value !== 'function' || isLayerValue(value)) {
    throw new UsageError(
      `${label} is ${describe(value)}, not a graph`, 'export graph({ … }), or a function that gives one',
    )
  }
  const made = await callExport(file, label, value as (config: Settings) => unknown, settings)
  if (isGraph(made)) return made
  throw new UsageError(`${label} gives ${describe(made)}, not a graph`, 'return graph({ … })')
}

async function callExport(
  file: string, label: string, run: (config: Settings) => unknown, settings: Settings,
): Promise<unknown> {
  try {
    return await make(label, () => run(settings), settings)
  } catch (error) {
    throw error instanceof UsageError ? error : new FileError(file, error)
  }
}

function describe(value: unknown): string {
  if (isLayerValue(value)) return `a layer (${value.kind})`
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function noExport(file: string, name: string | null, exports: Exports): UsageError {
  const what = name === null ? 'default export' : `export "${name}"`
  const names = Object.keys(exports).filter((one) => typeof exports[one] === 'function')
  const near = name === null ? names[0] : nearest(name, names) ?? names[0]
  return new UsageError(
    `${showPath(file)} has no ${what}`,
    near === undefined ? 'write: export default graph({ … })'
      : `it exports ${names.join(', ')}; try ${showPath(file)}#${near}`,
  )
}
