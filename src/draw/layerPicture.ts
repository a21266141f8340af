// What one output of a layer looks at: the input as a grid of cells with the taps of one unit, and the output beside it.
import { type MovingRule, tapsOf } from '../analysis/axis.ts'
import type { OneFieldRule } from '../spec/field.ts'
import type { Site } from '../spec/layer.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { drawing, element, label } from './svg.ts'

/** Positions [row, column]; a drawing has two axes. */
type Cell = readonly [number, number]

/** What a unit sees, and how far beyond the image that reaches. */
interface View {
  readonly unit: Cell
  readonly cells: readonly Cell[]
}

const CELL = 18
const MARGIN = 12
const GAP = 56
/** Larger grids say nothing. */
const LARGEST = 24

/** The last two spatial sizes; one axis becomes a single row. `null` where there is no image, or too large a one. */
function planeOf(shape: Dims): Cell | null {
  const spatial = shape.slice(0, -1)
  if (spatial.length === 0 || spatial.length > 3 || spatial.includes(null)) return null
  const [height, width] = spatial.length === 1 ? [1, spatial[0] as number] : (spatial.slice(-2) as unknown as Cell)
  return height <= LARGEST && width <= LARGEST ? [height, width] : null
}

function movingRule(rule: OneFieldRule): MovingRule | null {
  if (rule.rule === 'deformable') return rule.window
  return rule.rule === 'window' || rule.rule === 'transposed' || rule.rule === 'resize' || rule.rule === 'bins' ? rule : null
}

/** The taps of the unit in the middle, along the last two axes of the rule. */
function viewOf(rule: MovingRule, shape: Dims, output: Cell): View | null {
  const axes = shape.length - 1
  const along = (axis: number, unit: number): readonly number[] | null =>
    axis < 0 ? [0] : tapsOf(rule, axis)?.at(unit) ?? null
  const unit: Cell = [Math.floor(output[0] / 2), Math.floor(output[1] / 2)]
  const [rows, columns] = [along(axes - 2, unit[0]), along(axes - 1, unit[1])]
  if (rows === null || columns === null) return null
  return { unit, cells: rows.flatMap((row) => columns.map((column): Cell => [row, column])) }
}

interface Box {
  readonly top: number
  readonly left: number
  readonly rows: number
  readonly columns: number
}

/** The image and whatever the taps reach beyond it. */
function boxAround([rows, columns]: Cell, cells: readonly Cell[]): Box {
  const top = Math.min(0, ...cells.map(([row]) => row))
  const left = Math.min(0, ...cells.map(([, column]) => column))
  return {
    top, left, rows: Math.max(rows, ...cells.map(([row]) => row + 1)) - top,
    columns: Math.max(columns, ...cells.map(([, column]) => column + 1)) - left,
  }
}

/** Cells of a plane with some filled; those outside of it are dashed. */
function grid([x, y]: Cell, [rows, columns]: Cell, box: Box, marked: readonly Cell[], colour: 'seen' | 'unit'): string {
  const isMarked = new Set(marked.map(String))
  const parts: string[] = []
  for (let row = box.top; row < box.top + box.rows; row++) {
    for (let column = box.left; column < box.left + box.columns; column++) {
      const inside = row >= 0 && row < rows && column >= 0 && column < columns
      const seen = isMarked.has(String([row, column]))
      if (!inside && !seen) continue
      const place = { x: x + (column - box.left) * CELL, y: y + (row - box.top) * CELL, width: CELL, height: CELL }
      parts.push(element('rect', { ...place, class: seen ? colour : 'cell', 'fill-opacity': inside ? undefined : 0.35 }))
      parts.push(element('rect', { ...place, class: 'line-line', 'stroke-dasharray': inside ? undefined : '2 2' }))
    }
  }
  return parts.join('')
}

/** Taps that move: from the middle of each cell to where it might read instead, no two alike. */
function moves([x, y]: Cell, box: Box, cells: readonly Cell[]): string {
  return cells.map(([row, column], tap) => {
    const middle = [x + (column - box.left + 0.5) * CELL, y + (row - box.top + 0.5) * CELL] as const
    const by = [CELL * Math.sin(2.4 * tap + 1), CELL * Math.cos(3.1 * tap)].map((value) => Number(value.toFixed(1))) as [number, number]
    return element('path', { d: `M${middle[0]} ${middle[1]}l${by[0]} ${by[1]}`, class: 'ink-line' })
      + element('circle', { cx: middle[0] + by[0], cy: middle[1] + by[1], r: 3, class: 'unit' })
  }).join('')
}

/**
 * The drawing of a layer's first input and output, one unit of the output and all it sees, as SVG. `null` where there
 * is no window to show: a layer that works number by number, or on what is no image.
 */
export function layerPicture(kind: string, rule: OneFieldRule, { inputs, outputs }: Site): string | null {
  const moving = movingRule(rule)
  const [inShape, outShape] = [inputs[0] as Dims, outputs[0] as Dims]
  const [input, output] = [planeOf(inShape), planeOf(outShape)]
  if (moving === null || input === null || output === null) return null
  const view = viewOf(moving, inShape, output)
  if (view === null) return null
  const box = boxAround(input, view.cells)
  const top = MARGIN + 20
  const right = MARGIN + box.columns * CELL + GAP
  const width = right + output[1] * CELL + MARGIN
  const height = top + Math.max(box.rows, output[0]) * CELL + MARGIN
  const arrow = top + (Math.min(box.rows, output[0]) * CELL) / 2
  const title = `${kind}: one of ${showDims(outShape)} outputs and the places of ${showDims(inShape)} that it sees`
  return drawing(width, height, title,
    label(MARGIN, MARGIN + 8, showDims(inShape), { class: 'ink' }),
    label(right, MARGIN + 8, showDims(outShape), { class: 'ink' }),
    grid([MARGIN, top], input, box, view.cells, 'seen'),
    rule.rule === 'deformable' ? moves([MARGIN, top], box, view.cells) : '',
    element('path', { d: `M${right - GAP + 10} ${arrow}h${GAP - 22}m-6 -4l6 4l-6 4`, class: 'faint-line' }),
    grid([right, top], output, { top: 0, left: 0, rows: output[0], columns: output[1] }, [view.unit], 'unit'))
}
