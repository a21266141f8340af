// A function of one number as a curve.
import { drawing, element, label } from './svg.ts'

const WIDTH = 260
const HEIGHT = 180
const MARGIN = 28

/** The drawing of y over x, both ascending lists of numbers of one length, with the axes through zero. */
export function curve(title: string, x: ArrayLike<number>, y: ArrayLike<number>): string {
  const values = Array.from(y)
  const [from, to] = [x[0] as number, x[x.length - 1] as number]
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const room = high - low || 1
  const across = (value: number): number => MARGIN + ((value - from) / (to - from)) * (WIDTH - 2 * MARGIN)
  const up = (value: number): number => HEIGHT - MARGIN - ((value - low) / room) * (HEIGHT - 2 * MARGIN)
  const points = values.map((value, index) => `${Math.round(across(x[index] as number) * 100) / 100},${Math.round(up(value) * 100) / 100}`)
  const short = (value: number): string => String(Math.round(value * 100) / 100)
  return drawing(WIDTH, HEIGHT, title,
    element('path', { d: `M${MARGIN} ${up(0)}H${WIDTH - MARGIN}M${across(0)} ${MARGIN}V${HEIGHT - MARGIN}`, class: 'line-line' }),
    element('polyline', { points: points.join(' '), class: 'seen-line', 'stroke-width': 2 }),
    label(MARGIN - 4, up(0) + 4, short(from), { class: 'faint', 'text-anchor': 'end' }),
    label(WIDTH - MARGIN + 4, up(0) + 4, short(to), { class: 'faint' }),
    label(across(0) + 4, MARGIN - 6, short(high), { class: 'faint' }),
    ...(low < 0 ? [label(across(0) + 4, HEIGHT - MARGIN + 14, short(low), { class: 'faint' })] : []))
}
