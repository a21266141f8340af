// Every field rule against the truth: which pixels of a small image reach each unit, by the rule's own definition.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyze, type Field } from '../../src/analysis/analyze.ts'
import { cropField, type FieldRule, upsampleField, type OneFieldRule } from '../../src/spec/field.ts'
import { ruled } from './ruled.ts'
import { chain } from './nets.ts'

const fieldThrough = (shape: readonly number[], ...steps: readonly (readonly [FieldRule, readonly number[]])[]): Field | null | undefined =>
  analyze(chain(shape, ...steps.map(([rule, out]) => ruled(rule, out)))).nodes.at(-1)?.field

const window = (size: number, strides = 1, before = 0, dilations = 1): OneFieldRule =>
  ({ rule: 'window', size: [size], strides: [strides], dilations: [dilations], pads: [[before, before]] })
const transposed = (size: number, strides: number, before = 0, dilations = 1): OneFieldRule =>
  ({ rule: 'transposed', size: [size], strides: [strides], dilations: [dilations], pads: [[before, before]] })

describe('by hand', () => {
  test('a transposed convolution halves the stride', () => {
    // 3×3, stride 2, padding 1: output 2i sees i alone, output 2i + 1 sees i and i + 1.
    expect(fieldThrough([3, 2], [transposed(3, 2, 1), [5, 2]])).toEqual({ size: [2], stride: [0.5], padding: [0], centre: [0] })
    expect(fieldThrough([9, 2], [window(2, 2), [4, 2]], [transposed(2, 2), [8, 2]])).toMatchObject({ size: [2], stride: [1] })
  })

  test('upsampling shows each pixel several times; a window over it sees fewer', () => {
    expect(fieldThrough([9, 2], [upsampleField([3]), [27, 2]], [window(3), [25, 2]])).toMatchObject({ size: [2], stride: [1 / 3] })
    expect(fieldThrough([9, 2], [upsampleField([3]), [27, 2]], [window(3, 3), [9, 2]])).toMatchObject({ size: [1], stride: [1] })
  })

  test('cropping moves the view inwards', () => {
    expect(fieldThrough([9, 9, 2], [cropField([[2, 1], [0, 0]]), [6, 9, 2]])).toMatchObject({ size: [1, 1], padding: [-2, 0] })
  })

  test('bins that do not divide the image overlap', () => {
    expect(fieldThrough([10, 2], [{ rule: 'bins', from: [10], to: [4] }, [4, 2]])).toMatchObject({ size: [3], stride: [2.5], padding: [0] })
  })

  test('a resize by a fraction', () => {
    const resize = (method: 'nearest' | 'linear'): OneFieldRule => ({ rule: 'resize', from: [6], to: [4], method, align: 'halfPixel' })
    expect(fieldThrough([6, 2], [resize('nearest'), [4, 2]])).toMatchObject({ size: [1], stride: [1.5] })
    expect(fieldThrough([6, 2], [resize('linear'), [4, 2]])).toMatchObject({ size: [2], stride: [1.5] })
    expect(fieldThrough([6, 2], [{ rule: 'resize', from: [null], to: [4], method: 'linear', align: 'origin' }, [4, 2]])).toBeNull()
  })

  test('three axes, each its own', () => {
    const volume: FieldRule = { rule: 'window', size: [3, 5, 1], strides: [1, 2, 2], dilations: [2, 1, 1], pads: [[2, 2], [2, 2], [0, 0]] }
    expect(fieldThrough([9, 9, 9, 2], [volume, [9, 5, 5, 2]])).toEqual({
      size: [5, 5, 1], stride: [1, 2, 2], padding: [2, 2, 0], centre: [0, 0, 0],
    })
  })

  test('permute turns the axes: a window along the new height slides along the old width', () => {
    const tall: OneFieldRule = { rule: 'window', size: [5, 1], strides: [2, 1], dilations: [1, 1], pads: [[0, 0], [0, 0]] }
    expect(fieldThrough([9, 12, 2], [{ rule: 'permute', axes: [1, 0] }, [12, 9, 2]], [tall, [4, 9, 2]]))
      .toMatchObject({ size: [1, 5], stride: [1, 2] })
  })

  test('deformable windows give their nominal field and say that it is elastic, and so does all that follows', () => {
    const still = window(3) as Extract<OneFieldRule, { rule: 'window' }>
    expect(fieldThrough([9, 2], [{ rule: 'deformable', window: still }, [7, 2]], [window(3), [5, 2]]))
      .toEqual({ size: [5], stride: [1], padding: [0], centre: [2], elastic: true })
  })

  test('a window of another rank than the image is unknown', () => {
    expect(fieldThrough([9, 9, 2], [window(3), [7, 9, 2]])).toBeNull()
  })
})

