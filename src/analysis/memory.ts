// Memory for one image in bytes of float32, from shapes and last uses alone.
import type { GraphData, Ref } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import { countOf, type Dims } from '../spec/tensor.ts'
import { sumKnown } from './params.ts'

const BYTES = 4

/** Bytes; `null` when a size is not known. */
export interface Memory {
  /** All parameters, trained and not. */
  readonly weights: number | null
  /** The outputs of all nodes, which training holds for the gradients: for one image. */
  readonly activations: number | null
  /** The most that is held at once at inference, inputs included, if each tensor is freed after its last use. */
  readonly peak: number | null
}

const bytesOf = (shape: Dims): number | null => {
  const count = countOf(shape)
  return count === null ? null : count * BYTES
}

/** When each tensor is used for the last time: the index of a node; outputs of the graph stay to the end. */
function lastUses(graph: GraphData): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const [index, node] of graph.nodes.entries()) {
    for (const ref of node.from) last.set(showRef(ref), index)
  }
  for (const { from } of graph.outputs) last.set(showRef(from), graph.nodes.length)
  return last
}

/** The most bytes alive while the nodes run in order. Every output is a tensor of its own: nothing runs in place. */
function peakBytes(graph: GraphData): number | null {
  const last = lastUses(graph)
  const alive = new Map<string, number>()
  let held = 0
  let peak = 0
  const hold = (ref: Ref, shape: Dims): boolean => {
    const bytes = bytesOf(shape)
    if (bytes === null) return false
    alive.set(showRef(ref), bytes)
    held += bytes
    return true
  }
  const free = (key: string, index: number): void => {
    if ((last.get(key) ?? -1) > index) return
    held -= alive.get(key) ?? 0
    alive.delete(key)
  }
  for (const { id, shape } of graph.inputs) {
    if (!hold({ id, output: 0 }, shape)) return null
  }
  peak = held
  for (const [index, node] of graph.nodes.entries()) {
    const outputs = node.site.outputs.map((_shape, output): Ref => ({ id: node.id, output }))
    for (const [output, shape] of node.site.outputs.entries()) {
      if (!hold(outputs[output] as Ref, shape)) return null
    }
    peak = Math.max(peak, held)
    for (const key of new Set([...node.from, ...outputs].map(showRef))) free(key, index)
  }
  return peak
}

/** What a graph takes for one image. */
export function memoryOf(graph: GraphData, params: number | null): Memory {
  return {
    weights: params === null ? null : params * BYTES,
    activations: sumKnown(graph.nodes.flatMap(({ site }) => site.outputs.map(bytesOf))),
    peak: peakBytes(graph),
  }
}
