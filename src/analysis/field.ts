// Receptive fields: which pixels of an input one unit of a node sees.
//
// Per input and axis a unit's view is an interval. Unit u of a node sees the pixels start + u·stride … + size − 1,
// and a window that slides over it gives
//   size' = size + (k − 1)·dilation·stride,   start' = start − pad·stride,   stride' = stride·s.
// Where branches meet, the view is the hull of theirs. See Araujo, Norris, Sim, "Computing receptive fields of
// convolutional neural networks", Distill 2019, https://distill.pub/2019/computing-receptive-fields.
// What enlarges an image gives strides below 1 and units that differ; axis.ts has the arithmetic.
import type { GraphData, GraphNode, Ref } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import type { FieldRule, OneFieldRule } from '../spec/field.ts'
import type { Issue } from '../spec/issue.ts'
import type { Dims } from '../spec/tensor.ts'
import { centreOf, type Extent, firstOf, hull, type MovingRule, ONE_PIXEL, sizeOf, strideOf, tapsOf, through } from './axis.ts'

type Known = number | null

/** What one unit sees of an input; lists are by the input's axes, [height, width]. `null` is unknown, or without meaning. */
export interface Field {
  /** Pixels from the first to the last that it sees; "all" for the whole input. Of units that differ, the widest. */
  readonly size: readonly Known[] | 'all'
  /** Pixels between the views of neighbouring units; a fraction where an image was enlarged. */
  readonly stride: readonly Known[] | null
  /** How far the view of the first unit reaches over the image's edge: [top, left]. Negative: it starts inside. */
  readonly padding: readonly Known[] | null
  /** The pixel at the centre of the first unit's view: [y, x]. */
  readonly centre: readonly Known[] | null
  /** The size along the branches that see least, where branches differ. */
  readonly least?: readonly Known[]
  /** Taps move with the input: the field is that of taps at rest. */
  readonly elastic?: true
}

/** Where the units' views lie. */
interface Grid {
  readonly most: Extent
  /** Of the branches that see least. */
  readonly least: Extent
  /** The paddings of unknown size that shift the views, as text: views can be compared only where these agree. */
  readonly origin: string
}

/** One axis of the input. */
interface Axis {
  readonly size: Known
  readonly least: Known
  /** `null` when units no longer lie on a grid. */
  readonly grid: Grid | null
}

interface Seen {
  /** By the input's axes. */
  readonly axes: readonly Axis[]
  /** The input's axis that each axis of the node runs along. */
  readonly order: readonly number[]
  readonly elastic: boolean
}
type View = 'all' | Seen
/** Views by the id of the input; inputs that are not seen are left out. */
type Views = ReadonlyMap<string, View>

const NAMES: Readonly<Record<number, readonly string[]>> = { 1: ['length'], 2: ['height', 'width'], 3: ['depth', 'height', 'width'] }
const LOST: Axis = { size: null, least: null, grid: null }

/** A view of one input by one branch, with the branch's name for the findings. */
interface Branch {
  readonly from: string
  readonly view: View
}

// ── one layer ───────────────────────────────────────────────────────────────

const onGrid = (grid: Grid): Axis => ({ size: sizeOf(grid.most), least: sizeOf(grid.least), grid })

/** One pixel of an image; one number of a vector, which has no grid. */
function viewOfInput(shape: Dims): View {
  const rank = Math.max(shape.length - 1, 1)
  const grid: Grid | null = shape.length > 1 ? { most: ONE_PIXEL, least: ONE_PIXEL, origin: '' } : null
  return {
    axes: Array.from({ length: rank }, () => ({ size: 1, least: 1, grid })),
    order: Array.from({ length: rank }, (_, axis) => axis), elastic: false,
  }
}

const rankOf = (rule: MovingRule): number => ('to' in rule ? rule.to : rule.size).length

/** Does an output look at one position of the input only? */
const isNarrow = (rule: MovingRule, axis: number): boolean =>
  (rule.rule === 'window' || rule.rule === 'transposed') && rule.size[axis] === 1

function moveAxis(view: Axis, rule: MovingRule, axis: number, id: string): Axis {
  const { size, least, grid } = view
  if (axis < 0) return LOST
  if (grid === null) return isNarrow(rule, axis) ? { size, least, grid: null } : LOST
  const taps = tapsOf(rule, axis)
  if (taps === null) return LOST
  const most = through(grid.most, taps)
  const fewest = grid.least === grid.most ? most : through(grid.least, taps)
  if (most === null || fewest === null) return LOST
  const shifted = 'pads' in rule && rule.pads === null
  const moved: Grid = { most, least: fewest, origin: shifted ? `${grid.origin} ${id}` : grid.origin }
  // Which of several kinds of units a window meets depends on where it starts.
  const vague = size === null || (shifted && (most.period > 1 || grid.most.period > 1))
  return vague ? { size: null, least: null, grid: moved } : onGrid(moved)
}

