// Lines over a common axis, as a chart: loss, accuracy and learning rate by epoch.
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { type Colour, drawing, element, label } from './svg.ts'

export interface Series {
  readonly name: string
  /** One value for each x; `null` leaves a gap. */
  readonly values: readonly (number | null)[]
}

export interface ChartOptions {
  readonly title: string
  readonly x: readonly number[]
  readonly xTitle: string
  readonly series: readonly Series[]
  readonly show: (value: number) => string
  /** Classes of the lines, in turn, such as "seen" for "seen-line". Default the palette's. */
  readonly colours?: readonly string[]
  readonly width?: number
  readonly height?: number
}

const MARGIN = { top: 30, right: 16, bottom: 34, left: 62 }
/** From one line of names to the next. */
const LINE = 15
const COLOURS: readonly string[] = ['seen', 'unit', 'faint'] satisfies readonly Colour[]

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value)

/** Names on as many lines as they need; the height of all but the first. */
function legend(series: readonly Series[], [left, right]: readonly [number, number], colours: readonly string[]): { readonly svg: string; readonly more: number } {
  let [at, y] = [left, 0]
  const marks = series.map(({ name }, index) => {
    const width = 34 + name.length * 6.3
    if (at > left && at + width - 15 > right) [at, y] = [left, y + LINE]
    const mark = element('rect', { x: at, y: y + 10, width: 14, height: 4, rx: 2, class: colours[index % colours.length] })
    const words = label(at + 19, y + 16, name, { class: 'soft', 'font-size': 11 })
    at += width
    return mark + words
  })
  return { svg: marks.join(''), more: y }
}

/** "0.2" for "0.2000". */
const withoutZeros = (number: string): string => number.replace(/\.(\d*?)0+(?=\D|$)/, (_all, kept: string) => (kept === '' ? '' : `.${kept}`))

/** The chart as SVG. Series without a single number are left out. */
export function chart({ title, x, xTitle, series, show, colours = COLOURS, width = 380, height = 220 }: ChartOptions): string {
  const shown = series.filter(({ values }) => values.some(isNumber))
  const all = shown.flatMap(({ values }) => values.filter(isNumber))
  const names = legend(shown, [MARGIN.left, width - MARGIN.right], colours)
  const top = MARGIN.top + names.more
  const [low, high] = [Math.min(...all), Math.max(...all)]
  // A single epoch, or one value throughout, still needs room around it.
  const across = scaleLinear([Math.min(...x), Math.max(...x, Math.min(...x) + 1)], [MARGIN.left, width - MARGIN.right])
  const around = Math.abs(low) / 2 || 0.5
  const up = scaleLinear(low === high ? [low - around, high + around] : [low, high], [height - MARGIN.bottom, top]).nice(5)
  const path = line<number | null>().defined(isNumber).x((_value, index) => across(x[index] as number)).y((value) => up(value as number))
  const grid = up.ticks(5).map((tick) =>
    element('path', { d: `M${MARGIN.left} ${up(tick)}H${width - MARGIN.right}`, class: 'line-line', 'stroke-width': 0.5 })
    + label(MARGIN.left - 6, up(tick) + 4, withoutZeros(show(tick)), { class: 'soft', 'text-anchor': 'end', 'font-size': 11 }))
  const marks = across.ticks(Math.min(x.length, 8)).filter(Number.isInteger).map((tick) =>
    label(across(tick), height - MARGIN.bottom + 16, String(tick), { class: 'soft', 'text-anchor': 'middle', 'font-size': 11 }))
  const lines = shown.map(({ values }, index) => {
    const colour = colours[index % colours.length] as string
    const dots = values.flatMap((value, at) => (isNumber(value) && x.length <= 40
      ? [element('circle', { cx: across(x[at] as number), cy: up(value), r: 2.5, class: colour }, element('title', {}, show(value)))] : []))
    return element('path', { d: path(values) ?? '', class: `${colour}-line`, 'stroke-width': 2 }) + dots.join('')
  })
  return drawing(width, height, title, names.svg, ...grid, ...marks, ...lines,
    label(width - MARGIN.right, height - 4, xTitle, { class: 'soft', 'text-anchor': 'end', 'font-size': 11 }))
}
