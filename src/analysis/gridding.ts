// Gridding: which pixels of a receptive field are used, how often, and which never.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import type { OneFieldRule } from '../spec/field.ts'
import { countOf } from '../spec/tensor.ts'
import { gcd } from './axis.ts'
import { type Hdc, hdc } from './hdc.ts'
import { type PathCounts, pathsTo } from './paths.ts'

/** One axis of a field. */
export interface Comb {
  /** The first pixel that unit 0 sees; negative before the image. */
  readonly start: number
  /** Pixels from the first to the last. */
  readonly size: number
  /** How often each is used, in paths; relative ones where they are more than numbers can hold. */
  readonly counts: readonly number[]
  /** Offsets from `start` that are never used. */
  readonly holes: readonly number[]
  /** Used offsets are multiples of this. */
  readonly step: number
}

export interface Gridding {
  readonly id: string
  readonly kind: string
  readonly input: string
  readonly axes: readonly Comb[]
  /** The share of the field's pixels that are used, along all axes together; `null` for a field too large to draw. */
  readonly coverage: number | null
  /** Paths per pixel along all axes together. */
  readonly map: PathCounts | null
  /** The check of the stacked windows that end here, by axis; `null` where there are not two of them. */
  readonly hdc: readonly (Hdc | null)[]
}

function combOf(counts: Float64Array, start: number): Comb {
  const list = [...counts]
  const used = list.flatMap((count, offset) => (count > 0 ? [offset] : []))
  const step = used.map((offset) => offset - (used[0] as number)).reduce(gcd, 0)
  return { start, size: list.length, counts: list, holes: list.flatMap((count, offset) => (count > 0 ? [] : [offset])), step: Math.max(step, 1) }
}

/** A layer of a stack: windows that slide by one, and what passes every position on. */
function stackRule(node: GraphNode): Extract<OneFieldRule, { rule: 'window' }> | 'passes' | null {
  const rule = node.definition.field(node.site)
  if (node.from.length !== 1) return null
  if (rule.rule === 'pointwise') return 'passes'
  return rule.rule === 'window' ? rule : null
}

/** The stacked windows of one size that end at a node, along an axis, first layer first. */
export function stackAt(
  byId: ReadonlyMap<string, GraphNode>, id: string, axis: number, most = Number.POSITIVE_INFINITY,
): { readonly rates: readonly number[]; readonly kernelSize: number } | null {
  const rates: number[] = []
  let kernelSize: number | null = null
  for (let node = byId.get(id); node !== undefined; node = byId.get((node.from[0] as { id: string }).id)) {
    const rule = stackRule(node)
    if (rule === null) break
    if (rule === 'passes') continue
    const [k, s, d] = [rule.size[axis] as number, rule.strides[axis] as number, rule.dilations[axis] as number]
    if (k > 1 && kernelSize !== null && k !== kernelSize) break
    // A stride sets the taps of the layers after it further apart than its own.
    if (s > 1 && rates.length > 0) break
    if (k === 1) continue
    kernelSize = k
    rates.unshift(d)
    if (rates.length === most) break
  }
  return kernelSize === null || rates.length < 2 ? null : { rates, kernelSize }
}

const nodesById = (graph: GraphData): ReadonlyMap<string, GraphNode> => new Map(graph.nodes.map((node) => [node.id, node]))

/**
 * The gridding of one node, for each input that it sees on a grid.
 *
 * It is that of a unit that sees no edge; `at` chooses among units that differ, after enlarging layers.
 */
export function griddingOf(graph: GraphData, id: string, { at }: { readonly at?: readonly number[] } = {}): readonly Gridding[] {
  const byId = nodesById(graph)
  const node = byId.get(id) as GraphNode
  const unit = at === undefined ? {} : { at }
  return [...pathsTo(graph, id, unit)].flatMap(([input, paths]): Gridding[] => {
    if (paths === 'all') return []
    const rank = Math.max((graph.inputs.find((one) => one.id === input)?.shape.length ?? 1) - 1, 0)
    const axes = Array.from({ length: rank }, (_, axis) => axis).flatMap((axis): Comb[] => {
      const comb = paths === null ? pathsTo(graph, id, { ...unit, axis }).get(input) : projected(paths, axis)
      return comb === null || comb === undefined || comb === 'all' ? [] : [combOf(comb.counts, comb.start[0] as number)]
    })
    if (axes.length === 0 || axes.length !== rank) return []
    const stacks = axes.map((_comb, axis) => stackAt(byId, id, axis))
    return [{
      id, kind: node.kind, input, axes, map: paths, coverage: paths === null ? null : usedShare(paths.counts),
      hdc: stacks.map((stack) => (stack === null ? null : hdc(stack.rates, stack.kernelSize))),
    }]
  })
}

function usedShare(counts: Float64Array): number {
  let used = 0
  for (const count of counts) if (count > 0) used += 1
  return used / counts.length
}

/** The paths summed over all axes but one. */
export function projected(paths: PathCounts, axis: number): PathCounts {
  const place = paths.axes.indexOf(axis)
  const length = paths.shape[place] as number
  const inner = countOf(paths.shape.slice(place + 1))
  const counts = new Float64Array(length)
  for (const [cell, count] of paths.counts.entries()) (counts[Math.floor(cell / inner) % length] as number) += count
  return { axes: [axis], start: [paths.start[place] as number], shape: [length], counts, exponent: paths.exponent }
}
