// What a drawing of a graph shows, before any layout: boxes, the scopes around them, edges with shapes.
import type { Analysis, NodeAnalysis } from '../analysis/analyze.ts'
import type { GraphData, GraphNode } from '../graph/graph.ts'
import type { Category, LayerDefinition } from '../spec/layer.ts'
import { type Dims, showDims } from '../spec/tensor.ts'

/** What a box stands for: a layer, by its category; a scope that is folded; an input or an output of the graph. */
export type BoxKind = Category | 'folded' | 'end'

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
  /** Names of a path that are shown; scopes below are folded into one box. Default: as many as stay readable. */
  readonly depth?: number
}

/** More boxes than this are folded, unless a depth is given. */
const MOST_BOXES = 160

// ── folding ─────────────────────────────────────────────────────────────────

const partsOf = (id: string): readonly string[] => id.split('/')

/** The box a node is in when paths are cut after `depth` names. */
const boxOf = (id: string, depth: number): string => partsOf(id).slice(0, depth).join('/')

function readableDepth(graph: GraphData): number {
  const deepest = Math.max(1, ...graph.nodes.map(({ id }) => partsOf(id).length))
  for (let depth = deepest; depth > 1; depth--) {
    if (new Set(graph.nodes.map(({ id }) => boxOf(id, depth))).size <= MOST_BOXES) return depth
  }
  return 1
}

/** Every scope on the way to these boxes. */
function scopesOf(boxes: readonly Box[]): readonly ScopeBox[] {
  const paths = new Map<string, ScopeBox>()
  const add = (path: string): void => {
    if (paths.has(path)) return
    const cut = path.lastIndexOf('/')
    const parent = cut < 0 ? null : path.slice(0, cut)
    if (parent !== null) add(parent)
    paths.set(path, { path, parent, title: path.slice(cut + 1) })
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

const costs = (params: number | null, macs: number | null): readonly string[] => [
  ...(params === 0 ? [] : [`${short(params)} params`]), ...(macs === 0 ? [] : [`${short(macs)} MACs`]),
]

// ── boxes ───────────────────────────────────────────────────────────────────

function leaf(node: GraphNode, row: NodeAnalysis, findings: number): Box {
  const name = partsOf(node.id).at(-1) as string
  const settings = tellingSettings(node.definition, node.config)
  const lines = [settings, [...costs(row.params, row.macs), fieldText(row)].filter((text) => text !== '').join(' · ')]
  return {
    id: node.id, scope: scopeOf(node.id), kind: node.definition.category, findings,
    title: name.startsWith(node.kind) ? name : `${name}: ${node.kind}`,
    lines: lines.filter((line) => line !== ''),
    details: `${node.id} (${node.kind}) ${JSON.stringify(node.config)} → ${row.outputShape.length === 0 ? 'scalar' : showDims(row.outputShape)}`,
  }
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce<number>((total, value) => total + (value as number), 0)

function folded(id: string, rows: readonly NodeAnalysis[], findings: number): Box {
  const kinds = [...new Set(rows.map(({ kind }) => kind))]
  return {
    id, scope: scopeOf(id), kind: 'folded', findings,
    title: partsOf(id).at(-1) as string,
    lines: [`${rows.length} layers`, costs(sum(rows.map(({ params }) => params)), sum(rows.map(({ macs }) => macs))).join(' · ')]
      .filter((line) => line !== ''),
    details: `${id}: ${kinds.join(', ')}`,
  }
}

/** Boxes, scopes and edges of a graph with its numbers. */
export function outline(graph: GraphData, analysis: Analysis, { depth = readableDepth(graph) }: OutlineOptions = {}): Outline {
  const rows = new Map(analysis.nodes.map((row) => [row.id, row]))
  const members = new Map<string, GraphNode[]>()
  for (const node of graph.nodes) {
    const box = boxOf(node.id, depth)
    members.set(box, [...(members.get(box) ?? []), node])
  }
  const found = (nodes: readonly GraphNode[]): number =>
    analysis.findings.filter(({ at, severity }) => severity !== 'info' && nodes.some(({ id }) => id === at)).length
  const layers = [...members].map(([id, nodes]) => nodes.length === 1 && nodes[0]?.id === id
    ? leaf(nodes[0], rows.get(id) as NodeAnalysis, found(nodes))
    : folded(id, nodes.map((node) => rows.get(node.id) as NodeAnalysis), found(nodes)))
  const end = (id: string, title: string, line: string): Box =>
    ({ id, scope: null, kind: 'end', title, lines: [line], details: `${title} ${line}`, findings: 0 })
  const shapes = new Map<string, readonly Dims[]>([
    ...graph.inputs.map(({ id, shape }) => [id, [shape]] as const),
    ...analysis.nodes.map((row) => [row.id, row.outputShapes ?? [row.outputShape]] as const),
  ])
  const edges = new Map<string, Edge>()
  const connect = (ref: { readonly id: string; readonly output: number }, to: string): void => {
    const from = graph.inputs.some(({ id }) => id === ref.id) ? `in:${ref.id}` : boxOf(ref.id, depth)
    if (from === to) return
    const label = showDims(shapes.get(ref.id)?.[ref.output] ?? [])
    edges.set(`${from}\n${to}\n${label}`, { from, to, label })
  }
  for (const node of graph.nodes) for (const ref of node.from) connect(ref, boxOf(node.id, depth))
  for (const { name, from } of graph.outputs) connect(from, `out:${name}`)
  const boxes = [
    ...graph.inputs.map(({ id, shape }) => end(`in:${id}`, id, showDims(shape))),
    ...layers,
    ...graph.outputs.map(({ name, from }) => end(`out:${name}`, name, showDims(shapes.get(from.id)?.[from.output] ?? []))),
  ]
  return { name: graph.name, boxes, scopes: scopesOf(layers), edges: [...edges.values()] }
}
