// Hybrid dilated convolution: do stacked dilated windows leave no holes?
//
// Wang et al., "Understanding convolution for semantic segmentation", 2018, https://arxiv.org/abs/1702.08502.
import { gcd } from './axis.ts'

/** What the check says of windows of one size, stacked with these dilations. */
export interface Hdc {
  readonly rates: readonly number[]
  readonly kernelSize: number
  /** M_1 … M_n: the largest distance between two used values, seen from each layer. M_n = r_n. */
  readonly distances: readonly number[]
  /** M_2 ≤ K. Of a single layer: its rate is 1. */
  readonly good: boolean
  /** Greater than 1: all taps lie on a grid of that step. */
  readonly commonDivisor: number
  /** Do the rates rise, or rise, fall back and rise again? */
  readonly sawtooth: boolean
  /** How often each offset of the field is used, along one axis. */
  readonly counts: readonly number[]
  /** The share of the field's pixels that are used, in two dimensions. */
  readonly coverage: number
  /** Rates for as many layers and about the same field without holes; `null` when these are such. */
  readonly better: readonly number[] | null
}

/** M_i = max(M_{i+1} − 2·r_i, M_{i+1} − 2·(M_{i+1} − r_i), r_i), from M_n = r_n down to M_1. */
export function hdcDistances(rates: readonly number[]): readonly number[] {
  const distances: number[] = []
  for (const rate of rates.toReversed()) {
    const after = distances[0]
    distances.unshift(after === undefined ? rate : Math.max(after - 2 * rate, after - 2 * (after - rate), rate))
  }
  return distances
}

/** How often each offset is used by windows of `kernelSize` taps stacked with these dilations. */
export function stackedCounts(rates: readonly number[], kernelSize: number): readonly number[] {
  let counts = [1]
  for (const rate of rates) {
    const wider = new Array<number>(counts.length + rate * (kernelSize - 1)).fill(0)
    for (let tap = 0; tap < kernelSize; tap++) {
      for (const [offset, count] of counts.entries()) (wider[offset + tap * rate] as number) += count
    }
    counts = wider
  }
  return counts
}

const isGood = (rates: readonly number[], kernelSize: number): boolean =>
  (rates.length === 1 ? rates[0] === 1 : (hdcDistances(rates)[1] as number) <= kernelSize)

const isFull = (rates: readonly number[], kernelSize: number): boolean => stackedCounts(rates, kernelSize).every((count) => count > 0)

/** Rates only rise, except where they start again from the lowest. */
const isSawtooth = (rates: readonly number[]): boolean =>
  rates.every((rate, index) => index === 0 || rate > (rates[index - 1] as number) || rate === Math.min(...rates))
    && new Set(rates).size > 1

/** All lists that start with 1 and rise, with rates up to `most`. */
function* rising(length: number, most: number, before: readonly number[] = [1]): Generator<readonly number[]> {
  if (before.length === length) {
    yield before
    return
  }
  for (let rate = (before.at(-1) as number) + 1; rate <= most; rate++) yield* rising(length, most, [...before, rate])
}

/** Longer stacks repeat a pattern. */
const LONGEST_SEARCH = 4

/** The rates with a field nearest to that of the given ones, of those that leave no holes. */
function betterRates(rates: readonly number[], kernelSize: number): readonly number[] {
  if (rates.length > LONGEST_SEARCH) {
    const group = betterRates(rates.slice(0, 3), kernelSize)
    return rates.map((_rate, index) => group[index % group.length] as number)
  }
  const sum = (list: readonly number[]): number => list.reduce((total, rate) => total + rate, 0)
  let best: readonly number[] = rates.map(() => 1)
  for (const candidate of rising(rates.length, Math.max(...rates, rates.length + 1))) {
    const nearer = Math.abs(sum(candidate) - sum(rates)) < Math.abs(sum(best) - sum(rates))
    if (nearer && isGood(candidate, kernelSize) && isFull(candidate, kernelSize)) best = candidate
  }
  return best
}

/** Checks stacked windows of `kernelSize` taps, first layer first. Rates are whole and at least 1. */
export function hdc(rates: readonly number[], kernelSize = 3): Hdc {
  const counts = stackedCounts(rates, kernelSize)
  const used = counts.filter((count) => count > 0).length / counts.length
  const good = isGood(rates, kernelSize)
  const full = used === 1
  return {
    rates, kernelSize, distances: hdcDistances(rates), good,
    commonDivisor: rates.reduce(gcd, 0), sawtooth: isSawtooth(rates), counts, coverage: used ** 2,
    better: good && full ? null : betterRates(rates, kernelSize),
  }
}
