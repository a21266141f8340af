// Finding nodes by a few letters of their id or kind.

interface Named {
  readonly id: string
  readonly kind: string
}

const WORST = 4

/** Smaller is better; `WORST` for no match. */
function rank({ id, kind }: Named, wanted: string): number {
  const name = id.toLowerCase()
  if (name === wanted) return 0
  if (name.startsWith(wanted) || name.includes(`/${wanted}`)) return 1
  if (name.includes(wanted)) return 2
  return kind.toLowerCase().includes(wanted) ? 3 : WORST
}

/** The nodes that match every word, best first, then in the order of the graph. */
export function search<T extends Named>(nodes: readonly T[], text: string): readonly T[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return nodes
  return nodes.map((node) => ({ node, ranks: words.map((word) => rank(node, word)) }))
    .filter(({ ranks }) => !ranks.includes(WORST))
    .map(({ node, ranks }) => ({ node, worst: Math.max(...ranks) }))
    .sort((a, b) => a.worst - b.worst)
    .map(({ node }) => node)
}
