// The results as a table: for a terminal, for docs/performance.md, for programs.
import Table from 'cli-table3'
import type { Unit } from './limits.ts'
import type { Machine } from './machine.ts'

/** One comparison. Seconds for one time. */
export interface Row {
  readonly work: string
  readonly title: string
  readonly ours: string
  readonly peer: string
  readonly oursSeconds: number | null
  readonly peerSeconds: number | null
  readonly ratio: number | null
  readonly target: number
  /** What is to be said about it: why there is no number, or that the peer ran once only. */
  readonly note: string
}

/** A time, or another number, against a limit. */
export interface LimitRow {
  readonly work: string
  readonly title: string
  readonly value: number
  readonly unit: Unit
  readonly limit: number
}

export interface Results {
  readonly machine: Machine
  /** Of all who took part. */
  readonly versions: readonly string[]
  readonly clock: string
  readonly rounds: number
  readonly rows: readonly Row[]
  readonly limits: readonly LimitRow[]
  /** What makes these numbers doubtful. */
  readonly warnings: readonly string[]
}

const SIGNIFICANT = 3

/** 0.000123 s as "0.123 ms". */
export function showSeconds(seconds: number | null): string {
  if (seconds === null) return '–'
  return seconds < 1 ? `${Number((seconds * 1e3).toPrecision(SIGNIFICANT))} ms` : `${Number(seconds.toPrecision(SIGNIFICANT))} s`
}

const showRatio = (ratio: number | null): string => (ratio === null ? '–' : `${Number(ratio.toPrecision(2))}`)
const showTarget = (target: number): string => `≤ ${Number(target.toPrecision(SIGNIFICANT))}`
const verdict = (value: number | null, target: number): string => (value === null ? '' : value <= target ? 'yes' : 'no')

const HEAD = ['work', 'ours', 'time', 'peer', 'time', 'ratio', 'to reach', 'reached', 'note']
const LIMIT_HEAD = ['work', 'measured', 'limit', 'kept']

const cellsOf = (row: Row): string[] => [
  row.title, row.ours, showSeconds(row.oursSeconds), row.peer, showSeconds(row.peerSeconds), showRatio(row.ratio),
  showTarget(row.target), verdict(row.ratio, row.target), row.note,
]

const limitCellsOf = ({ title, value, unit, limit }: LimitRow): string[] => [
  title, unit === 's' ? showSeconds(value) : `${Number(value.toPrecision(SIGNIFICANT))} ${unit}`, `${showTarget(limit)} ${unit}`,
  verdict(value, limit),
]

function machineLines({ machine, versions, clock, rounds }: Results): string[] {
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.system}; Node ${machine.node} (V8 ${machine.v8}); ${machine.date}`,
    versions.join('; '),
    `medians of ${rounds} rounds, ${clock === 'cpu' ? 'processor time' : 'wall clock'}`,
  ]
}

function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function layOut(results: Results, table: typeof textTable): string[] {
  return [
    ...(results.rows.length === 0 ? [] : [table(HEAD, results.rows.map(cellsOf))]),
    ...(results.limits.length === 0 ? [] : [table(LIMIT_HEAD, results.limits.map(limitCellsOf))]),
  ]
}

export const text = (results: Results): string =>
  [machineLines(results).join('\n'), ...layOut(results, textTable), ...results.warnings].join('\n')

export const markdown = (results: Results): string =>
  [machineLines(results).map((line) => `- ${line}`).join('\n'), ...layOut(results, markdownTable), ...results.warnings].join('\n\n')
