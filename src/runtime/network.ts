// A graph with weights on a backend: what prediction and training both stand on.
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import type { AnyGraph, GraphData } from '../graph/graph.ts'
import { makeOps } from '../ops/index.ts'
import { failure } from '../spec/issue.ts'
import { type Backend, useBackend } from './backend.ts'
import { makeProgram, type Mode, type Program, type Ran, type Tensors } from './program.ts'
import { makeRecordings, type Repeat } from './recordings.ts'
import {
  allocate, checkWeights, hold, type Parameter, type Parameters, plansOf, readArray, type WeightArrays, type WeightPlan,
} from './weights.ts'

export interface Network {
  readonly graph: AnyGraph
  readonly backend: Backend
  readonly seed: number
  readonly parameters: Parameters
  /** Runs `task` on the network's backend, in a tidy. @throws LayergraphError `runtime/disposed`. */
  on<T extends Tensor | Tensor[] | void>(task: () => T): T
  /** Runs the graph; call it within `on`. */
  run(inputs: Tensors, mode: Mode): Ran
  /** Runs the graph for a prediction, and may record it; call it within `on`. */
  predict(inputs: Tensors): Ran
  /** A recorded prediction for inputs of these shapes, if there is one. @throws LayergraphError `runtime/disposed`. */
  repeat(inputs: Readonly<Record<string, { readonly shape: readonly number[] }>>): Repeat | null
  /** A program for part of the graph, on the same weights. Call its `forget` in the end. */
  programOf(part: GraphData): Program
  /** A weight as it is now, by its full name. */
  read(name: string): Tensor
  /** Gives weights other tensors, which must be kept. */
  assign(weights: Tensors): void
  /** To be called when the tensors of weights were changed in place. */
  changed(): void
  /** The numbers of all weights, copied. */
  weights(): WeightArrays
  /** Sets weights. @throws LayergraphError `store/weights` naming each that does not fit; then none is set. */
  setWeights(weights: WeightArrays, options: { readonly at: string; readonly partial: boolean }): void
  dispose(): void
}

export interface NetworkParts {
  readonly graph: AnyGraph
  readonly plans: readonly WeightPlan[]
  readonly weights: WeightArrays
  readonly backend: Backend
  readonly seed: number
  /** Run neighbouring layers in one go where that gives the same, default true. */
  readonly fuse?: boolean
}

/** A network with these weights. The backend must be started and the kernels installed. */
export function makeNetwork({ graph, plans, weights, backend, seed, fuse = true }: NetworkParts): Network {
  const enter = (): void => {
    if (disposed) throw failure('runtime/disposed', graph.name, 'the model was disposed of', 'create or load it again')
    useBackend(backend)
  }
  let disposed = false
  useBackend(backend)
  const parameters = allocate(plans, weights)
  const sized = plansOf(plans, parameters)
  const read = (name: string): Tensor => (parameters.get(name) as Parameter).tensor
  const programOf = (part: GraphData): Program => makeProgram({ graph: part, ops: makeOps(), fuse, read })
  const program = programOf(graph)
  const recordings = makeRecordings(() => [...[...parameters.values()].map(({ tensor }) => tensor), ...program.folded()])
  const changed = (): void => {
    recordings.forget()
    program.forget()
  }
  const predict = (inputs: Tensors): Ran => {
    const run = (): Ran => program.run(inputs, { training: false, seed: 0 })
    return backend === 'wasm' ? recordings.run(inputs, run) : run()
  }
  const assign = (tensors: Tensors): void => {
    for (const [name, next] of Object.entries(tensors)) {
      const parameter = parameters.get(name) as Parameter
      parameter.tensor.dispose()
      parameter.tensor = next
    }
    changed()
  }
  return {
    graph, backend, seed, parameters,
    on: (task) => {
      enter()
      return tidy(task as () => Tensor) as ReturnType<typeof task>
    },
    run: program.run,
    predict,
    repeat: (inputs) => {
      enter()
      return recordings.find(inputs)
    },
    programOf, read,
    assign,
    changed,
    weights: () => {
      enter()
      return Object.fromEntries([...parameters].map(([name, parameter]) => [name, readArray(parameter.tensor)]))
    },
    setWeights: (given, options) => {
      enter()
      checkWeights(sized, given, options)
      assign(Object.fromEntries(Object.entries(given).map(([name, weight]) => [name, hold(weight)])))
    },
    dispose: () => {
      if (disposed) return
      disposed = true
      changed()
      for (const parameter of parameters.values()) parameter.tensor.dispose()
    },
  }
}

/** A float32 tensor of plain numbers. */
export function fromArray({ data, shape }: { readonly data: ArrayLike<number>; readonly shape: readonly number[] }): Tensor {
  return tensor(data instanceof Float32Array ? data : Float32Array.from(data), [...shape], 'float32')
}
