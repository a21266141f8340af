// A summary as cells of text, before any layout: what the text and the markdown table have in common.
import type { Analysis, Memory, NodeAnalysis } from '../analysis/analyze.ts'
import { foldScopes, type GroupedRow, type Row, withSubtotals } from '../analysis/scopes.ts'
import type { Issue } from '../spec/issue.ts'
import { failure } from '../spec/issue.ts'
import { showDims } from '../spec/tensor.ts'
import { type ColumnName, columnName, columnsFor, followsOn } from './columns.ts'
import { showBytes, showCount } from './numbers.ts'

/** A table of text. */
export interface Rows {
  readonly head: readonly string[]
  /** Columns of numbers, which are aligned at their right. */
  readonly numeric: readonly boolean[]
  readonly body: readonly (readonly string[])[]
}

/** Which rows and columns a summary has. */
export interface TableOptions {
  /** Names of columns, in order; default those that the graph needs. */
  readonly columns?: readonly string[]
  /** The name of a column: its largest numbers first. Default the order of the graph. */
  readonly sort?: string
  /** Folds the nodes of scopes deeper than so many into one row each. Default all nodes. */
  readonly depth?: number
  /** A row with the sum of each scope behind its rows, which `sort` leaves out; default true. */
  readonly subtotals?: boolean
}

/** Marks the sum of a scope. */
export const SUM = 'Σ '

/** Does every row take the output of the one before it, with weights of its own? Then rows need no numbers. */
const isChain = ({ inputs }: Analysis, rows: readonly Row[]): boolean =>
  inputs.length === 1 && rows.every((row, index) => row.weights === undefined && followsOn(row, rows[index - 1]?.id ?? inputs[0]?.id))

/** Does the id end in the kind, as default ids do? Then a summary need not say the kind. */
const tellsKind = ({ id, kind }: NodeAnalysis): boolean =>
  id.slice(id.lastIndexOf('/') + 1).replace(/_\d+$/, '') === kind

/** A plain chain needs no row numbers and no sources; where all ids tell the kind, there is no column for it. */
function usualColumns(analysis: Analysis, rows: readonly Row[]): readonly ColumnName[] {
  const wired = !isChain(analysis, rows)
  return [
    ...(wired ? ['#'] as const : []), 'layer', ...(wired ? ['from'] as const : []),
    ...(rows.every(tellsKind) ? [] : ['kind'] as const), 'output', 'params', 'macs', 'field', 'stride', 'pad',
  ]
}

/** The rows of a summary before they are shown: folded, then sorted. @throws LayergraphError */
export function tableRows(analysis: Analysis, { sort, depth }: TableOptions): readonly Row[] {
  if (depth !== undefined && !(Number.isInteger(depth) && depth > 0)) {
    throw failure('report/depth', 'depth', `is ${depth}`, 'give a whole number from 1')
  }
  const rows: readonly Row[] = depth === undefined ? analysis.nodes : foldScopes(analysis.nodes, depth)
  if (sort === undefined) return rows
  const { value, name } = columnsFor(analysis, rows)[columnName(sort)]
  if (value === null) throw failure('report/column', name, 'holds texts, which are not sorted', 'sort by a column of numbers, such as macs')
  return rows.toSorted((a, b) => (value(b) ?? -1) - (value(a) ?? -1))
}

/** What a sum of other rows shows: it has no number and no sources of its own. */
const subtotalCells = (id: string): Partial<Record<ColumnName, string>> => ({ '#': '', layer: `${SUM}${id}`, from: '' })

/** One row per node, or per scope, and the sums of scopes. @throws LayergraphError `report/column`, `report/depth`. */
export function summaryRows(analysis: Analysis, options: TableOptions = {}): Rows {
  const rows = tableRows(analysis, options)
  const { sort: _sort, ...unsorted } = options
  const inOrder = options.sort === undefined ? rows : tableRows(analysis, unsorted)
  const all = columnsFor(analysis, inOrder)
  const names = options.columns?.map(columnName) ?? usualColumns(analysis, inOrder)
  const columns = names.map((name) => all[name])
  const place = new Map(inOrder.map(({ id }, index) => [id, index]))
  const grouped: readonly GroupedRow[] = options.sort === undefined && options.subtotals !== false
    ? withSubtotals(rows) : rows.map((row) => ({ row, subtotal: false }))
  return {
    head: columns.map(({ title }) => title),
    numeric: columns.map(({ numeric }) => numeric),
    body: grouped.map(({ row, subtotal }) => {
      const own = subtotal ? subtotalCells(row.id) : {}
      return columns.map(({ name, show }) => own[name as ColumnName] ?? show(row, place.get(row.id) as number))
    }),
  }
}

function showActivations({ activations, peak, trainingPeak }: Memory): string {
  if (activations === null && peak === null) return '?'
  return `${showBytes(activations)}; peak of ${showBytes(peak)} at inference, ${showBytes(trainingPeak)} in training`
}

/** The totals as name and value. */
export function totalsRows({ totals }: Analysis): readonly (readonly [string, string])[] {
  const { params, trainableParams, macs, flops, uncounted, memory } = totals
  const open = uncounted.length === 0 ? '' : `, and ${uncounted.length} ${uncounted.length === 1 ? 'layer' : 'layers'} uncounted`
  return [
    ['parameters', params === trainableParams ? showCount(params) : `${showCount(params)} (${showCount(trainableParams)} trainable)`],
    ['MACs per image', `${showCount(macs)}${open}`],
    ['FLOPs per image', `${showCount(flops)}, two for each of the MACs`],
    ['weights', `${showBytes(memory.weights)} as float32, ${showBytes(memory.weightsFloat16)} as float16`],
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
