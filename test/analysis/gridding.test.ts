// Which pixels are used, and how often: worked numbers, and random graphs against paths counted one by one.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldsOf } from '../../src/analysis/field.ts'
import { griddingOf } from '../../src/analysis/gridding.ts'
import { hdc, hdcDistances } from '../../src/analysis/hdc.ts'
import { type PathCounts, pathsTo } from '../../src/analysis/paths.ts'
import type { GraphData } from '../../src/graph/graph.ts'
import { add, concat, conv2d, flatten, globalAvgPool2d, type Op, parallel, relu, sequence } from '../../src/index.ts'
import { ruled } from './ruled.ts'
import { chain } from './nets.ts'

const dilated = (rates: readonly number[], kernelSize = 3): GraphData =>
  chain([64, 64, 1], ...rates.map((dilationRate) => conv2d({ filters: 1, kernelSize, dilationRate }) as Op))
const lastOf = (net: GraphData) => griddingOf(net, net.nodes.at(-1)?.id as string)[0]

describe('stacked 3×3 windows', () => {
  test.each([
    [[2, 2, 2], 13, 0.290], [[1, 2, 3], 13, 1], [[1, 2, 5], 17, 1], [[1, 2, 9], 25, 0.706], [[1, 2, 4, 8], 31, 1],
  ])('%j see %i pixels and use %f of them', (rates, size, share) => {
    const seen = lastOf(dilated(rates))
    expect(seen?.axes.map((axis) => axis.size)).toEqual([size, size])
    expect(seen?.coverage).toBeCloseTo(share, 3)
    expect(hdc(rates).coverage).toBeCloseTo(seen?.coverage as number, 12)
    expect(hdc(rates).counts).toEqual(seen?.hdc[0]?.counts)
  })

  test('2, 2, 2 never use 6 of 13 offsets', () => {
    expect(lastOf(dilated([2, 2, 2]))?.axes[0]).toMatchObject({ start: 0, size: 13, holes: [1, 3, 5, 7, 9, 11], step: 2 })
  })

  test('the centre is used most: 27 of the 343 paths along an axis for 1, 1, 1', () => {
    expect(hdc([1, 1, 1]).counts).toEqual([1, 3, 6, 7, 6, 3, 1])
  })
})

describe('the inequality of hybrid dilated convolution', () => {
  test.each([
    [[1, 2, 5], [2, 2, 5], true], [[1, 2, 9], [5, 5, 9], false], [[2, 4, 8], [2, 4, 8], false], [[1, 2, 4, 8], [1, 2, 4, 8], true],
  ] as const)('%j', (rates, distances, good) => {
    expect(hdcDistances(rates).slice(1)).toEqual(distances.slice(1))
    expect(hdc(rates).good).toBe(good)
  })

  test('common divisors, sawteeth and advice', () => {
    expect(hdc([2, 4, 8])).toMatchObject({ commonDivisor: 2, sawtooth: true })
    expect(hdc([2, 2, 2])).toMatchObject({ commonDivisor: 2, sawtooth: false, better: [1, 2, 3] })
    expect(hdc([1, 2, 5])).toMatchObject({ commonDivisor: 1, sawtooth: true, better: null })
    expect(hdc([1, 2, 5, 1, 2, 5]).sawtooth).toBe(true)
    expect(hdc([5, 2, 1]).sawtooth).toBe(false)
  })

  test('rates that are proposed leave no holes', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), fc.constantFrom(3, 5), (rates, k) => {
      const { better } = hdc(rates, k)
      if (better === null) expect(hdc(rates, k).coverage).toBe(1)
      else expect([hdc(better, k).coverage, better.length]).toEqual([1, rates.length])
    }), { numRuns: 60, seed: 3 })
  })
})

test('a stack ends where images shrink, branches meet or kernels change', () => {
  const conv = (more: object): Op => conv2d({ filters: 1, kernelSize: 3, ...more }) as Op
  const rates = (...layers: Op[]) => lastOf(chain([99, 99, 1], ...layers))?.hdc[0]?.rates ?? null
  expect(rates(conv({ dilationRate: 2 }), relu(), conv({ kernelSize: 1 }), conv({ dilationRate: 5 }))).toEqual([2, 5])
  expect(rates(conv({}), conv({ strides: 2 }), conv({ dilationRate: 2 }), conv({ dilationRate: 4 }))).toEqual([2, 4])
  expect(rates(conv({}), conv({ dilationRate: 2 }), conv({ dilationRate: 3, strides: 2 }))).toEqual([1, 2, 3])
  expect(rates(conv({ kernelSize: 5 }), conv({}))).toBeNull()
})

