// Small diagrams: grids of cells with numbers, and channels with wires between them.
import { type Colour, drawing, element, label } from './svg.ts'

/** A cell of a grid: its colour, and what stands in it. */
export interface CellMark {
  readonly colour?: Colour
  readonly text?: string
}

/** A grid with a line of words above it; rows may differ in length. */
export interface Panel {
  readonly caption: string
  readonly rows: readonly (readonly CellMark[])[]
  /** Drawn as wide and high as so many cells of the others; default as many as it has. */
  readonly side?: number
}

const CELL = 26
const MARGIN = 12
const GAP = 34
const CAPTION = 20
/** Of a letter, nearly. */
const LETTER = 6.4

/** In the middle of a cell, the smaller the longer it is. */
const written = (text: string) => ({ class: 'ink', 'text-anchor': 'middle', style: `font-size:${Math.min(11, Math.floor(42 / text.length))}px` })

const longest = ({ rows }: Panel): number => Math.max(...rows.map((row) => row.length))

function panelAt({ rows, caption, side }: Panel, x: number): string {
  const most = Math.max(...rows.map((row) => row.length))
  const size = side === undefined ? CELL : (side * CELL) / most
  const cells = rows.flatMap((row, down) => row.map(({ colour = 'cell', text }, across) => {
    const place = { x: x + across * size, y: MARGIN + CAPTION + down * size, width: size, height: size }
    return element('rect', { ...place, class: colour }) + element('rect', { ...place, class: 'line-line' })
      + (text === undefined ? '' : label(place.x + size / 2, place.y + size / 2 + 4, text, written(text)))
  }))
  return label(x, MARGIN + 8, caption, { class: 'ink' }) + cells.join('')
}

/** Grids side by side, as SVG. */
export function cellsPicture(title: string, panels: readonly Panel[]): string {
  let x = MARGIN
  const drawn = panels.map((panel) => {
    const svg = panelAt(panel, x)
    x += Math.max((panel.side ?? longest(panel)) * CELL, panel.caption.length * LETTER) + GAP
    return svg
  })
  const rows = Math.max(...panels.map(({ rows: own, side }) => side ?? own.length))
  return drawing(x - GAP + MARGIN, 2 * MARGIN + CAPTION + rows * CELL, title, ...drawn)
}

/** Places in a column, from the top: the names of channels, coloured. */
export interface WireColumn {
  readonly caption: string
  readonly channels: readonly CellMark[]
}

/** From a channel of one column to one of the next. */
export type Wire = readonly [from: number, to: number]

const SPAN = 110

/** Columns of channels from left to right, and the wires from each to the next, as SVG. */
export function wiresPicture(title: string, columns: readonly WireColumn[], wires: readonly (readonly Wire[])[]): string {
  const most = Math.max(...columns.map(({ channels }) => channels.length))
  const left = (column: number): number => MARGIN + column * (CELL + SPAN)
  const top = (column: number, channel: number): number => MARGIN + CAPTION + ((most - (columns[column] as WireColumn).channels.length) / 2 + channel) * CELL
  const lines = wires.flatMap((some, column) => some.map(([from, to]) => element('path', {
    d: `M${left(column) + CELL} ${top(column, from) + CELL / 2}L${left(column + 1)} ${top(column + 1, to) + CELL / 2}`, class: 'faint-line',
  })))
  const channels = columns.map(({ caption, channels: own }, column) =>
    label(left(column), MARGIN + 8, caption, { class: 'ink' }) + own.map(({ colour = 'cell', text }, channel) => {
      const place = { x: left(column), y: top(column, channel) + 3, width: CELL, height: CELL - 6, rx: 4 }
      return element('rect', { ...place, class: colour }) + element('rect', { ...place, class: 'line-line' })
        + (text === undefined ? '' : label(place.x + CELL / 2, top(column, channel) + CELL / 2 + 4, text, written(text)))
    }).join(''))
  const last = columns.at(-1) as WireColumn
  const width = left(columns.length - 1) + Math.max(CELL, last.caption.length * LETTER) + MARGIN
  return drawing(width, 2 * MARGIN + CAPTION + most * CELL, title, ...lines, ...channels)
}
