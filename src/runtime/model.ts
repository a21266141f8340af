// A model: a graph with weights, that predicts, learns, and goes to disk and back.
import type { Tensor } from '@tensorflow/tfjs-core'
import { analyze } from '../analysis/analyze.ts'
import { type AnyGraph, isGraph } from '../graph/graph.ts'
import { withInputs } from '../graph/sites.ts'
import { summaryText, type TextOptions } from '../report/text.ts'
import { failure } from '../spec/issue.ts'
import type { Dims } from '../spec/tensor.ts'
import type { ArrayTensor, Bundle, Data } from '../train/data.ts'
import type { History } from '../train/history.ts'
import { evaluate, type EvaluateOptions, type Evaluation, train, type TrainOptions, type TrainStep } from '../train/trainer.ts'
import { encodeModel } from '../store/bytes.ts'
import { saveModel } from '../store/save.ts'
import { activations } from './activations.ts'
import { type Backend, startBackend } from './backend.ts'
import { classActivation, type ClassActivation, type ClassActivationOptions } from './classActivation.ts'
import { makeNetwork, type Network } from './network.ts'
import { samplingPoints, type SamplingPoints } from './sampling.ts'
import {
  areTensors, byInput, fromArrays, numbersOf, type OutputsOf, type Prediction, separate, single, toArrays, toTensors,
} from './values.ts'
import { initialWeights, planWeights, type WeightArray, type WeightArrays } from './weights.ts'

/** A graph with weights on a backend. `O`: its outputs by name, as far as the types know them. */
export interface Model<O = Readonly<Record<string, unknown>>> {
  readonly graph: AnyGraph
  readonly backend: Backend
  /**
   * The outputs for a batch [n, …]: tensors for tensors, { data, shape } for { data, shape }. Several inputs are given
   * as a record by name, several outputs come as one. Tensors that come are the caller's to dispose of.
   *
   * @throws LayergraphError `runtime/input` when a shape does not fit.
   */
  predict(inputs: Bundle<Tensor>): Prediction<Tensor, O>
  predict(inputs: Bundle<ArrayTensor>): Prediction<WeightArray, O>
  /**
   * The outputs of any nodes for a batch, by id ("split:1" for a second output): tensors for tensors, arrays for arrays.
   *
   * @throws LayergraphError `runtime/no-node`, `runtime/input`.
   */
  activations(inputs: Bundle<Tensor>, ids: readonly string[]): Readonly<Record<string, Tensor>>
  activations(inputs: Bundle<ArrayTensor>, ids: readonly string[]): Readonly<Record<string, WeightArray>>
  /**
   * Which places of one image [1, …] speak for a class (Grad-CAM; the class activation map where a global average pool
   * and a dense layer follow). For models with one output [classes].
   *
   * @throws LayergraphError `runtime/no-map`, `runtime/no-classes`, `runtime/no-node`, `runtime/input`.
   */
  classActivation(inputs: Bundle, options?: ClassActivationOptions): ClassActivation
  /**
   * Where the unit [y, x] of a node whose taps move, such as deformableConv2d, reads the node's input for one image.
   *
   * @throws LayergraphError `runtime/no-sampling`, `field/no-such-unit`, `runtime/no-node`, `runtime/input`.
   */
  samplingPoints(inputs: Bundle, id: string, at: readonly [y: number, x: number]): SamplingPoints
  /** Trains, yielding after every update. Leaving the loop stops; the weights stay as they are then. */
  train(data: Data, options?: TrainOptions): AsyncGenerator<TrainStep, void, void>
  /** Trains to the end. `onStep` sees every update. */
  fit(data: Data, options?: TrainOptions & { readonly onStep?: (step: TrainStep) => void }): Promise<History>
  /** Mean loss and accuracy over the data. */
  evaluate(data: Data, options?: EvaluateOptions): Promise<Evaluation>
  /** Copies of all weights, by name: `nodeId/weight`. */
  weights(): WeightArrays
  /**
   * Sets weights from copies.
   *
   * @param options.partial Names may be missing; those keep what they have.
   * @throws LayergraphError `store/weights` naming every weight that does not fit; then none is set.
   */
  setWeights(weights: WeightArrays, options?: { readonly partial?: boolean }): void
  /** Writes graph.json and weights.safetensors into a directory, which is made if need be. */
  save(directory: string): Promise<void>
  /** The bytes of one safetensors file that holds weights and graph, for `loadModel` and Python. */
  encode(): Uint8Array
  /** The table of its layers. */
  summary(options?: TextOptions): string
  /** Gives its memory back. The model cannot be used afterwards. */
  dispose(): void
}