test('subsampling leaves holes too: 1×1 with stride 2 uses a quarter of the pixels', () => {
  const net = chain([64, 64, 1], conv2d({ filters: 1, kernelSize: 1, strides: 2 }) as Op, conv2d({ filters: 1, kernelSize: 3 }) as Op)
  expect(lastOf(net)).toMatchObject({ coverage: 9 / 25, axes: [{ size: 5, holes: [1, 3], step: 2 }, { size: 5 }] })
})

test('a node that sees everything or lies on no grid has no gridding', () => {
  for (const layer of [globalAvgPool2d(), flatten()]) expect(lastOf(chain([9, 9, 1], layer as Op))).toBeUndefined()
})

// ── random graphs ───────────────────────────────────────────────────────────

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max })
const both = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<[T, T]> => fc.tuple(one, one)

/** A convolution that keeps the image's size. */
const keeping: fc.Arbitrary<Op> = fc.tuple(both(upTo(3)), both(upTo(2))).map(([kernelSize, dilationRate]) =>
  conv2d({ filters: 1, kernelSize, dilationRate, padding: 'same' }) as Op)
const layer: fc.Arbitrary<Op> = fc.oneof(
  fc.tuple(both(upTo(3)), both(upTo(2)), both(both(upTo(1, 0)))).map(([kernelSize, strides, padding]) =>
    conv2d({ filters: 1, kernelSize, strides, padding }) as Op),
  fc.tuple(fc.array(keeping, { minLength: 2, maxLength: 3 }), fc.constantFrom(add, concat)).map(([chains, merge]) =>
    parallel(chains, merge() as Op) as Op),
  fc.tuple(keeping, keeping).map(([one, other]) => parallel([sequence(one, other) as Op, one], add() as Op) as Op),
)
const nets = fc.array(layer, { minLength: 1, maxLength: 3 }).map((layers) => chain([24, 22, 1], ...layers))

/** Every path from a unit to the image, one by one: pixels as "y,x". */
function walk(net: GraphData, id: string, y: number, x: number, found: Map<string, number>): void {
  const node = net.nodes.find((one) => one.id === id)
  if (node === undefined) {
    found.set(`${y},${x}`, (found.get(`${y},${x}`) ?? 0) + 1)
    return
  }
  const rule = node.definition.field(node.site)
  for (const [index, ref] of node.from.entries()) {
    const [h, w] = node.site.inputs[index] as readonly [number, number, number]
    if (rule.rule === 'pointwise') walk(net, ref.id, y, x, found)
    if (rule.rule !== 'window') continue
    const [[kh, kw], [sh, sw], [dh, dw], pads] = [rule.size, rule.strides, rule.dilations, rule.pads!]
    for (let ky = 0; ky < kh!; ky++) {
      for (let kx = 0; kx < kw!; kx++) {
        const [row, column] = [y * sh! - pads[0]![0]! + ky * dh!, x * sw! - pads[1]![0]! + kx * dw!]
        if (row >= 0 && row < h && column >= 0 && column < w) walk(net, ref.id, row, column, found)
      }
    }
  }
}

const listed = ({ start, shape, counts }: PathCounts): Map<string, number> => new Map([...counts].flatMap((count, cell) =>
  (count === 0 ? [] : [[`${Math.floor(cell / shape[1]!) + start[0]!},${(cell % shape[1]!) + start[1]!}`, count] as const])))

test('path counts are those of walking every path', () => {
  fc.assert(fc.property(nets, upTo(5, 0), upTo(5, 0), (net, y, x) => {
    const node = net.nodes.at(-1)!
    const [h, w] = node.site.outputs[0] as [number, number, number]
    const at = [y % h, x % w]
    const found = new Map<string, number>()
    walk(net, node.id, at[0]!, at[1]!, found)
    expect(listed(pathsTo(net, node.id, { at, clip: true }).get('image') as PathCounts)).toEqual(found)
  }), { numRuns: 60, seed: 9 })
})

test('the comb of every node spans its field', () => {
  fc.assert(fc.property(nets, (net) => {
    const fields = fieldsOf(net).byNode
    for (const { id } of net.nodes) {
      const { start, shape } = pathsTo(net, id).get('image') as PathCounts
      const field = fields.get(id)?.get('image')
      expect([shape, start]).toEqual([field?.size, (field?.padding as number[]).map((pad) => 0 - pad)])
    }
  }), { numRuns: 60, seed: 10 })
})

test('a thousand layers keep finite counts, and a hole stays a hole', () => {
  const deep = chain([9, 9, 1], ...Array.from({ length: 1000 }, () => ruled({ rule: 'window', size: [3, 1], strides: [1, 1], dilations: [2, 1], pads: [[2, 2], [0, 0]] }, [9, 9, 1])))
  const comb = lastOf(deep)?.axes[0]
  expect(comb).toMatchObject({ size: 4001, step: 2 })
  expect(comb?.holes.length).toBe(2000)
  expect(comb?.counts.every((count) => Number.isFinite(count))).toBe(true)
})
