// Part of a graph.
import { type GraphData, type GraphNode, type Ref, showRef } from './graph.ts'

/** The nodes of a graph that lead to one of these values, in order. */
function leadingTo(graph: GraphData, refs: readonly Ref[]): readonly GraphNode[] {
  const wanted = new Set(refs.map(({ id }) => id))
  return graph.nodes.toReversed().filter(({ id, from }) => {
    if (!wanted.has(id)) return false
    for (const ref of from) wanted.add(ref.id)
    return true
  }).toReversed()
}

/** The graph as far as these values, which are its outputs, by their names ("id", or "id:1"). */
export function upTo(graph: GraphData, refs: readonly Ref[]): GraphData {
  const nodes = leadingTo(graph, refs)
  const used = new Set([...refs, ...nodes.flatMap(({ from }) => from)].map(({ id }) => id))
  return {
    name: graph.name, inputs: graph.inputs.filter(({ id }) => used.has(id)), nodes,
    outputs: refs.map((from) => ({ name: showRef(from), from })),
  }
}
