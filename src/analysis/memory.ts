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
  /** The same as float16. */
  readonly weightsFloat16: number | null
  /** The outputs of all nodes, which training holds for the gradients: for one image. */
  readonly activations: number | null
  /** The most that is held at once at inference, inputs included, if each tensor is freed after its last use. */
  readonly peak: number | null
  /** The most that is held at once in a step of training: all outputs, and the gradients on their way back. */
  readonly trainingPeak: number | null
}

/** Bytes of float32; `null` when a size is not known. */
export const bytesOf = (shape: Dims): number | null => {
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

/**
 * The most bytes alive in a step: forward holds the inputs and every output; backward, from the last node on, holds a
 * gradient for each tensor from its last user back to its maker, whose outputs are freed after it.
 */
function trainingPeakBytes(graph: GraphData): number | null {
  const sizes = new Map<string, number>()
  let held = 0
  const tensors = [...graph.inputs.map(({ id, shape }) => [id, shape] as const),
    ...graph.nodes.flatMap(({ id, site }) => site.outputs.map((shape, output) => [showRef({ id, output }), shape] as const))]
  for (const [key, shape] of tensors) {
    const bytes = bytesOf(shape)
    if (bytes === null) return null
    sizes.set(key, bytes)
    held += bytes
  }
  const inputs = new Set(graph.inputs.map(({ id }) => id))
  const gradients = new Set<string>()
  const hold = (key: string): void => {
    if (gradients.has(key) || inputs.has(key)) return
    gradients.add(key)
    held += sizes.get(key) as number
  }
  for (const { from } of graph.outputs) hold(showRef(from))
  let peak = held
  for (const node of graph.nodes.toReversed()) {
    const own = node.site.outputs.map((_shape, output) => showRef({ id: node.id, output }))
    if (own.some((key) => gradients.has(key))) for (const ref of node.from) hold(showRef(ref))
    peak = Math.max(peak, held)
    for (const key of own) {
      held -= sizes.get(key) as number
      if (gradients.delete(key)) held -= sizes.get(key) as number
    }
  }
  return peak
}

/** What a graph takes for one image. */
export function memoryOf(graph: GraphData, params: number | null): Memory {
  return {
    weights: params === null ? null : params * BYTES,
    weightsFloat16: params === null ? null : (params * BYTES) / 2,
    activations: sumKnown(graph.nodes.flatMap(({ site }) => site.outputs.map(bytesOf))),
    peak: peakBytes(graph),
    trainingPeak: trainingPeakBytes(graph),
  }
}
