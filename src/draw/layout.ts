// Where everything of an outline goes: sizes from the text, places from dagre, which layers directed graphs.
import { graphlib, layout as dagreLayout } from '@dagrejs/dagre'
import { type Chain, chainsOf } from './chains.ts'
import type { Box, Edge, Outline, ScopeBox } from './outline.ts'

export interface Rect {
  /** Left and top. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly boxes: readonly (Box & Rect)[]
  /** Outer scopes before inner ones. */
  readonly scopes: readonly (ScopeBox & Rect)[]
  readonly edges: readonly (Edge & { readonly points: readonly Point[]; readonly at: Point })[]
}

export const LINE = 15
export const PADDING = 9
/** Mean width of a character at 12 pixels; titles are a little wider. */
const CHARACTER = 6.3

export const textWidth = (text: string, scale = 1): number => text.length * CHARACTER * scale

function sizeOf({ title, lines }: Box): { readonly width: number; readonly height: number } {
  const longest = Math.max(textWidth(title, 1.15), ...lines.map((line) => textWidth(line)))
  return { width: Math.ceil(longest) + 2 * PADDING + 6, height: (1 + lines.length) * LINE + 2 * PADDING - 4 }
}

interface Placed {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const rectOf = ({ x, y, width, height }: Placed): Rect => ({ x: x - width / 2, y: y - height / 2, width, height })

const scopeId = (path: string): string => `scope:${path}`

/** Room for the title of a scope above what is in it. */
const TITLE = 15

/** The scopes with room for their titles: an outer one gets that of the inner ones too. */
function withTitles(scopes: readonly (ScopeBox & Rect)[]): readonly (ScopeBox & Rect)[] {
  const tops = new Map<string, number>()
  for (const { path, parent, y } of [...scopes].reverse()) {
    const top = Math.min(y, tops.get(path) ?? y) - TITLE
    tops.set(path, top)
    if (parent !== null) tops.set(parent, Math.min(tops.get(parent) ?? top, top))
  }
  return scopes.map((scope) => {
    const y = tops.get(scope.path) as number
    return { ...scope, y, height: scope.height + scope.y - y }
  })
}

/** Outlines of more boxes than this have their chains laid out as one box each. */
const MANY_BOXES = 200
/** What dagre leaves between two boxes in a line: the label of their edge, and half a rank on both sides. */
const STEP = 24 + LINE

interface Column extends Placed {
  readonly chain: Chain
}

/** The boxes of a chain one below the other, in the middle of their column. */
function stacked({ chain, x, y, height }: Column): readonly (Box & Rect)[] {
  let top = y - height / 2
  return chain.map((box) => {
    const size = sizeOf(box)
    const placed = { ...box, ...size, x: x - size.width / 2, y: top }
    top += size.height + STEP
    return placed
  })
}

function columnSize(chain: Chain): { readonly width: number; readonly height: number } {
  const sizes = chain.map(sizeOf)
  return {
    width: Math.max(...sizes.map(({ width }) => width)),
    height: sizes.reduce((sum, { height }) => sum + height, STEP * (chain.length - 1)),
  }
}

/** Places for an outline, top to bottom. The same outline gives the same places. */
export function layOut({ boxes, scopes, edges }: Outline): Layout {
  const chains: readonly Chain[] = boxes.length > MANY_BOXES ? chainsOf({ boxes, edges }) : boxes.map((box): Chain => [box])
  const columnOf = new Map(chains.flatMap((chain) => chain.map((box) => [box.id, chain[0].id] as const)))
  const graph = new graphlib.Graph({ compound: true, multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 22, ranksep: 24, edgesep: 14, marginx: 16, marginy: 24 })
  for (const { path } of scopes) graph.setNode(scopeId(path), {})
  for (const { path, parent } of scopes) if (parent !== null) graph.setParent(scopeId(path), scopeId(parent))
  for (const chain of chains) {
    const [{ id, scope }] = chain
    graph.setNode(id, columnSize(chain))
    if (scope !== null) graph.setParent(id, scopeId(scope))
  }
  const columnsOf = ({ from, to }: Edge): readonly [string, string] => [columnOf.get(from) as string, columnOf.get(to) as string]
  for (const [index, edge] of edges.entries()) {
    const [from, to] = columnsOf(edge)
    if (from !== to) graph.setEdge(from, to, { width: textWidth(edge.label), height: LINE, labelpos: 'c' }, String(index))
  }
  dagreLayout(graph)
  const placed = (id: string): Placed => graph.node(id) as unknown as Placed
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const laid = new Map(chains.flatMap((chain) => stacked({ chain, ...placed(chain[0].id) })).map((box) => [box.id, box]))
  const long = new Set(chains.flatMap((chain) => (chain.length > 1 ? [chain[0].id] : [])))
  const routed = (edge: Edge, index: number): Layout['edges'][number] => {
    const [from, to] = columnsOf(edge)
    const [above, below] = [laid.get(edge.from) as Rect, laid.get(edge.to) as Rect]
    const [start, end] = [{ x: above.x + above.width / 2, y: above.y + above.height }, { x: below.x + below.width / 2, y: below.y }]
    if (from === to) return { ...edge, points: [start, end], at: { x: start.x, y: (start.y + end.y) / 2 } }
    const { points, x, y } = graph.edge(from, to, String(index)) as unknown as { points: Point[]; x: number; y: number }
    const path = points.map((point) => ({ x: point.x, y: point.y }))
    if (long.has(from)) path[0] = start
    if (long.has(to)) path[path.length - 1] = end
    return { ...edge, points: path, at: { x, y } }
  }
  return {
    width, height,
    boxes: boxes.map(({ id }) => laid.get(id) as Box & Rect),
    scopes: withTitles(scopes.map((scope) => ({ ...scope, ...rectOf(placed(scopeId(scope.path))) }))),
    edges: edges.map(routed),
  }
}
