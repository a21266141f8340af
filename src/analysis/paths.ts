// The comb: how many paths lead from each position of a node back to one unit further on.
//
// It goes back from the unit and counts, at each node, the ways from each position to the unit: a window hands the
// count of an output to each of its taps, branches add up. A node's own axes all count, or one of them alone.
// Positions with a count are seen; those between without one are holes.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import type { FieldRule, OneFieldRule } from '../spec/field.ts'
import { countOf, type Dims } from '../spec/tensor.ts'
import { type MovingRule, type Taps, tapsOf } from './axis.ts'

/** Counts over a box of positions, last axis fastest. The number of paths is count · 2^exponent. */
export interface PathCounts {
  /** The axes of the image that it runs along. */
  readonly axes: readonly number[]
  readonly start: readonly number[]
  readonly shape: readonly number[]
  readonly counts: Float64Array
  readonly exponent: number
}

/** "all": every position, by a layer that sees the whole image. `null`: not known. */
export type Paths = PathCounts | 'all' | null

export interface PathOptions {
  /** The unit: [y, x]. Default the first. */
  readonly at?: readonly number[]
  /** One axis alone: its comb. Default all axes together. */
  readonly axis?: number
  /** Leave out what lies beyond the edges of images; else images have none. Default false. */
  readonly clip?: boolean
}

/** Boxes of more positions than this are not counted. */
export const MOST_CELLS = 1 << 24


// ── one layer ───────────────────────────────────────────────────────────────

interface Edge { readonly size: number | null; readonly clip: boolean }

/** The input positions and how often each is used, for every output of a stretch. */
function inputsOf(taps: Taps, start: number, count: number, { size, clip }: Edge): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, index) => {
    const inputs = taps.at(start + index)
    if (!clip || size === null) return inputs
    if (taps.pulled) return inputs.map((input) => Math.min(Math.max(input, 0), size - 1))
    return inputs.filter((input) => input >= 0 && input < size)
  })
}

/** The counts at the input of a layer that moves along one axis: number `place` of the box. */
function moveBack(paths: PathCounts, place: number, taps: Taps, edge: Edge): Paths {
  const { start, shape, counts } = paths
  const inputs = inputsOf(taps, start[place] as number, shape[place] as number, edge)
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const list of inputs) {
    for (const input of list) {
      if (input < from) from = input
      if (input > to) to = input
    }
  }
  const length = Math.max(to - from + 1, 0)
  const grown = shape.map((size, axis) => (axis === place ? length : size))
  if (countOf(grown) > MOST_CELLS) return null
  const inner = countOf(shape.slice(place + 1))
  const outer = countOf(shape.slice(0, place))
  const moved = new Float64Array(countOf(grown))
  for (let block = 0; block < outer; block++) {
    for (const [output, list] of inputs.entries()) {
      const source = (block * inputs.length + output) * inner
      for (const input of list) {
        const target = (block * length + input - from) * inner
        for (let cell = 0; cell < inner; cell++) (moved[target + cell] as number) += counts[source + cell] as number
      }
    }
  }
  return balanced({
    ...paths, start: start.map((first, axis) => (axis === place ? (length === 0 ? 0 : from) : first)), shape: grown, counts: moved,
  })
}

const HUGE = 2 ** 600

/** The same counts with the largest of a size that can grow on. */
function balanced(paths: PathCounts): PathCounts {
  let largest = 0
  for (const count of paths.counts) if (count > largest) largest = count
  if (largest < HUGE) return paths
  const down = Math.floor(Math.log2(largest))
  // Too small a count stays the smallest number there is: seen is not unseen.
  const counts = paths.counts.map((count) => (count === 0 ? 0 : Math.max(count * 2 ** -down, Number.MIN_VALUE)))
  return { ...paths, counts, exponent: paths.exponent + down }
}

