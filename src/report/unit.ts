// What one unit sees, for the terminal.
import type { UnitField, UnitView } from '../analysis/unit.ts'
import { showDims } from '../spec/tensor.ts'
import { heatText, type HeatTextOptions, inImage, planeOf } from './heat.ts'
import { numbersOnLines } from './json.ts'
import { showCount } from './numbers.ts'

const NAMES: Readonly<Record<number, readonly string[]>> = { 1: ['positions'], 2: ['rows', 'columns'], 3: ['slices', 'rows', 'columns'] }

/** "rows 3 to 15, columns 0 to 12". */
export function showBox(first: readonly number[], last: readonly number[]): string {
  return first.map((from, axis) => {
    const name = NAMES[first.length]?.[axis] ?? `axis ${axis}`
    return `${name} ${from} to ${last[axis]}`
  }).join(', ')
}

const rounded = (value: number): string => value.toFixed(1)

function effectiveLine({ effective, shape }: UnitView): readonly (readonly [string, string])[] {
  if (effective === null) return []
  const { deviation, radius, mean } = effective
  const inside = (pixel: number, axis: number): number => Math.min(Math.max(Math.round(pixel), 0), (shape[axis] as number) - 1)
  const inner = mean.map((centre, axis) => inside(centre - (radius[axis] as number), axis))
  const outer = mean.map((centre, axis) => inside(centre + (radius[axis] as number), axis))
  return [['effective', `${showBox(inner, outer)} hold 95 % of the paths along each axis (σ ${deviation.map(rounded).join(' × ')})`]]
}

/** What there is to say of a view, as name and value. */
export function viewLines(view: UnitView): readonly (readonly [string, string])[] {
  const { first, last, reach, seen, unseen } = view
  const over = reach !== null && (reach.first.join() !== first.join() || reach.last.join() !== last.join())
  return [
    ['sees', `${showBox(first, last)}: ${showCount(seen)} pixels${unseen === 0 ? '' : `, and ${showCount(unseen)} between them not`}`],
    ...(over ? [['without edges', showBox(reach.first, reach.last)] as const] : []),
    ...effectiveLine(view),
  ]
}

/** What gradients say of an input. */
export interface Measured {
  readonly input: string
  readonly shape: readonly number[]
  readonly energy: Float64Array
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

export interface UnitTextOptions extends HeatTextOptions {
  /** Measured fields, to be shown beside. */
  readonly measured?: readonly Measured[]
}

function measuredPart({ mean, deviation, shape, energy }: Measured, options: HeatTextOptions): string {
  const edge = (side: -1 | 1): number[] => mean.map((centre, axis) =>
    Math.min(Math.max(Math.round(centre + side * 2 * (deviation[axis] as number)), 0), (shape[axis] as number) - 1))
  return `measured  ${showBox(edge(-1), edge(1))} within two σ of the gradients (σ ${deviation.map(rounded).join(' × ')})\n\n${heatText(planeOf({ shape, counts: energy }), options)}`
}

/** The pixels of each input that the unit sees, in numbers and drawn: · is not seen, ░ to █ by the number of paths. */
export function unitText({ id, kind, shape, at, views }: UnitField, { measured = [], ...options }: UnitTextOptions = {}): string {
  const parts = views.map((view) => {
    const facts = [['image', `${view.input} ${showDims(view.shape)}`] as const, ...viewLines(view)]
    const names = Math.max(...facts.map(([name]) => name.length))
    const image = view.shape.slice(0, -1) as readonly number[]
    const beside = measured.filter(({ input }) => input === view.input).map((one) => `\n\n${measuredPart(one, options)}`)
    return `${facts.map(([name, value]) => `${name.padEnd(names)}  ${value}`).join('\n')}\n\n${heatText(inImage(view.map, image), options)}${beside.join('')}`
  })
  return `${[`${id} (${kind}) ${showDims(shape)}, unit ${at.join(',')}`, ...parts].join('\n\n')}\n`
}

/** The same as data: `counts` are the paths from each pixel of the box from `first` to `last`, row by row. */
export function unitJson(unit: UnitField): string {
  return numbersOnLines({ ...unit, views: unit.views.map(({ map, ...view }) => ({ ...view, counts: [...map.counts] })) })
}
