// Receptive fields: which pixels of an input one unit of a node sees.
//
// Per input and axis a unit's view is an interval. Unit u of a node sees the pixels start + u·stride … + size − 1,
// and a window that slides over it gives
//   size' = size + (k − 1)·dilation·stride,   start' = start − pad·stride,   stride' = stride·s.
// Where branches meet, the view is the hull of theirs. See Araujo, Norris, Sim, "Computing receptive fields of
// convolutional neural networks", Distill 2019, https://distill.pub/2019/computing-receptive-fields.
import type { GraphData, GraphNode, Ref } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import type { FieldRule, WindowRule } from '../spec/field.ts'
import type { Issue } from '../spec/issue.ts'
import type { Dims } from '../spec/tensor.ts'

type Known = number | null

/** What one unit sees of an input; each pair is [height, width]. `null` is unknown, or without meaning. */
export interface Field {
  /** Pixels from the first to the last that it sees; "all" for the whole input. */
  readonly size: readonly [Known, Known] | 'all'
  /** Pixels between the views of neighbouring units. */
  readonly stride: readonly [Known, Known] | null
  /** How far the view of the first unit reaches over the image's edge: [top, left]. Negative: it starts inside. */
  readonly padding: readonly [Known, Known] | null
}

/** Where the units' views lie. */
interface Grid {
  readonly start: number
  readonly stride: number
  /** The paddings of unknown size that shift `start`, as text: starts can be compared only where these agree. */
  readonly origin: string
}

interface Axis {
  readonly size: Known
  /** `null` when units no longer lie on a grid. */
  readonly grid: Grid | null
}

type View = 'all' | readonly [Axis, Axis]
/** Views by the id of the input; inputs that are not seen are left out. */
type Views = ReadonlyMap<string, View>

const AXES = ['height', 'width'] as const
const LOST: Axis = { size: null, grid: null }

/** A view of one input by one branch, with the branch's name for the findings. */
interface Branch {
  readonly from: string
  readonly view: View
}

// ── one layer ───────────────────────────────────────────────────────────────

/** One pixel of an image; one number of anything else, which has no grid. */
function viewOfInput(shape: Dims): View {
  const axis: Axis = { size: 1, grid: shape.length === 3 ? { start: 0, stride: 1, origin: '' } : null }
  return [axis, axis]
}

function slideAxis({ size, grid }: Axis, window: WindowRule, axis: 0 | 1, id: string): Axis {
  const span = (window.size[axis] - 1) * window.dilations[axis]
  if (grid === null) return { size: span === 0 ? size : null, grid: null }
  const pad = window.pads === null ? 0 : window.pads[axis][0]
  return {
    size: size === null ? null : size + span * grid.stride,
    grid: {
      start: grid.start - pad * grid.stride,
      stride: grid.stride * window.strides[axis],
      origin: window.pads === null ? `${grid.origin} ${id}` : grid.origin,
    },
  }
}

const dropGrid = ({ size }: Axis): Axis => ({ size, grid: null })

function applyRule(view: View, rule: FieldRule, id: string): View {
  if (view === 'all' || rule.rule === 'global') return 'all'
  if (rule.rule === 'pointwise') return view
  if (rule.rule === 'opaque') return [LOST, LOST]
  if (rule.rule === 'reshape') return [dropGrid(view[0]), dropGrid(view[1])]
  return [slideAxis(view[0], rule, 0, id), slideAxis(view[1], rule, 1, id)]
}

// ── branches that meet ──────────────────────────────────────────────────────

type Misaligned = 'stride' | 'centre'

const centre = (grid: Grid, size: number): number => grid.start + (size - 1) / 2

