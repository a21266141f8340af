// Gridding, for the terminal.
import type { Comb, Gridding } from '../analysis/gridding.ts'
import type { Hdc } from '../analysis/hdc.ts'
import { heatText, type HeatTextOptions, planeOf } from './heat.ts'
import { numbersOnLines } from './json.ts'
import { showCount } from './numbers.ts'

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const AXES: Readonly<Record<number, readonly string[]>> = { 1: ['length'], 2: ['height', 'width'], 3: ['depth', 'height', 'width'] }

/** "1·2·3·2·1" as far as a line has room. */
function showCounts(counts: readonly number[]): string {
  const shown = counts.map((count) => (Number.isInteger(count) && count < 1e6 ? String(count) : count.toExponential(1)))
  return shown.length <= 32 ? shown.join(' ') : `${shown.slice(0, 15).join(' ')} … ${shown.slice(-15).join(' ')}`
}

function axisLines({ size, counts, holes, step }: Comb, name: string): readonly (readonly [string, string])[] {
  const used = size - holes.length
  return [
    [name, `${used} of ${size} offsets used${step > 1 ? `, every ${step}` : ''}${holes.length === 0 ? '' : `; holes at ${holes.slice(0, 16).join(', ')}${holes.length > 16 ? ', …' : ''}`}`],
    ['paths', showCounts(counts)],
  ]
}

/** The check of stacked dilations, line by line. */
export function hdcLines(check: Hdc): readonly (readonly [string, string])[] {
  const { rates, kernelSize, distances, good, commonDivisor, sawtooth, coverage, better } = check
  const second = distances[1] ?? distances[0] as number
  const compared = distances.length === 1 ? 'one layer' : `M2 = ${second} ${second <= kernelSize ? '≤' : '>'} K = ${kernelSize}`
  return [
    ['dilations', `${rates.join(', ')} with ${kernelSize} taps`],
    ['M', `${distances.map((distance, index) => `M${index + 1} = ${distance}`).join(', ')}; ${compared}: ${good ? 'holds' : 'fails'}`],
    ['common divisor', commonDivisor === 1 ? '1' : `${commonDivisor}: every tap lies on a grid of ${commonDivisor}`],
    ['sawtooth', sawtooth ? 'yes' : 'no'],
    ['holes', coverage === 1 ? 'none' : `${percent(1 - coverage)} of the pixels are never used`],
    ...(better === null ? [] : [['better', `${better.join(', ')}: no holes, ${better.length} layers`] as const]),
  ]
}

function showLines(lines: readonly (readonly [string, string])[]): string {
  const names = Math.max(...lines.map(([name]) => name.length))
  return lines.map(([name, value]) => `${name.padEnd(names)}  ${value}`).join('\n')
}

/** What there is to say of the axes, and how much is used, as name and value. */
export function griddingLines(gridding: Gridding): readonly (readonly [string, string])[] {
  const { axes, coverage } = gridding
  const covered = coverage === null ? [] : [['coverage', `${percent(coverage)} of ${axes.map(({ size }) => showCount(size)).join(' × ')} pixels`] as const]
  return [...axisParts(gridding), ...covered]
}

/** The checks of the stacked windows, each once. */
export const differentChecks = ({ hdc }: Gridding): readonly Hdc[] =>
  hdc.filter((check, axis) => check !== null && hdc.findIndex((one) => one?.rates.join() === check.rates.join()) === axis) as Hdc[]

function axisParts({ axes }: Gridding): readonly (readonly [string, string])[] {
  const same = axes.every(({ counts }) => counts.join() === axes[0]?.counts.join())
  if (same) return axisLines(axes[0] as Comb, axes.length === 1 ? 'length' : 'each axis')
  return axes.flatMap((comb, axis) => axisLines(comb, AXES[axes.length]?.[axis] ?? `axis ${axis}`))
}

/** The holes in what a node's unit sees, its heat map, and the check of the windows stacked up to it. */
export function griddingText(gridding: Gridding, options: HeatTextOptions = {}): string {
  const { id, kind, input, map } = gridding
  return `${[
    `${id} (${kind}) sees of ${input}`,
    showLines(griddingLines(gridding)),
    ...(map === null ? [] : [heatText(planeOf(map), options)]),
    ...differentChecks(gridding).map((check) => showLines(hdcLines(check))),
  ].join('\n\n')}\n`
}

/** The same as data: `counts` are rows of paths per pixel, or `null` for a field too large to draw. */
export function griddingJson(found: readonly Gridding[]): string {
  return numbersOnLines(found.map(({ map, ...rest }) => ({ ...rest, counts: map === null ? null : [...map.counts] })))
}
