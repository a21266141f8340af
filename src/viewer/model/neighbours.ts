// Where the arrow keys lead from a box of the drawing.
import type { Layout, Rect } from '../../draw/layout.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'

const middle = ({ x, y, width, height }: Rect): { readonly x: number; readonly y: number } => ({ x: x + width / 2, y: y + height / 2 })

/** Along an edge up or down, the nearest box to the left or right; `null` where there is none. */
export function neighbour({ boxes, edges }: Pick<Layout, 'boxes' | 'edges'>, id: string, direction: Direction): string | null {
  const here = boxes.find((box) => box.id === id)
  if (here === undefined) return boxes[0]?.id ?? null
  const [ahead, side] = direction === 'left' || direction === 'right' ? ['x', 'y'] as const : ['y', 'x'] as const
  const sign = direction === 'up' || direction === 'left' ? -1 : 1
  const from = middle(here)
  const linked = new Set(edges.flatMap((edge) => (direction === 'down' && edge.from === id ? [edge.to] : direction === 'up' && edge.to === id ? [edge.from] : [])))
  const reached = boxes.filter((box) => (ahead === 'y' ? linked.has(box.id)
    : box.y < here.y + here.height && here.y < box.y + box.height && (middle(box).x - from.x) * sign > 0))
  const distance = (box: Rect): number => Math.abs(middle(box)[ahead] - from[ahead]) + Math.abs(middle(box)[side] - from[side]) / 4
  return reached.toSorted((a, b) => distance(a) - distance(b))[0]?.id ?? null
}