export interface CreateOptions {
  /** Decides the first weights and, unless said otherwise, the order of training; default 0. */
  readonly seed?: number
  /** Default 'wasm'; where WebAssembly has no SIMD that becomes 'cpu', with a warning. */
  readonly backend?: Backend
  /** Sizes for a graph that leaves them open, where weights depend on them: a shape, or shapes by input. */
  readonly input?: Dims | Readonly<Record<string, Dims>>
  /** Run neighbouring layers in one go where that gives the same, such as batch norm with its convolution; default true. */
  readonly fuse?: boolean
}

async function fit(steps: AsyncGenerator<TrainStep>, onStep: ((step: TrainStep) => void) | undefined): Promise<History> {
  let history: History = []
  for await (const step of steps) {
    onStep?.(step)
    history = step.history
  }
  return history
}

function predict(network: Network, inputs: Bundle): unknown {
  const asTensors = areTensors(inputs)
  const named = byInput(network.graph, inputs)
  const repeat = network.repeat(named)
  const numbers = repeat === null ? null : numbersOf(named)
  if (repeat !== null && numbers !== null) {
    const arrays = repeat(numbers)
    return single<Tensor | WeightArray>(asTensors ? fromArrays(arrays) : arrays)
  }
  let outputs: Readonly<Record<string, Tensor>> = {}
  network.on(() => {
    const given = toTensors(named)
    outputs = separate(network.predict(given).outputs, Object.values(given))
    return Object.values(outputs)
  })
  return single<Tensor | WeightArray>(asTensors ? outputs : toArrays(outputs))
}

/** The model of a network. */
export function makeModel<O>(network: Network): Model<O> {
  const { graph, backend } = network
  return {
    graph, backend,
    predict: (inputs: Bundle) => predict(network, inputs) as never,
    activations: (inputs: Bundle, ids: readonly string[]) => activations(network, inputs, ids) as never,
    classActivation: (inputs, options) => classActivation(network, inputs, options),
    samplingPoints: (inputs, id, at) => samplingPoints(network, inputs, id, at),
    train: (data, options) => train(network, data, options),
    fit: (data, { onStep, ...options } = {}) => fit(train(network, data, options), onStep),
    evaluate: (data, options) => evaluate(network, data, options),
    weights: network.weights,
    setWeights: (weights, { partial = false } = {}) => network.setWeights(weights, { at: 'setWeights', partial }),
    save: (directory) => saveModel(directory, graph.toJSON(), network.weights()),
    encode: () => encodeModel(graph.toJSON(), network.weights()),
    summary: (options) => summaryText(analyze(graph), options),
    dispose: network.dispose,
  }
}

function sizesOf(graph: AnyGraph, input: Dims | Readonly<Record<string, Dims>>): Readonly<Record<string, Dims>> {
  return Array.isArray(input) ? { [graph.inputs[0]?.id as string]: input } : input as Readonly<Record<string, Dims>>
}

/**
 * A model with fresh weights. Starts the backend, which the program's own TensorFlow.js then uses too.
 *
 * @throws LayergraphError `runtime/unknown-size` when weights depend on input sizes that are left open, `runtime/backend`
 *   when the backend does not start, `runtime/second-tfjs` when tfjs-core is loaded twice.
 */
export async function createModel<const G extends AnyGraph>(
  graph: G, { seed = 0, backend = 'wasm', input, fuse = true }: CreateOptions = {},
): Promise<Model<OutputsOf<G>>> {
  if (!isGraph(graph)) throw failure('runtime/not-a-graph', 'createModel', `takes a graph, but gets ${graph === null ? 'null' : typeof graph}`, 'make one: graph({ name, inputs, outputs })')
  if (!Number.isInteger(seed)) throw failure('runtime/option', 'seed', `is ${seed}`, 'give a whole number')
  const sized = input === undefined ? graph : withInputs(graph, sizesOf(graph, input))
  const plans = planWeights(sized)
  const weights = initialWeights(plans, seed)
  const running = await startBackend(backend)
  return makeModel(makeNetwork({ graph, plans, weights, backend: running, seed, fuse }))
}
