// A summary for the terminal.
import columnsOf from 'fast-string-width'
import colors from 'picocolors'
import type { Analysis } from '../analysis/analyze.ts'
import { renderIssue } from '../spec/issue.ts'
import { groupFindings, type Rows, showInputs, summaryRows, type TableOptions, totalsRows } from './rows.ts'

export interface TextOptions extends TableOptions {
  /** Columns of the terminal, default 100. Ids are shortened in the middle to fit; numbers never are. */
  readonly width?: number
  /** Use terminal colours, default false. */
  readonly color?: boolean
}

/** Spaces between columns. */
const GAP = 2
/** Ids get no shorter than this. */
const SHORTEST = 16

/** "layer4/…/conv2d": the text shortened in its middle to so many characters. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const kept = width - 1
  return `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`
}

const widthOf = (rows: Rows, column: number): number =>
  Math.max(...[rows.head, ...rows.body].map((row) => columnsOf(row[column] as string)))

/** The rows with ids shortened until a line fits into `width`, or until ids are as short as they may get. */
export function fit(rows: Rows, width: number): Rows {
  const ids = rows.head.indexOf('layer')
  if (ids < 0) return rows
  const widths = rows.head.map((_title, column) => widthOf(rows, column))
  const line = widths.reduce((sum, one) => sum + one, GAP * (widths.length - 1))
  const room = Math.max((widths[ids] as number) - Math.max(line - width, 0), SHORTEST)
  const cell = (text: string, column: number): string => (column === ids ? shorten(text, room) : text)
  return { ...rows, body: rows.body.map((row) => row.map(cell)) }
}

/** The rows as a table without lines. */
export function layOut(rows: Rows, paint: (title: string) => string): string {
  const { head, body, numeric } = rows
  const widths = head.map((_title, column) => widthOf(rows, column))
  const line = (row: readonly string[], show: (text: string) => string): string => row.map((text, column) => {
    const padding = ' '.repeat((widths[column] as number) - columnsOf(text))
    if (numeric[column] === true) return padding + show(text)
    return column === row.length - 1 ? show(text) : show(text) + padding
  }).join(' '.repeat(GAP)).trimEnd()
  return [line(head, paint), ...body.map((row) => line(row, (text) => text))].join('\n')
}

/** Every node with its shape, cost and receptive field, then the totals, then what deserves a look. */
export function summaryText(analysis: Analysis, { width = 100, color = false, ...table }: TextOptions = {}): string {
  const { bold, dim } = colors.createColors(color)
  const totals = totalsRows(analysis)
  const names = Math.max(...totals.map(([name]) => name.length))
  const parts = [
    `${bold(analysis.name)}  ${showInputs(analysis)}`,
    layOut(fit(summaryRows(analysis, table), width), dim),
    totals.map(([name, value]) => `${dim(name.padEnd(names))}  ${value}`).join('\n'),
    ...(analysis.findings.length === 0 ? [] : [groupFindings(analysis.findings).map(renderIssue).join('\n')]),
  ]
  return `${parts.join('\n\n')}\n`
}