function wholeImage(axes: readonly number[], shape: Dims): Paths {
  const sizes = axes.map((axis) => shape[axis] ?? null)
  if (shape.length - 1 <= Math.max(...axes, 0) || sizes.includes(null)) return 'all'
  const known = sizes as number[]
  if (countOf(known) > MOST_CELLS) return null
  return { axes, start: known.map(() => 0), shape: known, counts: new Float64Array(countOf(known)).fill(1), exponent: 0 }
}

/** A window hands the counts to what it looks at; further windows of the rule may be along axes that do not count. */
function moveAll(paths: PathCounts, rule: MovingRule, input: Dims, clip: boolean): Paths {
  let moved: Paths = paths
  for (const [place, axis] of paths.axes.entries()) {
    const taps = tapsOf(rule, axis)
    if (taps === null || moved === null || moved === 'all' || ('pads' in rule && rule.pads === null)) return null
    moved = moveBack(moved, place, taps, { size: input[axis] ?? null, clip })
  }
  return moved
}

function back(paths: Paths, rule: OneFieldRule, input: Dims, clip: boolean): Paths {
  if (paths === null) return null
  const axes = paths === 'all' ? input.slice(1).map((_size, axis) => axis) : paths.axes
  if (rule.rule === 'global') return clip ? wholeImage(axes, input) : 'all'
  if (paths === 'all') return 'all'
  switch (rule.rule) {
    case 'pointwise': return paths
    case 'opaque': case 'reshape': return null
    case 'permute': return turned(paths, rule.axes)
    case 'deformable': return moveAll(paths, rule.window, input, clip)
    default: return moveAll(paths, rule, input, clip)
  }
}

/** The box with its axes named by those of the input, in order. */
function turned(paths: PathCounts, to: readonly number[]): PathCounts {
  const axes = paths.axes.map((axis) => to[axis] ?? axis)
  const order = axes.map((_axis, place) => place).sort((a, b) => (axes[a] as number) - (axes[b] as number))
  const shape = order.map((place) => paths.shape[place] as number)
  const strides = paths.shape.map((_size, place) => countOf(paths.shape.slice(place + 1)))
  const counts = new Float64Array(paths.counts.length)
  for (let cell = 0; cell < counts.length; cell++) {
    let [rest, source] = [cell, 0]
    for (let place = shape.length - 1; place >= 0; place--) {
      source += (rest % (shape[place] as number)) * (strides[order[place] as number] as number)
      rest = Math.floor(rest / (shape[place] as number))
    }
    counts[cell] = paths.counts[source] as number
  }
  return { ...paths, axes: order.map((place) => axes[place] as number), start: order.map((place) => paths.start[place] as number), shape, counts }
}

// ── branches that meet ──────────────────────────────────────────────────────

/** Both counts, over the box of both. */
function sum(a: Paths, b: Paths): Paths {
  if (a === null || b === null) return null
  if (a === 'all' || b === 'all') return 'all'
  if (a.axes.join() !== b.axes.join()) return null
  const start = a.start.map((first, axis) => Math.min(first, b.start[axis] as number))
  const end = a.start.map((first, axis) =>
    Math.max(first + (a.shape[axis] as number), (b.start[axis] as number) + (b.shape[axis] as number)))
  const shape = start.map((first, axis) => (end[axis] as number) - first)
  if (countOf(shape) > MOST_CELLS) return null
  const exponent = Math.max(a.exponent, b.exponent)
  const counts = new Float64Array(countOf(shape))
  for (const part of [a, b]) spread(part, { axes: a.axes, start, shape, counts, exponent })
  return { axes: a.axes, start, shape, counts, exponent }
}

