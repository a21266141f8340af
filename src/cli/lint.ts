// layergraph lint <model>
import { readFileSync } from 'node:fs'
import { lint as lintGraph, type LintOptions } from '../analysis/lint/index.ts'
import type { GraphData } from '../graph/graph.ts'
import { numbersOnLines } from '../report/json.ts'
import { groupFindings } from '../report/rows.ts'
import { type Issue, renderIssue, type Severity } from '../spec/issue.ts'
import type { Dims } from '../spec/tensor.ts'
import type { ArrayTensor } from '../train/data.ts'
import type { ImageSets } from '../train/mnist.ts'
import { EXIT, UsageError } from './failure.ts'
import { loadSized } from './node.ts'
import type { SizedOptions } from './options.ts'
import { savedWeights } from './weights.ts'

export interface LintCommand extends SizedOptions {
  readonly failOn: Severity | 'never'
  readonly config?: string
  readonly rule?: readonly string[]
  readonly ignore?: readonly string[]
  readonly images?: readonly string[]
  readonly weights?: string
  readonly samples: number
  readonly json?: boolean
}

/** A file of { "rules": { code: severity }, "ignore": [{ "code", "at" }] }. */
function readConfig(file: string | undefined): LintOptions {
  if (file === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  }
  const known = typeof value === 'object' && value !== null && Object.keys(value).every((key) => ['rules', 'ignore'].includes(key))
  if (known) return value as LintOptions
  throw new UsageError(`${file} is not a lint config`, 'write { "rules": { "field/gridding": "off" }, "ignore": [{ "code": "…", "at": "head/*" }] }')
}

/** ['field/gridding=off'] */
const readRules = (texts: readonly string[] = []): Record<string, Severity | 'off'> => Object.fromEntries(texts.map((text) => {
  const cut = text.indexOf('=')
  if (cut < 1) throw new UsageError(`--rule takes code=severity, but gets "${text}"`, 'such as --rule field/gridding=off')
  return [text.slice(0, cut), text.slice(cut + 1) as Severity | 'off']
}))

/** ['field/gridding@head/*'] */
const readIgnored = (texts: readonly string[] = []): { readonly code: string; readonly at: string }[] => texts.map((text) => {
  const cut = text.indexOf('@')
  if (cut < 1) throw new UsageError(`--ignore takes code@node, but gets "${text}"`, 'such as --ignore field/gridding@head/*')
  return { code: text.slice(0, cut), at: text.slice(cut + 1) }
})

/** ['mnist'], or ['left=mnist', 'right=folder']: where the images of each input come from. */
function readImages(texts: readonly string[], graph: GraphData): readonly { readonly input: string; readonly shape: Dims; readonly data: string }[] {
  const ids = graph.inputs.map(({ id }) => id)
  const byId = new Map<string, string>()
  for (const text of texts) {
    const cut = text.indexOf('=')
    const name = text.slice(0, Math.max(cut, 0))
    if (cut > 0 && !ids.includes(name)) throw new UsageError(`${graph.name} has no input "${name}"`, `its inputs are ${ids.join(', ')}`)
    for (const id of cut > 0 ? [name] : ids) byId.set(id, text.slice(cut + 1))
  }
  return graph.inputs.map(({ id, shape }) => {
    const data = byId.get(id)
    if (data === undefined) throw new UsageError(`--images names none for the input ${id}`, `such as --images ${id}=mnist`)
    return { input: id, shape, data }
  })
}

/** Images for every input. Inputs that take the same ones get different images of them at a time. */
async function imagesFor(graph: GraphData, texts: readonly string[]): Promise<Readonly<Record<string, ArrayTensor>>> {
  const { fitImages, loadData } = await import('./data.ts')
  const { rowsOf } = await import('../train/data.ts')
  const wanted = readImages(texts, graph)
  const sets = new Map(await Promise.all([...new Set(wanted.map(({ data }) => data))].map(async (data) => [data, await loadData(data)] as const)))
  return Object.fromEntries(wanted.map(({ input, shape, data }, index) => {
    const taker = graph.inputs.length === 1 ? graph.name : `${graph.name}, ${input},`
    const images = fitImages((sets.get(data) as ImageSets).test.inputs, shape, taker, data)
    return [input, rowsOf(images, index, images.shape[0] as number)]
  }))
}

/** What the units do on images; nothing where none are named. */
async function measure(graph: GraphData, { images, weights, samples }: LintCommand): Promise<Pick<LintOptions, 'units'>> {
  if (images === undefined) {
    if (weights === undefined) return {}
    throw new UsageError('--weights says with which weights to look at images, but --images is missing', 'such as --images mnist')
  }
  const { measureUnits } = await import('../runtime/units.ts')
  const saved = await savedWeights(weights)
  return { units: await measureUnits(graph, await imagesFor(graph, images), { samples, ...saved }) }
}

const RANK: readonly Severity[] = ['info', 'warning', 'error']

function counted(issues: readonly Issue[]): string {
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = issues.filter((issue) => issue.severity === severity).length
    const name = severity === 'info' ? 'info' : `${severity}${count === 1 ? '' : 's'}`
    return count === 0 ? [] : [`${count} ${name}`]
  })
  return parts.length === 0 ? 'no findings' : parts.join(', ')
}

/** Prints the findings of a model. Gives the exit code. */
export async function lint(model: string, options: LintCommand): Promise<number> {
  const graph = await loadSized(model, options)
  const { rules = {}, ignore = [] } = readConfig(options.config)
  const measured = await measure(graph, options)
  const issues = lintGraph(graph, { ...measured, rules: { ...rules, ...readRules(options.rule) }, ignore: [...ignore, ...readIgnored(options.ignore)] })
  const lines = groupFindings(issues).map(renderIssue)
  process.stdout.write(options.json ? numbersOnLines(issues) : `${[...lines, `${graph.name}: ${counted(issues)}`].join('\n')}\n`)
  const fails = options.failOn !== 'never' && issues.some(({ severity }) => RANK.indexOf(severity) >= RANK.indexOf(options.failOn as Severity))
  return fails ? EXIT.model : EXIT.fine
}
