// The plan of a run: which layers run in one go, in which order, and when each tensor is let go of.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import type { Following } from '../spec/fusion.ts'

/** A layer that runs in the same go as the one before it. */
export interface Follower {
  readonly node: GraphNode
  readonly following: Following
}

/** One node, and those behind it that run in the same go. Values go by the names of `showRef`. */
export interface PlanStep {
  readonly node: GraphNode
  /** Its config with the activation that a follower asked for. */
  readonly config: unknown
  readonly followers: readonly Follower[]
  readonly from: readonly string[]
  /** Those of the node; with followers, the one of the last of them. */
  readonly outputs: readonly string[]
  /** Values that nobody needs after this step. */
  readonly release: readonly string[]
}

export interface PlanOptions {
  readonly training: boolean
  /** Default true. */
  readonly fuse?: boolean
}

/** How many read each value; an output of the graph counts as read. */
function countReaders(graph: GraphData): ReadonlyMap<string, number> {
  const readers = new Map<string, number>()
  for (const ref of [...graph.nodes.flatMap(({ from }) => from), ...graph.outputs.map(({ from }) => from)]) {
    readers.set(showRef(ref), (readers.get(showRef(ref)) ?? 0) + 1)
  }
  return readers
}

/** What of a node has been put together so far. */
interface Chain {
  readonly config: unknown
  readonly followers: readonly Follower[]
}

/**
 * Behind which others each no longer counts for the layer at the head: some activations look at the last axis, some change
 * what is largest, and scales are for channels in the layer's own order, before anything bends them.
 */
const CUT_OFF_BY: Readonly<Record<Following['does'], readonly Following['does'][]>> = {
  nothing: [],
  reshape: [],
  activation: ['reshape', 'maxPool'],
  maxPool: ['reshape', 'maxPool', 'shuffle'],
  shuffle: ['reshape', 'maxPool', 'shuffle'],
  scale: ['reshape', 'maxPool', 'shuffle', 'activation'],
}

/** The chain with one more link; `null` when the layer at its head cannot take it in. */
function extend({ definition, site }: GraphNode, chain: Chain, follower: Follower): Chain | null {
  const { following } = follower
  const has = (does: Following['does']): boolean => chain.followers.some((one) => one.following.does === does)
  if (CUT_OFF_BY[following.does].some(has)) return null
  const longer = { ...chain, followers: [...chain.followers, follower] }
  switch (following.does) {
    case 'nothing':
    case 'reshape':
      return longer
    case 'activation': {
      if (definition.activates?.includes(following.activation) === true) return has('activation') ? null : longer
      const config = definition.withActivation?.(chain.config, following.activation) ?? null
      return config === null ? null : { ...longer, config }
    }
    case 'maxPool':
      return definition.pools === true ? longer : null
    case 'shuffle':
      return definition.shuffles?.(chain.config) === true ? longer : null
    case 'scale':
      return definition.scaled?.(site) == null ? null : longer
  }
}

/** Follows the only reader of the only output as far as it runs in the same go. */
function chainFrom(head: GraphNode, next: (node: GraphNode) => GraphNode | null, training: boolean): Chain {
  let chain: Chain = { config: head.config, followers: [] }
  for (let node = next(head); node !== null; node = next(node)) {
    const following = node.definition.follows?.(node.site, { training }) ?? null
    const longer = following === null ? null : extend(head, chain, { node, following })
    if (longer === null) break
    chain = longer
  }
  return chain
}

const outputsOf = (node: GraphNode): readonly string[] => node.site.outputs.map((_shape, output) => showRef({ id: node.id, output }))

function withReleases(graph: GraphData, steps: readonly Omit<PlanStep, 'release'>[]): readonly PlanStep[] {
  const lastUse = new Map<string, number>()
  for (const [index, { from, outputs }] of steps.entries()) {
    // What nobody reads is let go of at once.
    for (const key of [...from, ...outputs]) lastUse.set(key, index)
  }
  for (const { from } of graph.outputs) lastUse.delete(showRef(from))
  return steps.map((step, index) =>
    ({ ...step, release: [...new Set([...step.from, ...step.outputs])].filter((key) => lastUse.get(key) === index) }))
}

/** The steps of a graph in order. */
export function planSteps(graph: GraphData, { training, fuse = true }: PlanOptions): readonly PlanStep[] {
  const readers = countReaders(graph)
  const only = new Map<string, GraphNode>()
  for (const node of graph.nodes) {
    const [key, ...others] = node.from.map(showRef)
    if (key !== undefined && others.length === 0 && readers.get(key) === 1) only.set(key, node)
  }
  const next = (node: GraphNode): GraphNode | null => (node.site.outputs.length === 1 ? only.get(node.id) ?? null : null)
  const taken = new Set<GraphNode>()
  const steps = graph.nodes.flatMap((node) => {
    if (taken.has(node)) return []
    const { config, followers } = fuse ? chainFrom(node, next, training) : { config: node.config, followers: [] }
    for (const follower of followers) taken.add(follower.node)
    return [{ node, config, followers, from: node.from.map(showRef), outputs: outputsOf(followers.at(-1)?.node ?? node) }]
  })
  return withReleases(graph, steps)
}