function applyRule(view: View, rule: OneFieldRule, id: string): View {
  if (view === 'all' || rule.rule === 'global') return 'all'
  const { axes, order, elastic } = view
  switch (rule.rule) {
    case 'pointwise': return view
    case 'opaque': return { axes: axes.map(() => LOST), order, elastic }
    case 'reshape': return { axes: axes.map(({ size, least }) => ({ size, least, grid: null })), order, elastic }
    case 'permute': return { axes, order: rule.axes.map((axis) => order[axis] ?? axis), elastic }
    case 'deformable': return { ...(applyRule(view, rule.window, id) as Seen), elastic: true }
    default:
      if (rankOf(rule) !== order.length) return { axes: axes.map(() => LOST), order, elastic }
      return { axes: axes.map((axis, index) => moveAxis(axis, rule, order.indexOf(index), id)), order, elastic }
  }
}

// ── branches that meet ──────────────────────────────────────────────────────

type Misaligned = 'stride' | 'centre'

const differ = (a: number, b: number): boolean => Math.abs(a - b) > 1e-9

function joinAxis(a: Axis, b: Axis, id: string, report: (what: Misaligned) => void): Axis {
  if (a.grid === null || b.grid === null) {
    const least = a.least === null || b.least === null ? null : Math.min(a.least, b.least)
    return a.size === b.size && a.grid === b.grid ? { ...a, least } : LOST
  }
  if (differ(strideOf(a.grid.most), strideOf(b.grid.most))) {
    report('stride')
    return LOST
  }
  if (a.size === null || b.size === null || a.grid.origin !== b.grid.origin) {
    const same = a.grid.origin === b.grid.origin && firstOf(a.grid.most, 0) === firstOf(b.grid.most, 0)
    return { size: null, least: null, grid: same ? a.grid : { ...a.grid, origin: `${a.grid.origin} ${id}` } }
  }
  if (differ(centreOf(a.grid.most), centreOf(b.grid.most))) report('centre')
  const most = hull(a.grid.most, b.grid.most)
  const least = (a.least as number) <= (b.least as number) ? a.grid.least : b.grid.least
  return most === null ? LOST : onGrid({ most, least, origin: a.grid.origin })
}

const numberOf = ({ grid }: Axis, what: Misaligned): number => {
  const { most } = grid as Grid
  return what === 'stride' ? strideOf(most) : centreOf(most)
}

/** The finding for branches that look at an input in ways that do not fit together. */
function misaligned(node: GraphNode, branches: readonly Branch[], what: Misaligned, axes: readonly number[], rank: number): Issue {
  const axis = axes[0] as number
  const values = branches.flatMap(({ from, view }) => {
    const seen = view === 'all' ? LOST : view.axes[axis] ?? LOST
    return seen.grid === null || (what === 'centre' && seen.size === null) ? [] : [`${from} ${numberOf(seen, what)}`]
  })
  const along = axes.length === rank ? '' : ` along the ${NAMES[rank]?.[axis] ?? `axis ${axis}`}`
  return {
    code: `field/misaligned-${what}`, severity: 'warning', at: node.id, kind: node.kind,
    message: what === 'stride'
      ? `joins branches whose strides differ${along}: ${values.join(', ')}`
      : `joins branches whose first units are centred on different pixels${along}: ${values.join(', ')}`,
    hint: what === 'stride'
      ? 'bring the branches to one stride, so that joined units look at the same place'
      : 'pad the branches so that their windows share a centre: half the reach of an odd kernel on each side',
  }
}

function joinViews(node: GraphNode, branches: readonly Branch[], findings: Issue[]): View {
  const found: Record<Misaligned, Set<number>> = { stride: new Set(), centre: new Set() }
  const joined = branches.map(({ view }) => view).reduce((a, b): View => {
    if (a === 'all' || b === 'all') return 'all'
    const turned = a.order.join() !== b.order.join()
    return {
      axes: a.axes.map((axis, index) =>
        (turned ? LOST : joinAxis(axis, b.axes[index] as Axis, node.id, (what) => found[what].add(index)))),
      order: a.order, elastic: a.elastic || b.elastic,
    }
  })
  const rank = joined === 'all' ? 0 : joined.axes.length
  for (const what of ['stride', 'centre'] as const) {
    if (found[what].size > 0) findings.push(misaligned(node, branches, what, [...found[what]], rank))
  }
  return joined
}

