// A summary for spreadsheets.
import type { Analysis } from '../analysis/analyze.ts'
import { type ColumnName, columnName, columnsFor } from './columns.ts'
import { type TableOptions, tableRows } from './rows.ts'

const USUAL: readonly ColumnName[] = ['layer', 'from', 'kind', 'output', 'params', 'trainable', 'macs', 'flops', 'uncounted', 'memory', 'field', 'stride', 'pad']

/** Sizes, which are several numbers, stay texts: "28×28×6". */
const AS_TEXT: readonly ColumnName[] = ['output', 'field', 'stride', 'pad']

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** A line of names, then a line per row; numbers without separators, empty where one is not known. Memory in bytes. */
export function summaryCsv(analysis: Analysis, table: TableOptions = {}): string {
  const rows = tableRows(analysis, table)
  const all = columnsFor(analysis, rows)
  const names = table.columns?.map(columnName) ?? USUAL
  const total: Partial<Record<ColumnName, number | null>> = {
    'params%': analysis.totals.params, 'macs%': analysis.totals.macs, 'memory%': analysis.totals.memory.activations,
  }
  const cell = (name: ColumnName, index: number): string => {
    const row = rows[index] as (typeof rows)[number]
    const { value, show } = all[name]
    if (name === 'from') return row.from.join(' ')
    if (value === null || AS_TEXT.includes(name)) return show(row, index)
    const number = value(row)
    if (number === null) return ''
    const whole = total[name]
    return String(whole == null || whole === 0 ? number : (100 * number) / whole)
  }
  const lines = rows.map((_row, index) => names.map((name) => quoted(cell(name, index))).join(','))
  return `${[names.join(','), ...lines].join('\n')}\n`
}
