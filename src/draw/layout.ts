// Where everything of an outline goes: sizes from the text, places from dagre, which layers directed graphs.
import { graphlib, layout as dagreLayout } from '@dagrejs/dagre'
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

/** Places for an outline, top to bottom. The same outline gives the same places. */
export function layOut({ boxes, scopes, edges }: Outline): Layout {
  const graph = new graphlib.Graph({ compound: true, multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 22, ranksep: 24, edgesep: 14, marginx: 16, marginy: 24 })
  for (const { path } of scopes) graph.setNode(scopeId(path), {})
  for (const { path, parent } of scopes) if (parent !== null) graph.setParent(scopeId(path), scopeId(parent))
  for (const box of boxes) {
    graph.setNode(box.id, { ...sizeOf(box) })
    if (box.scope !== null) graph.setParent(box.id, scopeId(box.scope))
  }
  for (const [index, { from, to, label }] of edges.entries()) {
    graph.setEdge(from, to, { width: textWidth(label), height: LINE, labelpos: 'c' }, String(index))
  }
  dagreLayout(graph)
  const placed = (id: string): Rect => rectOf(graph.node(id) as unknown as Placed)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    width, height,
    boxes: boxes.map((box) => ({ ...box, ...placed(box.id) })),
    scopes: withTitles(scopes.map((scope) => ({ ...scope, ...placed(scopeId(scope.path)) }))),
    edges: edges.map((edge, index) => {
      const { points, x, y } = graph.edge(edge.from, edge.to, String(index)) as unknown as { points: Point[]; x: number; y: number }
      return { ...edge, points: points.map((point) => ({ x: point.x, y: point.y })), at: { x, y } }
    }),
  }
}
