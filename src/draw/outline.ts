// What a drawing of a graph shows, before any layout: boxes, the scopes around them, edges with shapes.
import type { Analysis, NodeAnalysis } from '../analysis/analyze.ts'
import { countMacs, sumKnown } from '../analysis/params.ts'
import type { DocumentSurvey, UnfitNode } from '../graph/document.ts'
import type { GraphData, GraphNode, Ref } from '../graph/graph.ts'
import type { Issue } from '../spec/issue.ts'
import type { Category, LayerDefinition } from '../spec/layer.ts'
import { type Dims, showDims } from '../spec/tensor.ts'

/** What a box stands for: a layer, by its category; a scope that is folded; an input or an output of the graph; a node without shapes. */
export type BoxKind = Category | 'folded' | 'end' | 'unfit'

export interface Box {
  readonly id: string
  /** The innermost scope drawn around it; `null` outside of all. */
  readonly scope: string | null
  readonly kind: BoxKind
  readonly title: string
  /** What stands below the title. */
  readonly lines: readonly string[]
  /** Everything there is to say, for who points at it. */
  readonly details: string
  /** How many findings concern it. */
  readonly findings: number
}

export interface Edge {
  readonly from: string
  readonly to: string
  readonly label: string
}

export interface ScopeBox {
  readonly path: string
  readonly parent: string | null
  readonly title: string
}

export interface Outline {
  readonly name: string
  readonly boxes: readonly Box[]
  readonly scopes: readonly ScopeBox[]
  readonly edges: readonly Edge[]
}

export interface OutlineOptions {
  /** Nodes and outputs to draw beside those of the graph. */
  readonly beside?: Pick<DocumentSurvey, 'unfit' | 'unfitOutputs'>
  /** What to count at the nodes. Default the findings of the analysis. */
  readonly findings?: readonly Issue[]
  /** Names of a path that are shown; scopes below are folded into one box. Default: as many as stay readable. */
  readonly depth?: number
  /** Scopes that are shown although the depth folds them. */
  readonly open?: ReadonlySet<string>
  /** Scopes that are folded although the depth shows them. */
  readonly closed?: ReadonlySet<string>
}

/** More boxes than this are folded, unless a depth is given. */
const MOST_BOXES = 160

// ── folding ─────────────────────────────────────────────────────────────────

const partsOf = (id: string): readonly string[] => id.split('/')

type Folding = Required<Pick<OutlineOptions, 'depth'>> & Pick<OutlineOptions, 'open' | 'closed'>

/** The box a node is in: itself, or the outermost of its scopes that is folded. */
export function boxOf(id: string, { depth, open, closed }: Folding): string {
  const parts = partsOf(id)
  for (let names = 1; names < parts.length; names++) {
    const scope = parts.slice(0, names).join('/')
    if (closed?.has(scope) || (names >= depth && !open?.has(scope))) return scope
  }
  return id
}

/** The largest depth at which these nodes stay readable: no more boxes than `most`. */
export function readableDepth(ids: readonly string[], most = MOST_BOXES): number {
  const deepest = Math.max(1, ...ids.map((id) => partsOf(id).length))
  for (let depth = deepest; depth > 1; depth--) {
    if (new Set(ids.map((id) => boxOf(id, { depth }))).size <= most) return depth
  }
  return 1
}

/** Every scope on the way to these boxes. */
function scopesOf(boxes: readonly Box[]): readonly ScopeBox[] {
  const paths = new Map<string, ScopeBox>()
  const add = (path: string): void => {
    if (paths.has(path)) return
    const parent = scopeOf(path)
    if (parent !== null) add(parent)
    paths.set(path, { path, parent, title: partsOf(path).at(-1) as string })
  }
  for (const { scope } of boxes) if (scope !== null) add(scope)
  return [...paths.values()]
}

const scopeOf = (id: string): string | null => {
  const cut = id.lastIndexOf('/')
  return cut < 0 ? null : id.slice(0, cut)
}

// ── words ───────────────────────────────────────────────────────────────────

