// A layer's page for people: what it does, its settings, examples with their numbers, where it comes from.
import { analyze } from '../analysis/analyze.ts'
import { inLanguage, type Words, WORDS } from '../analysis/derivation.ts'
import { explain } from '../analysis/explain.ts'
import type { GraphData, GraphNode } from '../graph/graph.ts'
import type { Example, LayerDefinition } from '../spec/layer.ts'
import { inferUse } from '../spec/symbolic.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { showCount } from './numbers.ts'

/** A key of a layer's config, as its page in layers/ words it. */
export interface Setting {
  readonly key: string
  readonly optional: boolean
  /** "number | [number, number]". */
  readonly type: string
  readonly meaning: string
}

/** What a page says beyond the layer's definition. */
export interface PageText {
  /** Paragraphs below the summary. */
  readonly description: string
  readonly settings: readonly Setting[]
  /** A file to show, beside the page. */
  readonly picture: string | null
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

/** The value a key has where it is left out, found in an example that leaves it out; `null` when all give it. */
function defaultOf({ config, examples }: LayerDefinition, key: string): string | null {
  const example = examples.find((one) => !Object.hasOwn(one.config as object, key))
  if (example === undefined) return null
  const value = (config.parse(example.config) as Readonly<Record<string, unknown>>)[key]
  return value === undefined ? null : JSON.stringify(value)
}

function settingsTable(definition: LayerDefinition, settings: readonly Setting[]): readonly string[] {
  if (settings.length === 0) return ['It takes no settings.']
  const row = ({ key, optional, type, meaning }: Setting): string => {
    const left = optional ? defaultOf(definition, key) : null
    return `| ${code(key)} | ${code(type)} | ${optional ? (left === null ? '' : code(left)) : 'needed'} | ${meaning.replaceAll('|', '\\|')} |`
  }
  return ['| key | type | default, as stored | meaning |', '|---|---|---|---|', ...settings.map(row)]
}

/** A layer's use as a node by itself. @throws Error when an example of a page does not fit. */
export function soleNode(definition: LayerDefinition, given: unknown, inputs: readonly Dims[]): GraphNode {
  const config = definition.config.parse(given)
  const site = inferUse(definition, config, inputs)
  if (!('outputs' in site)) throw new Error(`${definition.kind}: an example does not fit: ${site[0]?.message}`)
  return {
    id: definition.kind, kind: definition.kind, definition, config, site, weights: null,
    from: inputs.map((_shape, index) => ({ id: `x${index}`, output: 0 })),
  }
}

/** An example of a page as a graph of that layer alone. */
export function exampleGraph(definition: LayerDefinition, { config, inputs }: Example = definition.examples[0] as Example): GraphData {
  const node = soleNode(definition, config, inputs)
  return {
    name: definition.kind, inputs: inputs.map((shape, index) => ({ id: `x${index}`, shape })), nodes: [node],
    outputs: node.site.outputs.map((_shape, output) => ({ name: `y${output}`, from: { id: node.id, output } })),
  }
}

/** The first example with its numbers in the formula, where the page says what the formula's letters are. */
function workedLines(definition: LayerDefinition): readonly string[] {
  if (definition.letters === undefined) return []
  const graph = exampleGraph(definition)
  const sections = explain(graph, definition.kind).sections.filter(({ title }) => title.en !== WORDS.field.en)
  const english = (words: Words): string => inLanguage(words, 'en')
  const lines = sections.flatMap(({ steps }) => steps).filter(({ numbers }) => english(numbers) !== '').map(({ label, numbers, result }) =>
    `    ${english(label)}: ${english(numbers) === english(result) ? '' : `${english(numbers)} = `}${english(result)}`)
  return lines.length === 0 ? [] : ['', 'The first of them worked out; `npx layergraph explain ' + definition.kind + '` says more:', '', ...lines]
}

const pair = (values: readonly (number | null)[]): string =>
  values.every((value) => value === values[0]) ? String(values[0] ?? '?') : values.map((value) => value ?? '?').join('×')

function exampleRows(definition: LayerDefinition): readonly string[] {
  const rows = definition.examples.map((example) => {
    const { config, inputs } = example
    const graph = exampleGraph(definition, example)
    const analysis = analyze(graph)
    const outputs = graph.nodes[0]?.site.outputs as readonly Dims[]
    const [{ params, macs, field } = { params: null, macs: null, field: null }] = analysis.nodes
    const sees = field === null ? '?' : field.size === 'all' ? 'all' : pair(field.size)
    const call = Object.keys(config as object).length === 0 ? `${definition.kind}()` : `${definition.kind}(${JSON.stringify(config)})`
    const shapes = `${inputs.map(showDims).join(', ')} → ${outputs.map(showDims).join(', ')}`
    return `| ${code(call)} | ${shapes} | ${showCount(params)} | ${showCount(macs)} | ${sees} |`
  })
  return ['| use | shapes | params | MACs | field |', '|---|---|---|---|---|', ...rows]
}

function weightRows(definition: LayerDefinition): readonly string[] {
  const [example] = definition.examples
  if (example === undefined || definition.weights === undefined) return []
  const { site } = soleNode(definition, example.config, example.inputs)
  const weights = definition.weights(site)
  if (weights.length === 0) return []
  const rows = weights.map(({ name, shape, trainable, initializer }) =>
    `| ${code(name)} | ${showDims(shape)} | ${trainable ? 'yes' : 'no'} | ${code(typeof initializer === 'string' ? initializer : JSON.stringify(initializer))} |`)
  return ['', '## Weights', '', `Of the first example:`, '', '| name | shape | trained | starts as |', '|---|---|---|---|', ...rows]
}

function paperLine({ paper }: LayerDefinition): readonly string[] {
  if (paper === undefined) return []
  const title = paper.url === undefined ? paper.title : `[${paper.title}](${paper.url})`
  return ['', '## Source', '', `${paper.authors}, ${title}, ${paper.year}.`]
}

/** The page as Markdown, with a line break at its end. */
export function layerPage(definition: LayerDefinition, { description, settings, picture }: PageText): string {
  const { kind, category, summary, formula } = definition
  return [
    `# ${kind}`, '', `${summary} (${category})`,
    ...(description === '' ? [] : ['', description]),
    ...(picture === null ? [] : ['', `![${category === 'activation' ? `The curve of ${kind}` : `What one output of ${kind} looks at`}](${picture})`]),
    ...(formula === undefined ? [] : ['', '## Formula', '', ...formula.split('; ').map((part) => `    ${part}`)]),
    '', '## Settings', '', ...settingsTable(definition, settings),
    '', '## Examples', '', ...exampleRows(definition), ...workedLines(definition),
    ...weightRows(definition), ...paperLine(definition), '',
  ].join('\n')
}

/** The list of all pages as Markdown, by category. */
export function layerIndex(definitions: readonly LayerDefinition[]): string {
  const categories = [...new Set(definitions.map(({ category }) => category))].sort()
  const sections = categories.flatMap((category) => [
    '', `## ${category}`, '', '| layer | what it does |', '|---|---|',
    ...definitions.filter((one) => one.category === category).map(({ kind, summary }) => `| [${kind}](${kind}.md) | ${summary} |`),
  ])
  return ['# Layers', '', 'One page each, also in the terminal: `npx layergraph docs conv2d`.', ...sections, ''].join('\n')
}
