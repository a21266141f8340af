// Receptive fields against the truth: which input pixels reach a unit, found by carrying sets of pixels through
// random graphs. The tracker works out padding for itself and knows nothing of the analysis.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyze, type Field } from '../../src/analysis/analyze.ts'
import {
  add, avgPool2d, concat, conv2d, depthwiseConv2d, maxPool2d, type Op, parallel, relu, sequence, zeroPad2d,
} from '../../src/index.ts'
import type { GraphData, GraphNode } from '../../src/graph/graph.ts'
import { chain } from './nets.ts'

// ── the tracker ─────────────────────────────────────────────────────────────

/** The pixels of one axis that a unit depends on, as bits. A window is a product of its axes, so each goes alone. */
interface Unit {
  readonly pixels: bigint
  /** Did a window on the way hang over an edge? Then some of what it would see is not there. */
  readonly clipped: boolean
}
type Line = readonly Unit[]

const OUTSIDE: Unit = { pixels: 0n, clipped: true }
const union = (units: readonly Unit[]): Unit => ({
  pixels: units.reduce((all, { pixels }) => all | pixels, 0n),
  clipped: units.some(({ clipped }) => clipped),
})

interface Sliding {
  readonly kernelSize?: readonly number[]
  readonly poolSize?: readonly number[]
  readonly strides?: readonly number[]
  readonly dilationRate?: readonly number[]
  readonly padding: 'valid' | 'same' | readonly (readonly [number, number])[]
}

function slide(line: Line, config: Sliding, axis: 0 | 1, outputs: number): Line {
  const kernel = (config.kernelSize ?? config.poolSize ?? [1, 1])[axis] as number
  const stride = (config.strides ?? [1, 1])[axis] as number
  const dilation = (config.dilationRate ?? [1, 1])[axis] as number
  const missing = (outputs - 1) * stride + dilation * (kernel - 1) + 1 - line.length
  const before = config.padding === 'valid' ? 0
    : config.padding === 'same' ? Math.floor(Math.max(missing, 0) / 2)
    : (config.padding[axis] as readonly [number, number])[0]
  return Array.from({ length: outputs }, (_, unit) =>
    union(Array.from({ length: kernel }, (_, tap) => line[unit * stride + tap * dilation - before] ?? OUTSIDE)))
}

function lineOf(node: GraphNode, inputs: readonly Line[], axis: 0 | 1): Line {
  const outputs = node.site.outputs[0]?.[axis] as number
  const joined = (inputs[0] as Line).map((_, unit) => union(inputs.map((line) => line[unit] as Unit)))
  const slides = ['conv2d', 'depthwiseConv2d', 'maxPool2d', 'avgPool2d', 'zeroPad2d'].includes(node.kind)
  return slides ? slide(joined, node.config as Sliding, axis, outputs) : joined
}

function track(net: GraphData, axis: 0 | 1): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>()
  for (const { id, shape } of net.inputs) {
    lines.set(id, Array.from({ length: shape[axis] as number }, (_, pixel) => ({ pixels: 1n << BigInt(pixel), clipped: false })))
  }
  for (const node of net.nodes) lines.set(node.id, lineOf(node, node.from.map(({ id }) => lines.get(id) as Line), axis))
  return lines
}

// ── random graphs ───────────────────────────────────────────────────────────

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max })
const both = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<[T, T]> => fc.tuple(one, one)
const sides = both(both(upTo(3, 0)))
const padding = fc.oneof(fc.constant('valid' as const), fc.constant('same' as const), upTo(2, 0), sides)

/** Stride and dilation seldom both large, so that fields stay within the image. */
const windowConfig = fc.record({
  kernelSize: both(upTo(4)), strides: both(fc.constantFrom(1, 1, 1, 2, 3)), dilationRate: both(fc.constantFrom(1, 1, 2, 3)), padding,
})

const convolution: fc.Arbitrary<Op> = fc.tuple(fc.boolean(), windowConfig).map(([depthwise, config]) =>
  (depthwise ? depthwiseConv2d(config) : conv2d({ filters: 2, ...config })) as Op)

const pool: fc.Arbitrary<Op> = fc.record({
  average: fc.boolean(), ceilMode: fc.boolean(), poolSize: both(upTo(3, 2)), strides: both(upTo(2)),
  padding: fc.constantFrom('valid' as const, 'same' as const, 1),
}).map(({ average, ...config }) => (average ? avgPool2d(config) : maxPool2d(config)) as Op)

