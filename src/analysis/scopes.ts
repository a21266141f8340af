// Scopes: stretches of nodes whose ids begin alike, as one row each.
import type { NodeAnalysis } from './analyze.ts'
import { countMacs, sumKnown } from './params.ts'

/** A node, or the nodes of a scope together. */
export interface Row extends NodeAnalysis {
  /** How many nodes it stands for, where it stands for several. */
  readonly layers?: number
  /** How many of them are missing in its MACs, where it stands for several. */
  readonly uncounted?: number
}

const scopeAt = (id: string, depth: number): string => id.split('/').slice(0, depth).join('/')

/** Rows of a scope as one: sums, and what the last of them gives and sees. */
function together(id: string, nodes: readonly Row[]): Row {
  const layers = nodes.reduce((sum, row) => sum + (row.layers ?? 1), 0)
  const last = nodes.at(-1) as NodeAnalysis
  const own = new Set(nodes.map((node) => node.id))
  const outside = nodes.flatMap(({ from }) => from).filter((ref) => !own.has(ref.replace(/:\d+$/, '')))
  const { weights: _weights, ...rest } = last
  return {
    ...rest, id, kind: `${layers} layers`, layers, from: [...new Set(outside)],
    params: sumKnown(nodes.map(({ params }) => params)), trainableParams: sumKnown(nodes.map(({ trainableParams }) => trainableParams)),
    ...countMacs(nodes), memory: sumKnown(nodes.map(({ memory }) => memory)),
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

/** A row of a table that is grouped by scope. */
export interface GroupedRow {
  readonly row: Row
  /** Is it the sum of rows above it? */
  readonly subtotal: boolean
}

/**
 * The rows with the sum of each scope behind its last row, the inner scopes first. A scope of a single row needs no sum, nor
 * does one whose rows are those of the scope around it. One that other rows interrupt has a sum for each stretch.
 */
export function withSubtotals(rows: readonly Row[]): readonly GroupedRow[] {
  const grouped: GroupedRow[] = []
  /** Where the scopes that are open begin, the outermost first. */
  const open: { readonly scope: string; readonly start: number }[] = []
  rows.forEach((row, index) => {
    grouped.push({ row, subtotal: false })
    for (let depth = open.length + 1; depth < row.id.split('/').length; depth++) open.push({ scope: scopeAt(row.id, depth), start: index })
    const next = rows[index + 1]?.id ?? ''
    const closed = open.splice(open.filter(({ scope }) => next.startsWith(`${scope}/`)).length)
    closed.toReversed().forEach(({ scope, start }, inner, all) => {
      if (start === index || all[inner + 1]?.start === start) return
      grouped.push({ row: together(scope, rows.slice(start, index + 1)), subtotal: true })
    })
  })
  return grouped
}

/** The sums of a scope. */
export interface ScopeTotals {
  readonly id: string
  /** How many nodes. */
  readonly layers: number
  readonly params: number | null
  readonly trainableParams: number | null
  /** Of the nodes whose MACs are known; `null` when that leaves none. */
  readonly macs: number | null
  /** How many of its nodes are missing in `macs`. */
  readonly uncounted: number
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
    ...countMacs(inside), memory: sumKnown(inside.map(({ memory }) => memory)),
  }))
}
