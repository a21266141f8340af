// One axis of an image: which positions of its input a layer's output looks at, and what that makes of a field.
//
// Both are periodic: after so many outputs the same pattern starts again, so far further on in the input. A plain
// window has period 1; what enlarges an image has more, as neighbouring outputs may look at the same input.
import type { BinsRule, OneFieldRule, ResizeRule, Sliding } from '../spec/field.ts'

/** The input positions that an output looks at. */
export interface Taps {
  readonly period: number
  readonly advance: number
  /** Ascending, each as often as it is used; beyond the edges too. */
  at(output: number): readonly number[]
  /** Are positions beyond an edge pulled to it? Else nothing is there. */
  readonly pulled: boolean
}

/** The rules that move along an axis. */
export type MovingRule = Extract<OneFieldRule, { readonly rule: 'window' | 'transposed' | 'resize' | 'bins' }>

const mod = (a: number, n: number): number => a - n * Math.floor(a / n)
export const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

function windowTaps({ size, strides, dilations, pads }: Sliding, axis: number): Taps {
  const [k, s, d] = [size[axis] as number, strides[axis] as number, dilations[axis] as number]
  const before = pads?.[axis]?.[0] ?? 0
  return {
    period: 1, advance: s, pulled: false,
    at: (output) => Array.from({ length: k }, (_, tap) => output * s - before + tap * d),
  }
}

function transposedTaps({ size, strides, dilations, pads }: Sliding, axis: number): Taps {
  const [k, s, d] = [size[axis] as number, strides[axis] as number, dilations[axis] as number]
  const before = pads?.[axis]?.[0] ?? 0
  return {
    period: s, advance: 1, pulled: false,
    at: (output) => {
      const inputs: number[] = []
      for (let tap = k - 1; tap >= 0; tap--) {
        const position = output + before - tap * d
        if (mod(position, s) === 0) inputs.push(position / s)
      }
      return inputs
    },
  }
}

/** The place of output u in the input as a fraction: [numerator, denominator]. */
function placeOf(output: number, from: number, to: number, { align, method }: ResizeRule): readonly [number, number] {
  if (align === 'corners' && to > 1) return [output * (from - 1), to - 1]
  if (align === 'halfPixel') {
    return method === 'nearest' ? [(2 * output + 1) * from, 2 * to] : [(2 * output + 1) * from - to, 2 * to]
  }
  return [output * from, to]
}

function resizeTaps(rule: ResizeRule, axis: number): Taps | null {
  const [from, to] = [rule.from[axis] ?? null, rule.to[axis] ?? null]
  if (from === null || to === null) return null
  const [rise, run] = rule.align === 'corners' && to > 1 ? [from - 1, to - 1] : [from, to]
  const common = gcd(rise, run)
  return {
    period: run / common, advance: rise / common, pulled: true,
    at: (output) => {
      const [numerator, denominator] = placeOf(output, from, to, rule)
      const floor = Math.floor(numerator / denominator)
      if (rule.method === 'nearest') return [rule.align === 'corners' ? Math.floor(numerator / denominator + 0.5) : floor]
      return mod(numerator, denominator) === 0 ? [floor] : [floor, floor + 1]
    },
  }
}

function binTaps({ from, to }: BinsRule, axis: number): Taps | null {
  const [size, bins] = [from[axis] ?? null, to[axis] as number]
  if (size === null) return null
  const common = gcd(size, bins)
  return {
    period: bins / common, advance: size / common, pulled: false,
    at: (output) => {
      const first = Math.floor((output * size) / bins)
      const end = Math.ceil(((output + 1) * size) / bins)
      return Array.from({ length: end - first }, (_, index) => first + index)
    },
  }
}

/** What an output looks at along an axis; `null` when that depends on sizes that are not known. */
export function tapsOf(rule: MovingRule, axis: number): Taps | null {
  switch (rule.rule) {
    case 'window': return windowTaps(rule, axis)
    case 'transposed': return transposedTaps(rule, axis)
    case 'resize': return resizeTaps(rule, axis)
    case 'bins': return binTaps(rule, axis)
  }
}

// ── extents ─────────────────────────────────────────────────────────────────

/** From which pixel to which each unit of a node sees. Units that see nothing go from ∞ to −∞. */
export interface Extent {
  readonly period: number
  readonly advance: number
  readonly first: readonly number[]
  readonly last: readonly number[]
}

/** Patterns that are longer than this are not followed. */
const LONGEST_PERIOD = 4096

export const ONE_PIXEL: Extent = { period: 1, advance: 1, first: [0], last: [0] }

const lookUp = (list: readonly number[], { period, advance }: Extent, unit: number): number =>
  (list[mod(unit, period)] as number) + advance * Math.floor(unit / period)

export const firstOf = (extent: Extent, unit: number): number => lookUp(extent.first, extent, unit)
export const lastOf = (extent: Extent, unit: number): number => lookUp(extent.last, extent, unit)
export const strideOf = ({ advance, period }: Extent): number => advance / period

/** The widest that a unit sees. */
export const sizeOf = ({ first, last }: Extent): number =>
  Math.max(...first.map((from, unit) => (last[unit] as number) - from + 1))

/** The centre of the first unit's view; where units differ, of the line through the centres of all. */
export function centreOf({ period, advance, first, last }: Extent): number {
  let sum = 0
  let seeing = 0
  for (const [unit, from] of first.entries()) {
    if (from > (last[unit] as number)) continue
    sum += (from + (last[unit] as number)) / 2 - (unit * advance) / period
    seeing += 1
  }
  return sum / seeing
}

/** The pattern with the shortest period that says the same. */
function shortest(extent: Extent): Extent {
  for (let period = 1; period <= extent.period / 2; period++) {
    if (extent.period % period !== 0) continue
    const advance = (extent.advance * period) / extent.period
    if (!Number.isInteger(advance)) continue
    const short = { period, advance, first: extent.first.slice(0, period), last: extent.last.slice(0, period) }
    const same = extent.first.every((from, unit) => from === firstOf(short, unit))
      && extent.last.every((to, unit) => to === lastOf(short, unit))
    if (same) return short
  }
  return extent
}

function extentOf(period: number, advance: number, unit: (unit: number) => readonly [number, number]): Extent | null {
  if (period > LONGEST_PERIOD) return null
  const bounds = Array.from({ length: period }, (_, index) => unit(index))
  return shortest({ period, advance, first: bounds.map(([from]) => from), last: bounds.map(([, to]) => to) })
}

/** What outputs see that look with `taps` at units of this extent; `null` for a pattern too long to follow. */
export function through(extent: Extent, taps: Taps): Extent | null {
  const repeats = extent.period / gcd(extent.period, taps.advance)
  return extentOf(taps.period * repeats, (extent.advance * taps.advance * repeats) / extent.period, (output) => {
    const inputs = taps.at(output)
    return [
      Math.min(...inputs.map((input) => firstOf(extent, input))),
      Math.max(...inputs.map((input) => lastOf(extent, input))),
    ]
  })
}

/** From the first pixel that either sees to the last, for extents of one stride. */
export function hull(a: Extent, b: Extent): Extent | null {
  if (a === b) return a
  const period = (a.period * b.period) / gcd(a.period, b.period)
  return extentOf(period, (a.advance * period) / a.period, (unit) => [
    Math.min(firstOf(a, unit), firstOf(b, unit)), Math.max(lastOf(a, unit), lastOf(b, unit)),
  ])
}