function joinAxis(a: Axis, b: Axis, id: string, report: (what: Misaligned) => void): Axis {
  if (a.grid === null || b.grid === null) return a.size === b.size && a.grid === b.grid ? a : LOST
  if (a.grid.stride !== b.grid.stride) {
    report('stride')
    return LOST
  }
  if (a.size === null || b.size === null || a.grid.origin !== b.grid.origin) {
    const same = a.grid.origin === b.grid.origin && a.grid.start === b.grid.start
    return { size: null, grid: same ? a.grid : { ...a.grid, origin: `${a.grid.origin} ${id}` } }
  }
  if (centre(a.grid, a.size) !== centre(b.grid, b.size)) report('centre')
  const start = Math.min(a.grid.start, b.grid.start)
  const end = Math.max(a.grid.start + a.size, b.grid.start + b.size)
  return { size: end - start, grid: { ...a.grid, start } }
}

const numberOf = (axis: Axis, what: Misaligned): number => {
  const { size, grid } = axis as { size: number; grid: Grid }
  return what === 'stride' ? grid.stride : centre(grid, size)
}

/** The finding for branches that look at an input in ways that do not fit together. */
function misaligned(node: GraphNode, branches: readonly Branch[], what: Misaligned, axes: readonly (0 | 1)[]): Issue {
  const axis = axes[0] as 0 | 1
  const values = branches.flatMap(({ from, view }) => {
    const seen = view === 'all' ? LOST : view[axis]
    return seen.grid === null || (what === 'centre' && seen.size === null) ? [] : [`${from} ${numberOf(seen, what)}`]
  })
  const along = axes.length === 2 ? '' : ` along the ${AXES[axis]}`
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
  const found: Record<Misaligned, Set<0 | 1>> = { stride: new Set(), centre: new Set() }
  const joined = branches.map(({ view }) => view).reduce((a, b): View => {
    if (a === 'all' || b === 'all') return 'all'
    return [
      joinAxis(a[0], b[0], node.id, (what) => found[what].add(0)),
      joinAxis(a[1], b[1], node.id, (what) => found[what].add(1)),
    ]
  })
  for (const what of ['stride', 'centre'] as const) {
    if (found[what].size > 0) findings.push(misaligned(node, branches, what, [...found[what]]))
  }
  return joined
}

// ── the whole graph ─────────────────────────────────────────────────────────

const isKnown = (view: View): boolean => view === 'all' || view.every(({ size }) => size !== null)

/** Why a view got lost at this node, where no misalignment says so already. */
function lost(node: GraphNode, rule: FieldRule, joined: View): Issue {
  const gridless = joined !== 'all' && joined.some(({ grid }) => grid === null)
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

function viewsOfNode(node: GraphNode, known: ReadonlyMap<string, Views>, inputs: readonly string[], findings: Issue[]): Views {
  const rule = node.definition.field(node.site)
  const views = new Map<string, View>()
  for (const input of inputs) {
    const branches = node.from.flatMap((ref: Ref): Branch[] => {
      const view = known.get(ref.id)?.get(input)
      return view === undefined ? [] : [{ from: showRef(ref), view }]
    })
    if (branches.length === 0) continue
    const before = findings.length
    const joined = joinViews(node, branches, findings)
    const view = applyRule(joined, rule, node.id)
    const explained = findings.slice(before).some(({ code }) => code === 'field/misaligned-stride')
    const told = findings.some(({ code, at }) => code === 'field/unknown' && at === node.id)
    if (!isKnown(view) && branches.every((branch) => isKnown(branch.view)) && !explained && !told) {
      findings.push(lost(node, rule, joined))
    }
    views.set(input, view)
  }
  return views
}

const pairOf = (read: (axis: Axis) => Known, [h, w]: readonly [Axis, Axis]): readonly [Known, Known] | null => {
  const pair = [read(h), read(w)] as const
  return pair[0] === null && pair[1] === null ? null : pair
}

function fieldOf(view: View): Field | null {
  if (view === 'all') return { size: 'all', stride: null, padding: null }
  const size = pairOf((axis) => axis.size, view)
  if (size === null) return null
  return {
    size,
    stride: pairOf(({ grid }) => grid?.stride ?? null, view),
    // `0 -` keeps a start of zero from becoming −0.
    padding: pairOf(({ grid }) => (grid === null || grid.origin !== '' ? null : 0 - grid.start), view),
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