function spread(part: PathCounts, onto: PathCounts): void {
  const factor = 2 ** (part.exponent - onto.exponent)
  const row = part.shape.at(-1) ?? 1
  const rows = row === 0 ? 0 : part.counts.length / row
  for (let index = 0; index < rows; index++) {
    let [rest, target, step] = [index, (part.start.at(-1) ?? 0) - (onto.start.at(-1) ?? 0), onto.shape.at(-1) ?? 1]
    for (let axis = part.shape.length - 2; axis >= 0; axis--) {
      const place = rest % (part.shape[axis] as number)
      rest = Math.floor(rest / (part.shape[axis] as number))
      target += (place + (part.start[axis] as number) - (onto.start[axis] as number)) * step
      step *= onto.shape[axis] as number
    }
    for (let cell = 0; cell < row; cell++) {
      const count = part.counts[index * row + cell] as number
      if (count > 0) (onto.counts[target + cell] as number) += Math.max(count * factor, Number.MIN_VALUE)
    }
  }
}

// ── the whole graph ─────────────────────────────────────────────────────────

const ruleFor = (rule: FieldRule, index: number): OneFieldRule =>
  (rule.rule === 'each' ? rule.rules[index] ?? { rule: 'opaque' } : rule)

/** One path to the unit itself. */
function unitOf(node: GraphNode, { at, axis }: PathOptions): PathCounts {
  const rank = Math.max((node.site.outputs[0] as Dims).length - 1, 1)
  const axes = axis === undefined ? Array.from({ length: rank }, (_, index) => index) : [axis]
  return { axes, start: axes.map((one) => at?.[one] ?? 0), shape: axes.map(() => 1), counts: Float64Array.of(1), exponent: 0 }
}

/** The nodes that a node depends on, itself included, last first. */
export function ancestorsOf(graph: GraphData, id: string): readonly GraphNode[] {
  const wanted = new Set([id])
  const found: GraphNode[] = []
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index] as GraphNode
    if (!wanted.has(node.id)) continue
    found.push(node)
    for (const ref of node.from) wanted.add(ref.id)
  }
  return found
}

/**
 * The paths from every position of each input to a unit of a node, by the id of the input.
 *
 * Inputs that the node does not depend on are left out.
 */
export function pathsTo(graph: GraphData, id: string, options: PathOptions = {}): ReadonlyMap<string, Paths> {
  const found = new Map<string, Paths>()
  const ids = new Set(graph.inputs.map((input) => input.id))
  for (const node of ancestorsOf(graph, id)) {
    const paths = node.id === id ? unitOf(node, options) : found.get(node.id) as Paths
    found.delete(node.id)
    const rule = node.definition.field(node.site)
    for (const [index, ref] of node.from.entries()) {
      const before = back(paths, ruleFor(rule, index), node.site.inputs[index] as Dims, options.clip ?? false)
      found.set(ref.id, found.has(ref.id) ? sum(found.get(ref.id) as Paths, before) : before)
    }
  }
  return new Map([...found].filter(([key]) => ids.has(key)).map(([key, paths]) => [key, trimmed(paths)]))
}

/** The smallest box with all that is seen. */
function trimmed(paths: Paths): Paths {
  if (paths === null || paths === 'all') return paths
  const first = paths.shape.map(() => Number.POSITIVE_INFINITY)
  const end = paths.shape.map(() => 0)
  for (const [cell, count] of paths.counts.entries()) {
    if (count === 0) continue
    let rest = cell
    for (let axis = paths.shape.length - 1; axis >= 0; axis--) {
      const place = rest % (paths.shape[axis] as number)
      rest = Math.floor(rest / (paths.shape[axis] as number))
      if (place < (first[axis] as number)) first[axis] = place
      if (place >= (end[axis] as number)) end[axis] = place + 1
    }
  }
  const shape = end.map((stop, axis) => Math.max(stop - (first[axis] as number), 0))
  if (shape.every((size, axis) => size === paths.shape[axis])) return paths
  const start = paths.start.map((from, axis) => (shape[axis] === 0 ? from : from + (first[axis] as number)))
  const kept = { ...paths, start, shape, counts: new Float64Array(countOf(shape)) }
  spread(paths, kept)
  return kept
}
