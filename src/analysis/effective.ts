// The effective receptive field: how the paths to a unit are spread over the pixels it sees.
//
// Along a path every window adds an offset of its own, so the variances of the windows add up, each times the square
// of the stride before it: with uniform taps a window of k at dilation d adds d²(k² − 1)/12. Many windows make a
// Gaussian. Branches mix. See Luo, Li, Urtasun, Zemel, "Understanding the effective receptive field in deep
// convolutional neural networks", 2016, https://arxiv.org/abs/1701.04128.
import type { GraphData } from '../graph/graph.ts'
import type { OneFieldRule } from '../spec/field.ts'
import type { Dims } from '../spec/tensor.ts'
import { type MovingRule, type Taps, tapsOf } from './axis.ts'
import { ancestorsOf } from './paths.ts'

/** How the paths to a unit are spread over an input; lists are by the input's axes. */
export interface EffectiveField {
  readonly input: string
  /** The logarithm to base 2 of the number of paths. */
  readonly paths: number
  /** The pixel they are centred on. */
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  /** Two standard deviations: along each axis the pixels within hold 95 % of a Gaussian. */
  readonly radius: readonly number[]
}

interface Spread {
  readonly paths: number
  readonly mean: readonly number[]
  readonly variance: readonly number[]
}

interface Step {
  /** Paths that one output fans out to. */
  readonly paths: number
  readonly stride: number
  readonly mean: number
  readonly variance: number
}

/** The offsets of all taps, of outputs that differ together. */
function stepOf({ period, advance, at }: Taps): Step {
  const stride = advance / period
  const offsets = Array.from({ length: period }, (_, output) => at(output).map((input) => input - output * stride)).flat()
  const mean = offsets.reduce((sum, one) => sum + one, 0) / offsets.length
  const variance = offsets.reduce((sum, one) => sum + (one - mean) ** 2, 0) / offsets.length
  return { paths: offsets.length / period, stride, mean, variance }
}

function move(spread: Spread, rule: MovingRule): Spread | null {
  if ('pads' in rule && rule.pads === null) return null
  const steps: Step[] = []
  for (const axis of spread.mean.keys()) {
    const taps = tapsOf(rule, axis)
    if (taps === null) return null
    steps.push(stepOf(taps))
  }
  return {
    paths: steps.reduce((sum, { paths }) => sum + Math.log2(paths), spread.paths),
    mean: steps.map(({ stride, mean }, axis) => (spread.mean[axis] as number) * stride + mean),
    variance: steps.map(({ stride, variance }, axis) => (spread.variance[axis] as number) * stride ** 2 + variance),
  }
}

/** Spread evenly over the whole image. */
function whole(spread: Spread, input: Dims): Spread | null {
  const sizes = input.slice(0, -1)
  if (sizes.length === 0 || sizes.includes(null)) return null
  const known = sizes as readonly number[]
  return {
    paths: known.reduce((sum, size) => sum + Math.log2(size), spread.paths),
    mean: known.map((size) => (size - 1) / 2), variance: known.map((size) => (size ** 2 - 1) / 12),
  }
}

function back(spread: Spread | null, rule: OneFieldRule, input: Dims): Spread | null {
  if (spread === null) return null
  switch (rule.rule) {
    case 'pointwise': return spread
    case 'global': return whole(spread, input)
    case 'opaque': case 'reshape': return null
    case 'permute': {
      const turn = (list: readonly number[]) => list.map((_one, axis) => list[rule.axes.indexOf(axis)] as number)
      return { paths: spread.paths, mean: turn(spread.mean), variance: turn(spread.variance) }
    }
    case 'deformable': return move(spread, rule.window)
    default: return move(spread, rule)
  }
}

/** Both, each by its share of the paths. */
function mix(a: Spread | null, b: Spread | null): Spread | null {
  if (a === null || b === null) return null
  const share = 1 / (1 + 2 ** (b.paths - a.paths))
  const mean = a.mean.map((one, axis) => share * one + (1 - share) * (b.mean[axis] as number))
  return {
    paths: Math.max(a.paths, b.paths) + Math.log2(1 + 2 ** -Math.abs(a.paths - b.paths)),
    mean,
    variance: a.variance.map((one, axis) =>
      share * (one + ((a.mean[axis] as number) - (mean[axis] as number)) ** 2)
      + (1 - share) * ((b.variance[axis] as number) + ((b.mean[axis] as number) - (mean[axis] as number)) ** 2)),
  }
}

/**
 * How the paths to a unit of a node are spread over each input, as if images had no edges.
 *
 * @param at The unit: [y, x]. Default the first.
 * @returns Nothing for inputs where it is not known.
 */
export function effectiveField(graph: GraphData, id: string, at?: readonly number[]): readonly EffectiveField[] {
  const found = new Map<string, Spread | null>()
  for (const node of ancestorsOf(graph, id)) {
    const rank = (node.site.outputs[0] as Dims).length - 1
    const start: Spread = {
      paths: 0, mean: Array.from({ length: rank }, (_, axis) => at?.[axis] ?? 0), variance: new Array<number>(rank).fill(0),
    }
    const spread = node.id === id ? start : found.get(node.id) as Spread | null
    const rule = node.definition.field(node.site)
    for (const [index, ref] of node.from.entries()) {
      const own = rule.rule === 'each' ? rule.rules[index] ?? { rule: 'opaque' as const } : rule
      const before = back(spread, own, node.site.inputs[index] as Dims)
      found.set(ref.id, found.has(ref.id) ? mix(found.get(ref.id) as Spread | null, before) : before)
    }
  }
  return graph.inputs.flatMap(({ id: input }): EffectiveField[] => {
    const spread = found.get(input)
    if (spread == null || spread.mean.length === 0) return []
    const deviation = spread.variance.map(Math.sqrt)
    return [{ input, paths: spread.paths, mean: spread.mean, deviation, radius: deviation.map((one) => 2 * one) }]
  })
}
