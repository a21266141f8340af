// What flows between the layers of a model.
import type { Tensor } from '@tensorflow/tfjs-core'
import { upTo } from '../graph/cut.ts'
import { type GraphData, type GraphNode, readRef, type Ref } from '../graph/graph.ts'
import { failure, type LayergraphError } from '../spec/issue.ts'
import type { Bundle } from '../train/data.ts'
import type { Network } from './network.ts'
import { pick, type Tensors } from './program.ts'
import { areTensors, byInput, separate, toArrays, toTensors } from './values.ts'
import type { WeightArray } from './weights.ts'

const unknown = (graph: GraphData, id: string): LayergraphError =>
  failure('runtime/no-node', id, `${graph.name} has no such node`, `name one of ${graph.nodes.slice(0, 8).map((node) => node.id).join(', ')}…`)

/** The node of this id. @throws LayergraphError `runtime/no-node`. */
export function nodeOf(graph: GraphData, id: string): GraphNode {
  const node = graph.nodes.find((one) => one.id === id)
  if (node === undefined) throw unknown(graph, id)
  return node
}

/** "id" of an input or a node, or "id:1" of a node's second output. @throws LayergraphError `runtime/no-node`. */
function refOf(graph: GraphData, text: string): Ref {
  if (graph.inputs.some(({ id }) => id === text)) return { id: text, output: 0 }
  const ref = readRef(text)
  if (ref.output >= nodeOf(graph, ref.id).site.outputs.length) throw unknown(graph, text)
  return ref
}

/** The values of nodes by id; disposed of by the surrounding `on`. */
export function valuesOf(network: Network, given: Tensors, refs: readonly Ref[]): Tensors {
  const part = upTo(network.graph, refs)
  const program = network.programOf(part)
  try {
    return program.run(pick(part, given), { training: false, seed: 0 }).outputs
  } finally {
    program.forget()
  }
}

/** The outputs of any nodes, by id: tensors for tensors, arrays for arrays. */
export function activations(network: Network, inputs: Bundle, ids: readonly string[]): Readonly<Record<string, Tensor | WeightArray>> {
  const refs = [...new Set(ids)].map((id) => refOf(network.graph, id))
  let values: Tensors = {}
  network.on(() => {
    const given = toTensors(byInput(network.graph, inputs))
    values = separate(valuesOf(network, given, refs), Object.values(given))
    return Object.values(values)
  })
  return areTensors(inputs) ? values : toArrays(values)
}
