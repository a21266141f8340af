// Weights with the scales of following layers folded in, made anew when the weights have changed.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { PlanStep } from '../analysis/plan.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { PlainWeights } from '../spec/fusion.ts'
import { hold, readArray } from './weights.ts'

/** Weights by full name. */
export type ReadWeight = (name: string) => Tensor

/** The full name of a node's weight. */
export const weightName = (node: GraphNode, local: string): string => `${node.weights ?? node.id}/${local}`

/** Weights of a node by the names its layer gives them. */
export function weightsOf<T>(node: GraphNode, read: (name: string) => T): Readonly<Record<string, T>> {
  const specs = node.definition.weights?.(node.site) ?? []
  return Object.fromEntries(specs.map(({ name }) => [name, read(weightName(node, name))]))
}

/** The weights of a step with all its scales in them; `null` when there are none. */
function fold({ node, followers }: PlanStep, read: ReadWeight): PlainWeights | null {
  const plain = (of: GraphNode): PlainWeights => weightsOf(of, (name) => readArray(read(name)))
  const scaled = node.definition.scaled?.(node.site) ?? null
  let folded: PlainWeights | null = null
  for (const { node: follower, following } of followers) {
    if (following.does === 'scale' && scaled !== null) folded = scaled(folded ?? plain(node), following.of(plain(follower)))
  }
  return folded
}

/** Folded weights by step. */
export interface Folding {
  /** The folded weights of a step, kept until `forget`; `null` when there is nothing to fold. */
  weightsOf(step: PlanStep): Readonly<Record<string, Tensor>> | null
  /** All folded weights there are. */
  tensors(): readonly Tensor[]
  /** To be called when weights have changed, and in the end. */
  forget(): void
}

export function makeFolding(read: ReadWeight): Folding {
  // By node, since input sizes make no difference.
  const kept = new Map<string, Readonly<Record<string, Tensor>> | null>()
  return {
    weightsOf(step) {
      const known = kept.get(step.node.id)
      if (known !== undefined) return known
      const folded = fold(step, read)
      const tensors = folded === null ? null
        : Object.fromEntries(Object.entries(folded).map(([name, array]) => [name, hold(array)]))
      kept.set(step.node.id, tensors)
      return tensors
    },
    tensors: () => [...kept.values()].flatMap((tensors) => Object.values(tensors ?? {})),
    forget() {
      for (const tensors of kept.values()) for (const tensor of Object.values(tensors ?? {})) tensor.dispose()
      kept.clear()
    },
  }
}