// ── random chains of one axis ───────────────────────────────────────────────

interface Step { readonly rule: OneFieldRule; readonly out: (size: number) => number }
type Truth = readonly (readonly number[])[]

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max })
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(upTo(4), upTo(3), upTo(2, 0), upTo(2)).map(([k, s, p, d]): Step => ({
    rule: window(k, s, p, d), out: (size) => Math.floor((size + 2 * p - d * (k - 1) - 1) / s) + 1,
  })),
  fc.tuple(upTo(4), upTo(3), upTo(2)).map(([k, s, d]): Step => ({
    rule: transposed(k, s, Math.min(1, d * (k - 1)), d), out: (size) => (size - 1) * s + d * (k - 1) + 1 - 2 * Math.min(1, d * (k - 1)),
  })),
  upTo(3).map((n): Step => ({ rule: upsampleField([n]), out: (size) => size * n })),
)

/** By definition, with no thought of periods: a list of pixels for every unit; NaN stands for beyond the edge. */
function look(before: Truth, { rule, out }: Step): Truth {
  if (rule.rule !== 'window' && rule.rule !== 'transposed') throw new Error(rule.rule)
  const [k, s, d, p] = [rule.size[0]!, rule.strides[0]!, rule.dilations[0]!, rule.pads![0]![0]]
  const taps = Array.from({ length: k }, (_, tap) => tap * d)
  const units = Array.from({ length: out(before.length) }, (_, unit) => unit)
  const inputsOf = (unit: number): number[] => (rule.rule === 'window'
    ? taps.map((tap) => unit * s - p + tap)
    // Beyond the edge a transposed window would have seen something too: such units are left out of the comparison.
    : Array.from({ length: before.length + 2 * k + 2 }, (_, at) => at - k - 1).filter((input) => taps.includes(unit + p - input * s)))
  return units.map((unit) => inputsOf(unit).flatMap((input) => before[input] ?? [Number.NaN]))
}

test('random chains of windows, transposed windows and upsampling see what they see', () => {
  let compared = 0
  fc.assert(fc.property(fc.array(steps, { minLength: 1, maxLength: 4 }), (list) => {
    let sizes = [60]
    let truth: Truth = Array.from({ length: 60 }, (_, pixel) => [pixel])
    for (const step of list) {
      const size = step.out(sizes.at(-1) as number)
      if (size < 1 || size > 3000) return
      sizes = [...sizes, size]
      truth = look(truth, step)
    }
    const net = chain([60, 1], ...list.map(({ rule }, index) => ruled(rule, [sizes[index + 1] as number, 1])))
    const field = analyze(net).nodes.at(-1)?.field as Field
    const whole = [...truth.entries()].filter(([, pixels]) => pixels.length > 0 && !pixels.some(Number.isNaN))
    if (whole.length === 0) return
    const widths = whole.map(([, pixels]) => Math.max(...pixels) - Math.min(...pixels) + 1)
    const period = 1 / ((field.stride as number[])[0] as number) <= whole.length / 3
    expect(Math.max(...widths)).toBeLessThanOrEqual((field.size as number[])[0] as number)
    if (whole.length < 40 || !period) return
    expect(Math.max(...widths)).toBe((field.size as number[])[0])
    const first = whole[0] as [number, readonly number[]]
    const last = whole.at(-1) as [number, readonly number[]]
    const rise = (Math.min(...last[1]) - Math.min(...first[1])) / (last[0] - first[0])
    expect(Math.abs(rise - ((field.stride as number[])[0] as number))).toBeLessThan(0.2)
    if (first[0] === 0) expect(Math.min(...first[1])).toBe(0 - ((field.padding as number[])[0] as number))
    compared += 1
  }), { numRuns: 500, seed: 5 })
  expect(compared).toBeGreaterThan(100)
})
