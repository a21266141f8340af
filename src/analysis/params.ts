// How many numbers a node stores, before anything is allocated.
import type { GraphNode } from '../graph/graph.ts'
import { countOf } from '../spec/tensor.ts'

/** Numbers a node stores of its own; `null` when a weight's shape is not known. */
export interface ParamCount {
  /** Trainable and not, as Keras counts. */
  readonly params: number | null
  /** What the optimizer updates, as PyTorch counts. */
  readonly trainableParams: number | null
}

/** The sum, or `null` when one of them is not known. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  let total = 0
  for (const value of values) {
    if (value === null) return null
    total += value
  }
  return total
}

/** Multiply-accumulates of several nodes together. */
export interface MacCount {
  /** Of those whose MACs are known; `null` when that leaves none. */
  readonly macs: number | null
  /** How many nodes are missing in it. */
  readonly uncounted: number
}

/** The MACs of several nodes, or of several such counts. */
export function countMacs(rows: readonly { readonly macs: number | null; readonly uncounted?: number }[]): MacCount {
  const counted = rows.reduce((sum, { macs }) => sum + (macs ?? 0), 0)
  const uncounted = rows.reduce((sum, { macs, uncounted: missing = macs === null ? 1 : 0 }) => sum + missing, 0)
  return { macs: counted === 0 && uncounted > 0 ? null : counted, uncounted }
}

/** A node that uses another's weights has none of its own: they count once, at their owner. */
export function countParams({ definition, site, weights }: GraphNode): ParamCount {
  if (weights !== null) return { params: 0, trainableParams: 0 }
  const specs = definition.weights?.(site) ?? []
  return {
    params: sumKnown(specs.map(({ shape }) => countOf(shape))),
    trainableParams: sumKnown(specs.filter(({ trainable }) => trainable).map(({ shape }) => countOf(shape))),
  }
}
