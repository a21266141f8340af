// A graph as a drawing: layers as boxes coloured by category, scopes around them, edges labelled with shapes.
import type { Analysis } from '../analysis/analyze.ts'
import type { GraphData } from '../graph/graph.ts'
import { type Layout, layOut, LINE, PADDING, type Point, textWidth } from './layout.ts'
import { type BoxKind, outline, type OutlineOptions } from './outline.ts'
import { type Colour, drawing, element, label, text } from './svg.ts'

/** The colour of each kind of box. */
export const FILL: Readonly<Record<BoxKind, Colour>> = {
  convolution: 'blue', dense: 'violet', pooling: 'green', normalization: 'sand', activation: 'rose', merge: 'teal',
  reshape: 'grey', regularization: 'mauve', folded: 'cell', end: 'paper', unfit: 'paper',
}

const drawBox = (box: Layout['boxes'][number]): string =>
  element('g', { id: `node-${box.id}` }, element('title', {}, text(box.details)), drawFace(box))

/** A box without its words, as SVG: what is left of it from far away. */
export const drawShape = ({ x, y, width, height, kind }: Layout['boxes'][number]): string => [
  element('rect', { x, y, width, height, rx: kind === 'end' ? height / 2 : 5, class: FILL[kind] }),
  element('rect', { x, y, width, height, rx: kind === 'end' ? height / 2 : 5, class: kind === 'unfit' ? 'unit-line' : 'line-line', 'stroke-dasharray': kind === 'folded' || kind === 'unfit' ? '4 3' : undefined }),
].join('\n')

/** What can be seen of a box, as SVG. */
export function drawFace(box: Layout['boxes'][number]): string {
  const { x, y, width, title, lines, findings } = box
  const middle = x + width / 2
  return [
    drawShape(box),
    label(middle, y + PADDING + LINE - 5, title, { class: 'ink', 'text-anchor': 'middle', 'font-weight': 600 }),
    ...lines.map((line, index) =>
      label(middle, y + PADDING + LINE * (index + 2) - 5, line, { class: 'soft', 'text-anchor': 'middle', 'font-size': 11 })),
    ...(findings === 0 ? [] : [
      element('circle', { cx: x + width, cy: y, r: 8, class: 'unit' }),
      label(x + width, y + 4, String(findings), { class: 'ink', 'text-anchor': 'middle', 'font-size': 10 }),
    ]),
  ].join('\n')
}

const round = (value: number): number => Math.round(value * 10) / 10

/** A smooth line through the points of an edge. */
function path(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]]
  const last = rest.at(-1) as Point
  let d = `M${round(first.x)} ${round(first.y)}`
  for (let i = 0; i < rest.length - 1; i++) {
    const [here, next] = [rest[i] as Point, rest[i + 1] as Point]
    const to = i === rest.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 }
    d += `Q${round(here.x)} ${round(here.y)} ${round(to.x)} ${round(to.y)}`
  }
  return rest.length === 1 ? `${d}L${round(last.x)} ${round(last.y)}` : d
}

/** An edge with its shape, as SVG; needs `ARROW` beside it. */
export function drawEdge({ points, at, label: shape }: Layout['edges'][number]): string {
  const width = textWidth(shape, 0.92)
  return element('path', { d: path(points), class: 'faint-line', 'marker-end': 'url(#arrow)' })
    + element('rect', { x: at.x - width / 2 - 2, y: at.y - 8, width: width + 4, height: 14, rx: 3, class: 'paper', 'fill-opacity': 0.85 })
    + label(at.x, at.y + 3, shape, { class: 'soft', 'text-anchor': 'middle', 'font-size': 10.5 })
}

/** Edges without shapes and arrows, as one line of SVG: what is left of them from far away. */
export const drawEdgesFar = (edges: Layout['edges']): string =>
  element('path', { d: edges.map(({ points }) => path(points)).join(''), class: 'faint-line' })

/** The frame of a scope, as SVG. */
export const drawScope = ({ x, y, width, height, title }: Layout['scopes'][number]): string =>
  element('rect', { x, y, width, height, rx: 8, class: 'scope' })
  + element('rect', { x, y, width, height, rx: 8, class: 'line-line' })
  + label(x + 7, y + 12, title, { class: 'soft', 'font-size': 11 })

/** What the ends of edges look like. */
export const ARROW = element('defs', {}, element('marker', {
  id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto',
}, element('path', { d: 'M0 0L8 4L0 8z', class: 'faint' })))

/** Everything that was laid out, as SVG. */
export function layoutDrawing(layout: Layout, title: string): string {
  return drawing(Math.ceil(layout.width), Math.ceil(layout.height), title,
    ARROW,
    element('rect', { x: 0, y: 0, width: '100%', height: '100%', class: 'paper' }),
    ...layout.scopes.map(drawScope), ...layout.edges.map(drawEdge), ...layout.boxes.map(drawBox))
}

/** The graph as SVG. Scopes that would make too much of it are folded, see `depth`. */
export const graphDrawing = (graph: GraphData, analysis: Analysis, options: OutlineOptions = {}): string =>
  layoutDrawing(layOut(outline(graph, analysis, options)), `${graph.name}: ${graph.nodes.length} layers`)