/** "1.2M", "34.5k". */
export function short(value: number | null): string {
  if (value === null) return '?'
  for (const [unit, size] of [['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${unit}`
  }
  return String(value)
}

const showValue = (value: unknown): string => {
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  const flat: readonly unknown[] = value.flat()
  return flat.every((one) => one === flat[0]) ? String(flat[0]) : flat.join('×')
}

/** How weights start says little about a layer at a glance. */
const isMinor = (key: string): boolean => key.endsWith('Initializer')

/** The settings that are not left at their defaults: "filters 64 · kernelSize 3". */
export function tellingSettings({ config: schema }: LayerDefinition, config: unknown): string {
  const all = config as Readonly<Record<string, unknown>>
  return Object.entries(all).flatMap(([key, value]) => {
    if (value === undefined || isMinor(key)) return []
    const { [key]: _left, ...rest } = all
    const parsed = schema.safeParse(rest)
    const unchanged = parsed.success && JSON.stringify((parsed.data as typeof all)[key]) === JSON.stringify(value)
    return unchanged ? [] : [`${key} ${showValue(value)}`]
  }).join(' · ')
}

function fieldText({ field }: NodeAnalysis): string {
  if (field === null) return ''
  return field.size === 'all' ? 'sees all' : `sees ${showValue(field.size.map((size) => size ?? '?'))}`
}

const costs = (params: number | null, macs: number | null, uncounted = 0): readonly string[] => [
  ...(params === 0 ? [] : [`${short(params)} params`]),
  ...(macs === 0 ? [] : [`${short(macs)}${macs !== null && uncounted > 0 ? ' + ?' : ''} MACs`]),
]

// ── boxes ───────────────────────────────────────────────────────────────────

const titleOf = ({ id, kind }: Pick<GraphNode, 'id' | 'kind'>): string => {
  const name = partsOf(id).at(-1) as string
  return name.startsWith(kind) ? name : `${name}: ${kind}`
}

function leaf(node: GraphNode, row: NodeAnalysis, findings: number): Box {
  const settings = tellingSettings(node.definition, node.config)
  const lines = [settings, [...costs(row.params, row.macs), fieldText(row)].filter((text) => text !== '').join(' · ')]
  return {
    id: node.id, scope: scopeOf(node.id), kind: node.definition.category, findings, title: titleOf(node),
    lines: lines.filter((line) => line !== ''),
    details: `${node.id} (${node.kind}) ${JSON.stringify(node.config)} → ${row.outputShape.length === 0 ? 'scalar' : showDims(row.outputShape)}`,
  }
}

function unfitLeaf(node: UnfitNode, findings: number): Box {
  const settings = node.definition === null ? '' : tellingSettings(node.definition, node.config)
  const state = findings > 0 ? 'does not fit' : 'waits for a node before it'
  return {
    id: node.id, scope: scopeOf(node.id), kind: 'unfit', findings, title: titleOf(node),
    lines: [settings, state].filter((line) => line !== ''),
    details: `${node.id} (${node.kind}) ${JSON.stringify(node.config)}: ${state}`,
  }
}

function folded(id: string, rows: readonly NodeAnalysis[], unfit: readonly UnfitNode[], findings: number): Box {
  const kinds = [...new Set([...rows, ...unfit].map(({ kind }) => kind))]
  const { macs, uncounted } = countMacs(rows)
  return {
    id, scope: scopeOf(id), kind: 'folded', findings,
    title: partsOf(id).at(-1) as string,
    lines: [`${rows.length + unfit.length} layers`, costs(sumKnown(rows.map(({ params }) => params)), macs, uncounted).join(' · ')]
      .filter((line) => line !== ''),
    details: `${id}: ${kinds.join(', ')}`,
  }
}

/** Findings that a drawing counts, by node: those that are no mere information. */
function countByNode(findings: readonly Issue[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { at, severity } of findings) if (severity !== 'info') counts.set(at, (counts.get(at) ?? 0) + 1)
  return counts
}

const end = (id: string, title: string, line: string): Box =>
  ({ id, scope: null, kind: 'end', title, lines: [line], details: `${title} ${line}`, findings: 0 })

const NOTHING: Pick<DocumentSurvey, 'unfit' | 'unfitOutputs'> = { unfit: [], unfitOutputs: [] }

/** Boxes, scopes and edges of a graph with its numbers. */
export function outline(graph: GraphData, analysis: Analysis, options: OutlineOptions = {}): Outline {
  const { beside: { unfit, unfitOutputs } = NOTHING, findings = analysis.findings } = options
  const all = [...graph.nodes, ...unfit]
  const folding = { ...options, depth: options.depth ?? readableDepth(all.map(({ id }) => id)) }
  const rows = new Map(analysis.nodes.map((row) => [row.id, row]))
  const lost = new Map(unfit.map((node) => [node.id, node]))
  const members = new Map<string, (GraphNode | UnfitNode)[]>()
  for (const node of all) {
    const box = boxOf(node.id, folding)
    const list = members.get(box)
    if (list === undefined) members.set(box, [node])
    else list.push(node)
  }
  const counts = countByNode(findings)
  const layers = [...members].map(([id, nodes]) => {
    const found = nodes.reduce((total, node) => total + (counts.get(node.id) ?? 0), 0)
    const [only] = nodes
    if (nodes.length > 1 || only?.id !== id) {
      return folded(id, nodes.flatMap((node) => rows.get(node.id) ?? []), nodes.flatMap((node) => lost.get(node.id) ?? []), found)
    }
    const row = rows.get(id)
    return row === undefined ? unfitLeaf(only, found) : leaf(only as GraphNode, row, found)
  })
  const shapes = new Map<string, readonly Dims[]>([
    ...graph.inputs.map(({ id, shape }) => [id, [shape]] as const),
    ...analysis.nodes.map((row) => [row.id, row.outputShapes ?? [row.outputShape]] as const),
  ])
  const shapeOf = ({ id, output }: Ref): string => {
    const shape = shapes.get(id)?.[output]
    return shape === undefined ? '?' : showDims(shape)
  }
  const inputs = new Set(graph.inputs.map(({ id }) => id))
  const known = new Set(all.map(({ id }) => id))
  const edges = new Map<string, Edge>()
  const connect = (ref: Ref, to: string): void => {
    if (!inputs.has(ref.id) && !known.has(ref.id)) return
    const from = inputs.has(ref.id) ? `in:${ref.id}` : boxOf(ref.id, folding)
    if (from === to) return
    const label = shapeOf(ref)
    edges.set(`${from}\n${to}\n${label}`, { from, to, label })
  }
  const outputs = [...graph.outputs, ...unfitOutputs]
  for (const node of all) for (const ref of node.from) connect(ref, boxOf(node.id, folding))
  for (const { name, from } of outputs) connect(from, `out:${name}`)
  const boxes = [
    ...graph.inputs.map(({ id, shape }) => end(`in:${id}`, id, showDims(shape))),
    ...layers,
    ...outputs.map(({ name, from }) => end(`out:${name}`, name, shapeOf(from))),
  ]
  return { name: graph.name, boxes, scopes: scopesOf(layers), edges: [...edges.values()] }
}
