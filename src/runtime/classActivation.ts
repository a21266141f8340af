// Which places of an image speak for a class.
//
// Grad-CAM: the channels of a layer's output, each times the mean gradient of the class's score by it, added up;
// Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, "Grad-CAM: visual explanations from deep networks via
// gradient-based localization", 2017, https://arxiv.org/abs/1610.02391. Before a global average pool and a dense layer that
// is the class activation map of Zhou, Khosla, Lapedriza, Oliva, Torralba, 2016, https://arxiv.org/abs/1512.04150, divided
// by the number of places.
import { type Tensor, tensor, zeros } from '@tensorflow/tfjs-core'
import { upTo } from '../graph/cut.ts'
import { type GraphData, type GraphNode, showRef } from '../graph/graph.ts'
import { withInputs } from '../graph/sites.ts'
import { differentiate } from '../ops/gradient.ts'
import { failure } from '../spec/issue.ts'
import type { Bundle } from '../train/data.ts'
import { nodeOf } from './activations.ts'
import type { Network } from './network.ts'
import { checkInputs, pick, type Tensors } from './program.ts'
import { byInput, toTensors } from './values.ts'

export interface ClassActivationOptions {
  /** The class, from 0. Default the one with the highest score. */
  readonly class?: number
  /** The layer whose output [h, w, channels] is looked at. Default the last one that gives such. */
  readonly node?: string
  /** Leave out what speaks against the class, as Grad-CAM does; default true. */
  readonly rectify?: boolean
}

/** A number for each place of a layer's output. */
export interface ClassActivation {
  readonly class: number
  readonly node: string
  /** [h, w]. */
  readonly shape: readonly [height: number, width: number]
  /** Row by row. */
  readonly map: Float32Array
}

const isSpatial = ({ site }: GraphNode): boolean => {
  const [shape] = site.outputs
  return site.outputs.length === 1 && shape?.length === 3 && (shape[0] !== 1 || shape[1] !== 1)
}

function lookedAt(graph: GraphData, id: string | undefined): GraphNode {
  const node = id === undefined ? upTo(graph, graph.outputs.map(({ from }) => from)).nodes.findLast(isSpatial) : nodeOf(graph, id)
  if (node !== undefined && isSpatial(node)) return node
  throw failure('runtime/no-map', id ?? graph.name, 'gives no [h, w, channels] to look at', 'name a node before the pooling or flattening')
}

/** The scores of one image. */
function scoresOf(graph: GraphData, outputs: Tensors): Tensor {
  const scores = outputs[showRef((graph.outputs[0] as GraphData['outputs'][number]).from)] as Tensor
  const [batch, classes] = scores.shape
  if (graph.outputs.length === 1 && scores.shape.length === 2 && batch === 1) return scores
  throw failure(
    'runtime/no-classes', graph.name,
    graph.outputs.length > 1 ? `has ${graph.outputs.length} outputs` : `gives [${scores.shape.join(',')}], not [1, ${classes ?? 'classes'}]`,
    'give one image to a model with one output, a number for each class',
  )
}

function classOf(scores: Float32Array, given: number | undefined): number {
  if (given === undefined) return scores.reduce((best, score, index) => (score > (scores[best] as number) ? index : best), 0)
  if (Number.isInteger(given) && given >= 0 && given < scores.length) return given
  throw failure('runtime/no-classes', 'class', `is ${given}, but there are ${scores.length} classes`, `give 0 to ${scores.length - 1}`)
}

/** The shape of a node's output for these inputs, the batch first. */
function outputShape(graph: GraphData, id: string, inputs: Tensors): number[] {
  const { nodes } = withInputs(graph, Object.fromEntries(Object.entries(inputs).map(([input, { shape }]) => [input, shape.slice(1)])))
  const [batch] = (Object.values(inputs)[0] as Tensor).shape
  return [batch as number, ...nodes.find((node) => node.id === id)?.site.outputs[0] as readonly number[]]
}

/** Σ over channels of value · mean gradient, for each place. */
function weigh(values: Tensor, gradient: Tensor): Float32Array {
  const [, height, width, channels] = values.shape as [number, number, number, number]
  const [of, by] = [values.dataSync<'float32'>(), gradient.dataSync<'float32'>()]
  const means = new Float32Array(channels)
  for (let i = 0; i < by.length; i++) (means[i % channels] as number) += (by[i] as number) / (height * width)
  const map = new Float32Array(height * width)
  for (let i = 0; i < of.length; i++) (map[Math.floor(i / channels)] as number) += (of[i] as number) * (means[i % channels] as number)
  return map
}

/** The class activation map of one image [1, …]. */
export function classActivation(
  network: Network, inputs: Bundle, { class: wanted, node: id, rectify = true }: ClassActivationOptions = {},
): ClassActivation {
  const { graph } = network
  const node = lookedAt(graph, id)
  const part = upTo(graph, [...graph.outputs.map(({ from }) => from), { id: node.id, output: 0 }])
  const program = network.programOf(part)
  let found: ClassActivation | undefined
  try {
    network.on(() => {
      const given = pick(part, toTensors(byInput(graph, inputs)))
      checkInputs(part, given)
      // Added to the output of the node, zeros change nothing, but lead the gradient to it.
      const probe = zeros(outputShape(part, node.id, given))
      const { result: { cls, values }, gradients: [gradient] } = differentiate([probe], () => {
        const { outputs } = program.run(given, { training: false, seed: 0, probes: { [node.id]: probe } })
        const scores = scoresOf(graph, outputs)
        const one = new Float32Array(scores.size)
        const cls = classOf(scores.dataSync<'float32'>(), wanted)
        one[cls] = 1
        return { result: { cls, values: outputs[node.id] as Tensor }, seeds: [[scores, tensor(one, scores.shape)]] }
      })
      if (gradient === undefined) throw failure('runtime/no-map', node.id, 'does not lead to the scores', 'name a node before them')
      const map = weigh(values, gradient)
      const [, height, width] = values.shape as [number, number, number, number]
      found = { class: cls, node: node.id, shape: [height, width], map: rectify ? map.map((value) => Math.max(value, 0)) : map }
    })
  } finally {
    program.forget()
  }
  return found as ClassActivation
}
