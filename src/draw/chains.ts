// Long chains of boxes as one each, for the layout of large graphs: dagre takes time by the square of the ranks, and
// recurses along them.
import type { Box, Edge, Outline } from './outline.ts'

/** Boxes of one scope, each of which leads to the next one alone. */
export type Chain = readonly [Box, ...Box[]]

function byEnd(edges: readonly Edge[], end: 'from' | 'to'): ReadonlyMap<string, readonly Edge[]> {
  const map = new Map<string, Edge[]>()
  for (const edge of edges) {
    const list = map.get(edge[end])
    if (list === undefined) map.set(edge[end], [edge])
    else list.push(edge)
  }
  return map
}

/** All boxes, in chains; one that belongs to none is a chain of its own. */
export function chainsOf({ boxes, edges }: Pick<Outline, 'boxes' | 'edges'>): readonly Chain[] {
  const [leaving, coming] = [byEnd(edges, 'from'), byEnd(edges, 'to')]
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const nextOf = (box: Box): Box | null => {
    const [edge, ...more] = leaving.get(box.id) ?? []
    if (edge === undefined || more.length > 0 || coming.get(edge.to)?.length !== 1) return null
    const next = byId.get(edge.to) as Box
    return next.scope === box.scope ? next : null
  }
  const followed = new Map(boxes.map((box) => [box.id, nextOf(box)]))
  const inside = new Set([...followed.values()].flatMap((box) => (box === null ? [] : [box.id])))
  return boxes.filter(({ id }) => !inside.has(id)).map((first): Chain => {
    const chain: [Box, ...Box[]] = [first]
    for (let box = followed.get(first.id) ?? null; box !== null; box = followed.get(box.id) ?? null) chain.push(box)
    return chain
  })
}
