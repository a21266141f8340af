// Scopes: stretches of nodes whose ids begin alike, as one row each.
import type { NodeAnalysis } from './analyze.ts'
import { sumKnown } from './params.ts'

/** A node, or the nodes of a scope together. */
export interface Row extends NodeAnalysis {
  /** How many nodes it stands for, where it stands for several. */
  readonly layers?: number
}

const scopeAt = (id: string, depth: number): string => id.split('/').slice(0, depth).join('/')

/** Nodes of a scope as one: sums, and what the last of them gives and sees. */
function together(id: string, nodes: readonly NodeAnalysis[]): Row {
  const last = nodes.at(-1) as NodeAnalysis
  const own = new Set(nodes.map((node) => node.id))
  const outside = nodes.flatMap(({ from }) => from).filter((ref) => !own.has(ref.replace(/:\d+$/, '')))
  const { weights: _weights, ...rest } = last
  return {
    ...rest, id, kind: `${nodes.length} layers`, layers: nodes.length, from: [...new Set(outside)],
    params: sumKnown(nodes.map(({ params }) => params)), trainableParams: sumKnown(nodes.map(({ trainableParams }) => trainableParams)),
    macs: sumKnown(nodes.map(({ macs }) => macs)), memory: sumKnown(nodes.map(({ memory }) => memory)),
  }
}

/** Stretches of nodes that share the first `depth` parts of their ids and go on after them. */
function stretches(nodes: readonly NodeAnalysis[], depth: number): readonly { readonly scope: string | null; readonly nodes: readonly NodeAnalysis[] }[] {
  const groups: { scope: string | null; nodes: NodeAnalysis[] }[] = []
  for (const node of nodes) {
    const scope = node.id.split('/').length > depth ? scopeAt(node.id, depth) : null
    const open = groups.at(-1)
    if (scope !== null && open?.scope === scope) open.nodes.push(node)
    else groups.push({ scope, nodes: [node] })
  }
  return groups
}

/** Rows of at most `depth` parts: deeper nodes are folded into their scope. Sources are those of the rows. */
export function foldScopes(nodes: readonly NodeAnalysis[], depth: number): readonly Row[] {
  const groups = stretches(nodes, depth)
  const rowOf = new Map(groups.flatMap(({ scope, nodes: inside }) => (scope === null ? [] : inside.map(({ id }) => [id, scope] as const))))
  return groups.map(({ scope, nodes: inside }): Row => {
    const row = scope === null ? inside[0] as NodeAnalysis : together(scope, inside)
    return { ...row, from: [...new Set(row.from.map((ref) => rowOf.get(ref.replace(/:\d+$/, '')) ?? ref))] }
  })
}

/** The sums of a scope. */
export interface ScopeTotals {
  readonly id: string
  /** How many nodes. */
  readonly layers: number
  readonly params: number | null
  readonly trainableParams: number | null
  readonly macs: number | null
  readonly memory: number | null
}

/** Every scope with the sums of its nodes, in the order in which they begin, the outer ones first. */
export function scopesOf(nodes: readonly NodeAnalysis[]): readonly ScopeTotals[] {
  const found = new Map<string, NodeAnalysis[]>()
  for (const node of nodes) {
    for (let depth = 1; depth < node.id.split('/').length; depth++) {
      const scope = scopeAt(node.id, depth)
      const inside = found.get(scope)
      if (inside === undefined) found.set(scope, [node])
      else inside.push(node)
    }
  }
  return [...found].map(([id, inside]) => ({
    id, layers: inside.length,
    params: sumKnown(inside.map(({ params }) => params)), trainableParams: sumKnown(inside.map(({ trainableParams }) => trainableParams)),
    macs: sumKnown(inside.map(({ macs }) => macs)), memory: sumKnown(inside.map(({ memory }) => memory)),
  }))
}
