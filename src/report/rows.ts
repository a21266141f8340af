// A summary as cells of text, before any layout: what the text and the markdown table have in common.
import type { Analysis, Field, Memory, NodeAnalysis } from '../analysis/analyze.ts'
import { readRef, showRef } from '../graph/graph.ts'
import type { Issue } from '../spec/issue.ts'
import { showDims } from '../spec/tensor.ts'

/** A table of text. */
export interface Rows {
  readonly head: readonly string[]
  /** Columns of numbers, which are aligned at their right. */
  readonly numeric: readonly boolean[]
  readonly body: readonly (readonly string[])[]
}

/** "1,234,567"; ? for a number that is not known. */
export const showCount = (value: number | null): string => (value === null ? '?' : value.toLocaleString('en-US'))

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** "1.5 MiB"; ? for a number that is not known. */
export function showBytes(bytes: number | null): string {
  if (bytes === null) return '?'
  if (bytes < 1024) return `${bytes} B`
  let value = bytes
  let unit = 0
  // Up to the next unit as soon as one decimal would print 1024.0.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`
}

type Sizes = readonly (number | null)[]

/** "1/2" for what is not whole. */
export function showNumber(value: number): string {
  if (Number.isInteger(value)) return String(value)
  for (let under = 2; under <= 64; under++) {
    const over = value * under
    if (Math.abs(over - Math.round(over)) < 1e-9) return `${Math.round(over)}/${under}`
  }
  return value.toFixed(2)
}

/** "3", or "3×5" where the axes differ. */
export function showSizes(sizes: Sizes | null, none: string): string {
  if (sizes === null) return none
  const shown = sizes.map((value) => (value === null ? none : showNumber(value)))
  return new Set(shown).size === 1 ? shown[0] as string : shown.join('×')
}

/** Size, stride and padding of a receptive field; – where there is no grid. */
export function showField(field: Field | null): readonly [string, string, string] {
  if (field === null) return ['?', '?', '?']
  const size = field.size === 'all' ? 'all' : showSizes(field.size, '?')
  return [size, showSizes(field.stride, '–'), showSizes(field.padding, '–')]
}

/** Does every node take the output of the one before it, with weights of its own? Then rows need no numbers. */
function isChain({ inputs, nodes }: Analysis): boolean {
  return inputs.length === 1 && nodes.every((node, index) =>
    node.weights === undefined && followsOn(node, nodes[index - 1]?.id ?? inputs[0]?.id))
}

const followsOn = ({ from }: NodeAnalysis, before: string | undefined): boolean => from.length === 1 && from[0] === before

/** Does the id end in the kind, as default ids do? Then a summary need not say the kind. */
const tellsKind = ({ id, kind }: NodeAnalysis): boolean =>
  id.slice(id.lastIndexOf('/') + 1).replace(/_\d+$/, '') === kind

/** Where a node's inputs come from: numbers of rows, or names of inputs. */
function showSources(node: NodeAnalysis, rowOf: ReadonlyMap<string, number>): string {
  const show = (ref: string): string => {
    const { id, output } = readRef(ref)
    const row = rowOf.get(id)
    return row === undefined ? ref : showRef({ id: String(row), output })
  }
  return node.from.map(show).join(', ')
}

function showFields({ field, fields }: NodeAnalysis): readonly [string, string, string] {
  if (fields === undefined) return showField(field)
  const columns = Object.values(fields).map(showField)
  return [0, 1, 2].map((part) => {
    const values = columns.map((column) => column[part] as string)
    return new Set(values).size === 1 ? values[0] : values.join(' | ')
  }) as unknown as readonly [string, string, string]
}

const showShapes = ({ outputShape, outputShapes }: NodeAnalysis): string =>
  (outputShapes ?? [outputShape]).map(showDims).join(', ')

interface Column {
  readonly title: string
  readonly numeric: boolean
  readonly show: (node: NodeAnalysis, index: number) => string
}

const text = (title: string, show: Column['show']): Column => ({ title, numeric: false, show })
const number = (title: string, show: Column['show']): Column => ({ title, numeric: true, show })

/**
 * One row per node.
 *
 * A plain chain needs no row numbers and no sources; where all ids tell the kind, there is no column for it.
 */
export function summaryRows(analysis: Analysis): Rows {
  const { nodes } = analysis
  const rowOf = new Map(nodes.map(({ id }, index) => [id, index + 1]))
  const sources = (node: NodeAnalysis, index: number): string =>
    (followsOn(node, nodes[index - 1]?.id) ? '' : showSources(node, rowOf))
  const wiring = isChain(analysis) ? [] : [number('#', (_node, index) => String(index + 1))]
  const columns: readonly Column[] = [
    ...wiring,
    text('layer', ({ id }) => id),
    ...(wiring.length === 0 ? [] : [text('from', sources)]),
    ...(nodes.every(tellsKind) ? [] : [text('kind', ({ kind }) => kind)]),
    number('output', showShapes),
    number('params', ({ params, weights }) => (weights === undefined ? showCount(params) : `as ${rowOf.get(weights)}`)),
    number('MACs', ({ macs }) => showCount(macs)),
    number('field', (node) => showFields(node)[0]),
    number('stride', (node) => showFields(node)[1]),
    number('pad', (node) => showFields(node)[2]),
  ]
  return {
    head: columns.map(({ title }) => title),
    numeric: columns.map(({ numeric }) => numeric),
    body: nodes.map((node, index) => columns.map(({ show }) => show(node, index))),
  }
}

function showActivations({ activations, peak }: Memory): string {
  if (activations === null && peak === null) return '?'
  return `${showBytes(activations)} in training, peak of ${showBytes(peak)} at inference`
}

/** The totals as name and value. */
export function totalsRows({ totals }: Analysis): readonly (readonly [string, string])[] {
  const { params, trainableParams, macs, uncounted, memory } = totals
  const open = uncounted.length === 0 ? '' : `, and ${uncounted.length} ${uncounted.length === 1 ? 'layer' : 'layers'} uncounted`
  return [
    ['parameters', params === trainableParams ? showCount(params) : `${showCount(params)} (${showCount(trainableParams)} trainable)`],
    ['MACs per image', `${showCount(macs)}${open}`],
    ['weights', showBytes(memory.weights)],
    ['activations per image', showActivations(memory)],
  ]
}

/** Findings of one kind as one, so that a graph of unknown sizes does not print one for each layer. */
export function groupFindings(findings: readonly Issue[]): readonly Issue[] {
  const groups = new Map<string, Issue[]>()
  for (const finding of findings) {
    const key = [finding.code, finding.message, finding.hint].join('\n')
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()].map(([first, ...more]) => {
    const { kind: _kind, ...rest } = first as Issue
    if (more.length === 0) return first as Issue
    const others = more.length === 1 ? (more[0] as Issue).at : `${more.length} more`
    return { ...rest, at: `${rest.at} and ${others}` }
  })
}

/** "image 28×28×1" for each input. */
export const showInputs = ({ inputs }: Analysis): string =>
  inputs.map(({ id, shape }) => `${id} ${showDims(shape)}`).join(', ')
