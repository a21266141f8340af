// The columns that a summary may have: how each is shown, and the number behind it.
import type { Analysis, Field, NodeAnalysis } from '../analysis/analyze.ts'
import type { Row } from '../analysis/scopes.ts'
import { readRef, showRef } from '../graph/graph.ts'
import { failure } from '../spec/issue.ts'
import { countOf, showDims } from '../spec/tensor.ts'
import { showBytes, showCount, showField, showPartial } from './numbers.ts'

export interface Column {
  readonly name: string
  readonly title: string
  readonly numeric: boolean
  readonly show: (row: Row, index: number) => string
  /** The number to sort by, and for programs; texts have none. */
  readonly value: ((row: Row) => number | null) | null
}

export const COLUMNS = [
  '#', 'layer', 'from', 'kind', 'output', 'params', 'trainable', 'macs', 'flops', 'uncounted', 'memory', 'field', 'stride', 'pad',
  'params%', 'macs%', 'memory%',
] as const
export type ColumnName = (typeof COLUMNS)[number]

/** Where a node's inputs come from: numbers of rows, or names of inputs. */
function showSources(row: Row, rowOf: ReadonlyMap<string, number>): string {
  const show = (ref: string): string => {
    const { id, output } = readRef(ref)
    const at = rowOf.get(id)
    return at === undefined ? ref : showRef({ id: String(at), output })
  }
  return row.from.map(show).join(', ')
}

export const followsOn = ({ from }: NodeAnalysis, before: string | undefined): boolean => from.length === 1 && from[0] === before

function showFields({ field, fields }: NodeAnalysis, part: 0 | 1 | 2): string {
  if (fields === undefined) return showField(field)[part]
  const values = Object.values(fields).map((one) => showField(one)[part])
  return new Set(values).size === 1 ? values[0] as string : values.join(' | ')
}

const showShapes = ({ outputShape, outputShapes }: NodeAnalysis): string =>
  (outputShapes ?? [outputShape]).map(showDims).join(', ')

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
/** Characters of a bar for all of it. */
const BAR = 10

/** "███▌        35.2 %" */
function showShare(value: number | null, total: number | null): string {
  if (value === null || total === null || total === 0) return '?'
  const eighths = Math.round((value / total) * BAR * 8)
  const bar = `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] as string}`
  return `${bar.padEnd(BAR)} ${((100 * value) / total).toFixed(1).padStart(5)} %`
}

/** Pixels of a field, "all" the most. */
const fieldArea = (field: Field | null): number | null =>
  (field === null ? null : field.size === 'all' ? Number.MAX_VALUE : countOf(field.size))

type Shown = Pick<Column, 'title' | 'show' | 'value'>

/** Every column, for these rows. */
export function columnsFor({ totals }: Analysis, rows: readonly Row[]): Readonly<Record<ColumnName, Column>> {
  const rowOf = new Map(rows.map(({ id }, index) => [id, index + 1]))
  const text = (title: string, show: Column['show']): Shown => ({ title, show, value: null })
  const count = (title: string, value: (row: Row) => number | null, show = (row: Row): string => showCount(value(row))): Shown => ({ title, show, value })
  const flops = ({ macs }: Row): number | null => (macs === null ? null : 2 * macs)
  const shown: Readonly<Record<ColumnName, Shown>> = {
    '#': count('#', ({ id }) => rowOf.get(id) as number, ({ id }) => String(rowOf.get(id))),
    layer: text('layer', ({ id }) => id),
    from: text('from', (row, index) => (followsOn(row, rows[index - 1]?.id) ? '' : showSources(row, rowOf))),
    kind: text('kind', ({ kind }) => kind),
    output: count('output', ({ outputShape }) => countOf(outputShape), showShapes),
    params: count('params', ({ params }) => params, ({ params, weights }) =>
      (weights === undefined ? showCount(params) : `as ${rowOf.get(weights) ?? weights}`)),
    trainable: count('trainable', ({ trainableParams }) => trainableParams),
    macs: count('MACs', ({ macs }) => macs, ({ macs, uncounted = 0 }) => showPartial(macs, uncounted)),
    flops: count('FLOPs', flops, (row) => showPartial(flops(row), row.uncounted ?? 0)),
    uncounted: count('uncounted', ({ macs, uncounted = macs === null ? 1 : 0 }) => uncounted),
    memory: count('memory', ({ memory }) => memory, ({ memory }) => showBytes(memory)),
    field: count('field', ({ field }) => fieldArea(field), (row) => showFields(row, 0)),
    stride: count('stride', ({ field }) => (field?.stride == null ? null : countOf(field.stride)), (row) => showFields(row, 1)),
    pad: count('pad', ({ field }) => field?.padding?.[0] ?? null, (row) => showFields(row, 2)),
    'params%': count('params %', ({ params }) => params, ({ params }) => showShare(params, totals.params)),
    'macs%': count('MACs %', ({ macs }) => macs, ({ macs }) => showShare(macs, totals.macs)),
    'memory%': count('memory %', ({ memory }) => memory, ({ memory }) => showShare(memory, totals.memory.activations)),
  }
  return Object.fromEntries(COLUMNS.map((name): [ColumnName, Column] => {
    const { title, show, value } = shown[name]
    return [name, { name, title, show, value, numeric: value !== null && !name.endsWith('%') }]
  })) as Record<ColumnName, Column>
}

/** @throws LayergraphError `report/column` for a name that is not one. */
export function columnName(name: string): ColumnName {
  const found = COLUMNS.find((one) => one === name.toLowerCase())
  if (found !== undefined) return found
  throw failure('report/column', name, 'is not a column of a summary', `columns are ${COLUMNS.join(', ')}`)
}
