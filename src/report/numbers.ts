// Numbers as a reader likes them.
import type { Field } from '../analysis/analyze.ts'
import { grouped } from '../analysis/digits.ts'

/** "1,234,567"; ? for a number that is not known. */
export const showCount = (value: number | null): string => (value === null ? '?' : grouped(value))

/** "1,234 + 2 uncounted": a sum in which some are missing. */
export function showPartial(value: number | null, uncounted: number): string {
  if (uncounted === 0) return showCount(value)
  return [...(value === null ? [] : [showCount(value)]), `${showCount(uncounted)} uncounted`].join(' + ')
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** "1.5 MiB"; ? for a number that is not known. */
export function showBytes(bytes: number | null): string {
  if (bytes === null) return '?'
  if (bytes < 1024) return `${bytes} B`
  let value = bytes
  let unit = 0
  // Up to the next unit as soon as one decimal would print 1024.0.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`
}

type Sizes = readonly (number | null)[]

/** "1/2" for what is not whole. */
export function showNumber(value: number): string {
  if (Number.isInteger(value)) return String(value)
  for (let under = 2; under <= 64; under++) {
    const over = value * under
    if (Math.abs(over - Math.round(over)) < 1e-9) return `${Math.round(over)}/${under}`
  }
  return value.toFixed(2)
}

/** "3", or "3×5" where the axes differ. */
export function showSizes(sizes: Sizes | null, none: string): string {
  if (sizes === null) return none
  const shown = sizes.map((value) => (value === null ? none : showNumber(value)))
  return new Set(shown).size === 1 ? shown[0] as string : shown.join('×')
}

/** Size, stride and padding of a receptive field; – where there is no grid. */
export function showField(field: Field | null): readonly [string, string, string] {
  if (field === null) return ['?', '?', '?']
  const size = field.size === 'all' ? 'all' : showSizes(field.size, '?')
  return [size, showSizes(field.stride, '–'), showSizes(field.padding, '–')]
}

// ── of a training ───────────────────────────────────────────────────────────

/** "93.41 %" */
export const showShare = (share: number): string => `${(100 * share).toFixed(2)} %`

/** "0.2134"; very small and very large losses as powers of ten. */
export const showLoss = (loss: number): string =>
  (loss !== 0 && (loss < 0.001 || loss >= 1e5) ? loss.toExponential(2) : loss.toFixed(4))

/** "8 s", "1:32", "2:03:04" */
export function showSeconds(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const digits = (value: number): string => String(value).padStart(2, '0')
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h > 0 ? `${h}:${digits(m)}:${digits(s)}` : `${m}:${digits(s)}`
}