// ── the whole graph ─────────────────────────────────────────────────────────

const isKnown = (view: View): boolean => view === 'all' || view.axes.every(({ size }) => size !== null)

/** Why a view got lost at this node, where no misalignment says so already. */
function lost(node: GraphNode, rule: FieldRule, joined: View): Issue {
  const gridless = joined !== 'all' && joined.axes.some(({ grid }) => grid === null)
  const [why, hint] = rule.rule === 'opaque'
    ? ['its layer does not say', 'declare `field` in the layer']
    : gridless
      ? ['its input is no longer the grid of an image', 'keep the image, or follow with dense, which sees everything']
      : ['the padding before it depends on sizes that are not known', 'give the sizes of the input']
  return {
    code: 'field/unknown', severity: 'info', at: node.id, kind: node.kind,
    message: `what a unit sees of the input is not known from here on: ${why}`, hint: hint as string,
  }
}

/** What a node's layer does to its input number `index`, and to what its inputs have become together. */
function rulesOf(rule: FieldRule): { readonly before: (index: number) => OneFieldRule | null; readonly after: OneFieldRule | null } {
  if (rule.rule === 'each') return { before: (index) => rule.rules[index] ?? { rule: 'opaque' }, after: null }
  return { before: () => null, after: rule }
}

function viewsOfNode(node: GraphNode, known: ReadonlyMap<string, Views>, inputs: readonly string[], findings: Issue[]): Views {
  const rule = node.definition.field(node.site)
  const { before, after } = rulesOf(rule)
  const views = new Map<string, View>()
  for (const input of inputs) {
    const sources = node.from.flatMap((ref: Ref, index): (Branch & { readonly index: number })[] => {
      const view = known.get(ref.id)?.get(input)
      return view === undefined ? [] : [{ from: showRef(ref), view, index }]
    })
    if (sources.length === 0) continue
    const branches = sources.map(({ from, view, index }): Branch => {
      const own = before(index)
      return { from, view: own === null ? view : applyRule(view, own, node.id) }
    })
    const told = findings.length
    const joined = joinViews(node, branches, findings)
    const view = after === null ? joined : applyRule(joined, after, node.id)
    if (!isKnown(view) && sources.every((source) => isKnown(source.view))) {
      const explained = findings.slice(told).some(({ code }) => code === 'field/misaligned-stride')
      const repeated = findings.some(({ code, at }) => code === 'field/unknown' && at === node.id)
      if (!explained && !repeated) findings.push(lost(node, rule, joined))
    }
    views.set(input, view)
  }
  return views
}

function listOf(axes: readonly Axis[], read: (axis: Axis) => Known): readonly Known[] | null {
  const values = axes.map(read)
  return values.every((value) => value === null) ? null : values
}

function fieldOf(view: View): Field | null {
  if (view === 'all') return { size: 'all', stride: null, padding: null, centre: null }
  const { axes, elastic } = view
  const size = listOf(axes, (axis) => axis.size)
  if (size === null) return null
  const placed = (read: (extent: Extent) => number) => listOf(axes, ({ grid, size: known }) =>
    (grid === null || grid.origin !== '' || known === null ? null : read(grid.most)))
  return {
    size,
    stride: listOf(axes, ({ grid }) => (grid === null ? null : strideOf(grid.most))),
    // `0 -` keeps a start of zero from becoming −0.
    padding: placed((extent) => 0 - firstOf(extent, 0)),
    centre: placed((extent) => centreOf(extent)),
    ...(axes.some(({ least, size: most }) => least !== most) ? { least: axes.map(({ least }) => least) } : {}),
    ...(elastic ? { elastic } : {}),
  }
}

/** Fields by node and by input, and what is odd about them. */
export interface Fields {
  readonly byNode: ReadonlyMap<string, ReadonlyMap<string, Field | null>>
  readonly findings: readonly Issue[]
}

/** What one unit of every node sees of every input it depends on; `null` where that is not known. */
export function fieldsOf(graph: GraphData): Fields {
  const known = new Map<string, Views>()
  const findings: Issue[] = []
  for (const { id, shape } of graph.inputs) known.set(id, new Map([[id, viewOfInput(shape)]]))
  const inputs = graph.inputs.map(({ id }) => id)
  for (const node of graph.nodes) known.set(node.id, viewsOfNode(node, known, inputs, findings))
  const byNode = new Map(graph.nodes.map(({ id }) =>
    [id, new Map([...(known.get(id) as Views)].map(([input, view]) => [input, fieldOf(view)]))]))
  return { byNode, findings }
}