/** A convolution that keeps the image's size, with its padding shifted to one side at random. */
const keeping: fc.Arbitrary<Op> = fc.record({ kernelSize: both(upTo(4)), dilation: both(upTo(2)), shift: both(upTo(3, 0)) })
  .map(({ kernelSize, dilation, shift }) => {
    const pads = [0, 1].map((axis) => {
      const total = (dilation[axis as 0 | 1]) * ((kernelSize[axis as 0 | 1]) - 1)
      const before = Math.min(shift[axis as 0 | 1], total)
      return [before, total - before] as const
    })
    return conv2d({ filters: 2, kernelSize, dilationRate: dilation, padding: [pads[0]!, pads[1]!] }) as Op
  })

/** Branches that end in one size: windows that keep it, then one stride for all. */
const branches: fc.Arbitrary<Op> = fc.record({
  chains: fc.array(fc.tuple(fc.array(keeping, { maxLength: 2 }), both(upTo(4))), { minLength: 2, maxLength: 4 }),
  strides: both(upTo(2)), merge: fc.constantFrom(() => add() as Op, () => concat() as Op),
}).map(({ chains, strides, merge }) => parallel(
  chains.map(([layers, kernelSize]) =>
    sequence(...layers, conv2d({ filters: 2, kernelSize, strides, padding: 'same' }) as Op) as Op),
  merge()) as Op)

const layer = fc.oneof(
  { weight: 4, arbitrary: convolution },
  { weight: 2, arbitrary: pool },
  { weight: 3, arbitrary: branches },
  { weight: 1, arbitrary: fc.constant(relu() as Op) },
  { weight: 1, arbitrary: sides.map((pads) => zeroPad2d({ padding: pads }) as Op) },
)

const nets: fc.Arbitrary<GraphData> = fc
  .tuple(both(upTo(300, 280)), fc.array(layer, { minLength: 1, maxLength: 5 }))
  .map(([[h, w], layers]) => chain([h, w, 2], ...layers))

// ── the comparison ──────────────────────────────────────────────────────────

const lowest = (bits: bigint): number => (bits & -bits).toString(2).length - 1
const highest = (bits: bigint): number => bits.toString(2).length - 1

/** At most so many of the list, evenly spread, with the first and the last. */
function spread<T>(list: readonly T[], count: number): readonly T[] {
  const step = Math.max((list.length - 1) / (count - 1), 1)
  return list.filter((_one, index) => Math.round(Math.round(index / step) * step) === index)
}

/** Compares units that see all they would see with the analysis; gives how many there were. */
function compare(field: Field | null | undefined, line: Line, axis: 0 | 1, id: string): number {
  const whole = spread([...line.entries()].filter(([, { clipped }]) => !clipped), 8)
  const [size, stride, pad] = [field?.size, field?.stride, field?.padding].map((pair) => (pair as number[] | null)?.[axis])
  const truth = whole.map(([unit, { pixels }]) => ({ id, unit, first: lowest(pixels), last: highest(pixels) }))
  expect(whole.map(([unit]) => {
    const first = unit * (stride as number) - (pad as number)
    return { id, unit, first, last: first + (size as number) - 1 }
  })).toEqual(truth)
  return whole.length
}

test('fields of random graphs are those of the truth, for every unit inside the image', () => {
  let nodes = 0
  let compared = 0
  fc.assert(fc.property(nets, (net) => {
    const analysis = analyze(net)
    for (const axis of [0, 1] as const) {
      const lines = track(net, axis)
      for (const { id, field } of analysis.nodes) {
        nodes += 1
        if (compare(field, lines.get(id) as Line, axis, id) > 0) compared += 1
      }
    }
  }), { numRuns: 400, seed: 20 })
  expect(compared / nodes).toBeGreaterThan(0.95)
})

test('a misaligned centre is reported exactly where branches see different centres', () => {
  fc.assert(fc.property(branches, upTo(70, 60), (block, size) => {
    const net = chain([size, size, 2], conv2d({ filters: 2, kernelSize: 1 }) as Op, block)
    const analysis = analyze(net)
    const join = net.nodes.at(-1) as GraphNode
    const centres = ([0, 1] as const).map((axis) => {
      const lines = track(net, axis)
      const middle = Math.floor((join.site.outputs[0]?.[axis] as number) / 2)
      return new Set(join.from.map(({ id }) => {
        const { pixels } = (lines.get(id) as Line)[middle] as Unit
        return lowest(pixels) + highest(pixels)
      })).size
    })
    const reported = analysis.findings.some(({ code }) => code === 'field/misaligned-centre')
    expect(reported).toBe(centres.some((count) => count > 1))
  }), { numRuns: 200, seed: 21 })
})
