// What lint rules read: the graph, looked up from both ends.
import type { GraphData, GraphNode } from '../../graph/graph.ts'
import type { OneFieldRule, Sliding } from '../../spec/field.ts'
import type { Issue, Severity } from '../../spec/issue.ts'
import type { Traits } from '../../spec/traits.ts'
import { type Analysis, analyze, type NodeAnalysis } from '../analyze.ts'

export interface LintContext {
  readonly graph: GraphData
  readonly analysis: Analysis
  readonly byId: ReadonlyMap<string, GraphNode>
  readonly rows: ReadonlyMap<string, NodeAnalysis>
  /** Nodes that take an output of a node or input. */
  readonly consumers: ReadonlyMap<string, readonly GraphNode[]>
  traits(node: GraphNode): Traits
  /** The rule for the node's first input. */
  rule(node: GraphNode): OneFieldRule
  /** The only node that this one takes from, if it takes from one alone. */
  before(node: GraphNode): GraphNode | undefined
  /** Does it hold what multiplies its input: a kernel or a matrix? */
  multiplies(node: GraphNode): boolean
}

/** What a rule says of a node; the rule's code and severity are added. */
export interface Remark {
  readonly at: string
  readonly kind?: string
  readonly message: string
  readonly hint: string
}

export interface LintRule {
  readonly code: string
  readonly severity: Severity
  /** One sentence for the docs: what it looks for. */
  readonly looksFor: string
  check(context: LintContext): readonly Remark[]
}

/** A remark about a node. */
export const remark = ({ id, kind }: GraphNode, message: string, hint: string): Remark => ({ at: id, kind, message, hint })

export const toIssue = ({ code }: Pick<LintRule, 'code'>, severity: Severity, { at, kind, message, hint }: Remark): Issue =>
  ({ code, severity, at, ...(kind === undefined ? {} : { kind }), message, hint })

/** The window of a layer that slides one. */
export function slidingOf(rule: OneFieldRule): Sliding | null {
  return rule.rule === 'window' ? rule : rule.rule === 'deformable' ? rule.window : null
}

export function makeContext(graph: GraphData): LintContext {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const analysis = analyze(graph)
  const consumers = new Map<string, GraphNode[]>()
  for (const node of graph.nodes) {
    for (const id of new Set(node.from.map((ref) => ref.id))) {
      const list = consumers.get(id)
      if (list === undefined) consumers.set(id, [node])
      else list.push(node)
    }
  }
  return {
    graph, analysis, byId, consumers,
    rows: new Map(analysis.nodes.map((row) => [row.id, row])),
    traits: ({ definition, site }) => definition.traits?.(site) ?? {},
    rule: ({ definition, site }) => {
      const rule = definition.field(site)
      return rule.rule === 'each' ? rule.rules[0] ?? { rule: 'opaque' } : rule
    },
    before: (node) => (node.from.length === 1 ? byId.get((node.from[0] as { id: string }).id) : undefined),
    multiplies: ({ definition, site }) => (definition.weights?.(site) ?? []).some(({ shape, trainable }) => trainable && shape.length > 1),
  }
}
