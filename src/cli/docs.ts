// layergraph docs [layer]: the pages of docs/layers in the terminal.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Table from 'cli-table3'
import { layers } from '../../layers/index.ts'
import { UsageError } from './failure.ts'
import { home } from './home.ts'
import { nearest } from './nearest.ts'
import { colors, widthOf } from './terminal.ts'

type Paint = ReturnType<typeof colors>

const page = (name: string): string => readFileSync(join(home().folder, 'docs/layers', `${name}.md`), 'utf8')

/** `a` and [b](c) as a and b. */
function inline(text: string, paint: Paint): string {
  return text.replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_all, words: string, target: string) =>
    target.startsWith('http') ? `${words} ${paint.dim(`<${target}>`)}` : words)
    .replaceAll(/`([^`]+)`/g, (_all, code: string) => paint.cyan(code)).replaceAll('\\|', '|')
}

/** The cells of a row; \| is no border. */
const cellsOf = (row: string): string[] => row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim())

function table(rows: readonly string[], paint: Paint, width: number): string {
  const [head, , ...body] = rows as [string, string, ...string[]]
  const titles = cellsOf(head)
  const plain = [titles, ...body.map(cellsOf)].map((cells) => cells.map((cell) => inline(cell, paint)))
  const longest = titles.map((_title, column) => Math.max(...body.map((row) => (cellsOf(row)[column] ?? '').length), (titles[column] as string).length))
  const rest = longest.slice(0, -1).reduce((sum, one) => sum + one + 2, 0)
  const last = Math.max(Math.min(longest.at(-1) as number, (Number.isFinite(width) ? width : 120) - rest), 24)
  const made = new Table({
    head: (plain[0] as string[]).map((title) => paint.dim(title)), wordWrap: true,
    colWidths: [...longest.slice(0, -1).map((one) => one + 2), last + 2],
    chars: Object.fromEntries(['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right',
      'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'].map((place) => [place, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  made.push(...plain.slice(1))
  return made.toString().split('\n').map((line) => line.trimEnd()).join('\n')
}

/** Markdown of our own pages for the terminal: headings bold, tables laid out, pictures left out. */
export function renderPage(markdown: string, paint: Paint, width: number): string {
  const lines = markdown.split('\n').filter((line) => !line.startsWith('!['))
  const out: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string
    if (line.startsWith('|')) {
      const end = lines.findIndex((other, index) => index > at && !other.startsWith('|'))
      out.push(table(lines.slice(at, end), paint, width))
      at = end - 1
    } else out.push(line.startsWith('#') ? paint.bold(line.replace(/^#+ /, '')) : inline(line, paint))
  }
  return out.join('\n').replaceAll(/\n{3,}/g, '\n\n')
}

/** Prints the page of a layer, or the list of all. */
export function docs(kind: string | undefined): void {
  const kinds = layers.map((layer) => layer.kind)
  if (kind !== undefined && !kinds.includes(kind)) {
    const meant = nearest(kind, kinds)
    throw new UsageError(`there is no layer "${kind}"`, meant === null ? '`layergraph docs` lists them' : `did you mean ${meant}?`)
  }
  process.stdout.write(renderPage(page(kind ?? 'index'), colors(process.stdout), widthOf(process.stdout)))
}
