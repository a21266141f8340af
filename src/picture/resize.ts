// A picture at another size.
import type { Picture } from './picture.ts'

interface Tap {
  readonly from: number
  readonly weights: readonly number[]
}

/** For each of `to` samples those it is a mean of: the part of the line it covers, or its two neighbours in proportion. */
function tapsOf(from: number, to: number): readonly Tap[] {
  const step = from / to
  return Array.from({ length: to }, (_, index) => {
    const [begin, end] = [index * step, (index + 1) * step]
    const centre = (begin + end) / 2
    const weigh = step >= 1
      ? (at: number): number => Math.max(0, Math.min(end, at + 1) - Math.max(begin, at))
      : (at: number): number => Math.max(0, 1 - Math.abs(at + 0.5 - centre))
    const first = Math.max(0, Math.floor(step >= 1 ? begin : centre - 0.5))
    const last = Math.min(from - 1, Math.ceil(step >= 1 ? end : centre + 0.5) - 1)
    const raw = Array.from({ length: last - first + 1 }, (_one, tap) => weigh(first + tap))
    const sum = raw.reduce((total, weight) => total + weight, 0)
    return { from: first, weights: raw.map((weight) => weight / sum) }
  })
}

/** Scales rows: `outer` × `from` × `inner` numbers to `outer` × `to` × `inner`. */
function scaleAxis(data: Float32Array, outer: number, from: number, inner: number, to: number): Float32Array {
  const scaled = new Float32Array(outer * to * inner)
  for (const [index, { from: first, weights }] of tapsOf(from, to).entries()) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0
        for (const [tap, weight] of weights.entries()) sum += weight * (data[(o * from + first + tap) * inner + i] as number)
        scaled[(o * to + index) * inner + i] = sum
      }
    }
  }
  return scaled
}

/** The picture at another size, each pixel a mean of what it covers. */
export function resize(
  { data, height, width, channels }: Picture, to: { readonly height: number; readonly width: number },
): Picture {
  const wide = scaleAxis(data, height, width, channels, to.width)
  return { ...to, channels, data: scaleAxis(wide, 1, height, to.width * channels, to.height) }
}
