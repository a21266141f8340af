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

/** A node that uses another's weights has none of its own: they count once, at their owner. */
export function countParams({ definition, site, weights }: GraphNode): ParamCount {
  if (weights !== null) return { params: 0, trainableParams: 0 }
  const specs = definition.weights?.(site) ?? []
  return {
    params: sumKnown(specs.map(({ shape }) => countOf(shape))),
    trainableParams: sumKnown(specs.filter(({ trainable }) => trainable).map(({ shape }) => countOf(shape))),
  }
}
