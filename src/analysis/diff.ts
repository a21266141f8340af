// diff(): what changed from one graph to another: nodes by their ids, and what it means for the numbers.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import type { Dims } from '../spec/tensor.ts'
import { type Analysis, analyze, type Field, type NodeAnalysis } from './analyze.ts'

/** A key of a config, or `from`, `kind`, `output`, `field`, `params`, `macs`, that is not what it was. */
export interface Change {
  readonly key: string
  readonly before: unknown
  readonly after: unknown
}

export interface NodeChange {
  readonly id: string
  readonly kind: string
  readonly changes: readonly Change[]
}

/** A total before and after; `null` is not known. */
export interface MetricChange {
  readonly name: 'params' | 'trainableParams' | 'macs' | 'weights' | 'activations' | 'peak' | 'trainingPeak'
  readonly before: number | null
  readonly after: number | null
}

export interface GraphDiff {
  readonly before: string
  readonly after: string
  readonly inputs: readonly Change[]
  readonly added: readonly NodeAnalysis[]
  readonly removed: readonly NodeAnalysis[]
  /** Nodes whose own settings, kind or sources changed. */
  readonly changed: readonly NodeChange[]
  /** Nodes that are what they were, but whose shapes, counts or fields follow from what changed. */
  readonly affected: readonly NodeChange[]
  readonly outputs: readonly Change[]
  /** All totals, changed or not. */
  readonly metrics: readonly MetricChange[]
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function changesOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): readonly Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    (same(before[key], after[key]) ? [] : [{ key, before: before[key] ?? null, after: after[key] ?? null }]))
}

const ownOf = ({ kind, config, from, weights }: GraphNode): Readonly<Record<string, unknown>> =>
  ({ kind, from: from.map(showRef), ...(weights === null ? {} : { weights }), ...(config as object) })

const sizesOf = (field: Field | null): unknown => (field === null ? null : { size: field.size, stride: field.stride, padding: field.padding })

function followingOf({ outputShapes, outputShape, params, macs, field, fields }: NodeAnalysis): Readonly<Record<string, unknown>> {
  return { output: outputShapes ?? outputShape, params, macs, field: fields === undefined ? sizesOf(field) : fields }
}

const metricsOf = ({ totals: { params, trainableParams, macs, memory } }: Analysis) => ({
  params, trainableParams, macs, weights: memory.weights, activations: memory.activations, peak: memory.peak, trainingPeak: memory.trainingPeak,
})

const byKey = <T>(list: readonly T[], key: (one: T) => string): ReadonlyMap<string, T> => new Map(list.map((one) => [key(one), one]))

/** What changed from `before` to `after`. Nodes are told by their ids. */
export function diff(before: GraphData, after: GraphData): GraphDiff {
  const [one, two] = [analyze(before), analyze(after)]
  const [oldNodes, newNodes] = [byKey(before.nodes, ({ id }) => id), byKey(after.nodes, ({ id }) => id)]
  const oldRows = byKey(one.nodes, ({ id }) => id)
  const kept = two.nodes.filter(({ id }) => oldNodes.has(id))
  const changed = kept.flatMap(({ id, kind }): NodeChange[] => {
    const changes = changesOf(ownOf(oldNodes.get(id) as GraphNode), ownOf(newNodes.get(id) as GraphNode))
    return changes.length === 0 ? [] : [{ id, kind, changes }]
  })
  const settled = new Set(changed.map(({ id }) => id))
  const [oldMetrics, newMetrics] = [metricsOf(one), metricsOf(two)]
  const shapes = (inputs: readonly { readonly id: string; readonly shape: Dims }[]) => Object.fromEntries(inputs.map(({ id, shape }) => [id, shape]))
  const targets = ({ outputs }: GraphData) => Object.fromEntries(outputs.map(({ name, from }) => [name, showRef(from)]))
  return {
    before: before.name, after: after.name,
    inputs: changesOf(shapes(before.inputs), shapes(after.inputs)),
    added: two.nodes.filter(({ id }) => !oldNodes.has(id)),
    removed: one.nodes.filter(({ id }) => !newNodes.has(id)),
    changed,
    affected: kept.flatMap((row): NodeChange[] => {
      const changes = changesOf(followingOf(oldRows.get(row.id) as NodeAnalysis), followingOf(row))
      return changes.length === 0 || settled.has(row.id) ? [] : [{ id: row.id, kind: row.kind, changes }]
    }),
    outputs: changesOf(targets(before), targets(after)),
    metrics: (Object.keys(newMetrics) as MetricChange['name'][]).map((name) => ({ name, before: oldMetrics[name], after: newMetrics[name] })),
  }
}

/** Is there nothing to tell? */
export const isSame = ({ inputs, added, removed, changed, affected, outputs, metrics }: GraphDiff): boolean =>
  [inputs, added, removed, changed, affected, outputs].every(({ length }) => length === 0) && metrics.every(({ before, after }) => before === after)
