// Runs one layer on given numbers, on a backend of choice, and differentiates it.
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { engine, memory, scalar, type Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { graph } from '../../src/graph/build.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import { record } from '../../src/ops/gradient.ts'
import { type Backend, startBackend } from '../../src/runtime/backend.ts'
import { fromArray, makeNetwork, type Network } from '../../src/runtime/network.ts'
import type { Tensors } from '../../src/runtime/program.ts'
import { initialWeights, planWeights, readArray, type WeightArray, type WeightArrays } from '../../src/runtime/weights.ts'
import type { LayerDefinition } from '../../src/spec/layer.ts'
import { seededRandom } from '../../src/spec/random.ts'
import { APPLY, inputTensor, leafLayer, ROOT } from '../../src/spec/symbolic.ts'
import type { Dims } from '../../src/spec/tensor.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** Uniform numbers from −`reach` to `reach`. */
export function randomArray(shape: readonly number[], seed: number, reach = 1): WeightArray {
  const random = seededRandom(seed)
  return { data: Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * reach), shape }
}

export function filled(shape: readonly number[], value: number): WeightArray {
  return { data: new Float32Array(sizeOf(shape)).fill(value), shape }
}

/** A graph of one node, `layer`, on inputs `x0`, `x1`, … with outputs `y0`, `y1`, … */
export function graphOfLayer(definition: LayerDefinition, config: unknown, inputs: readonly Dims[]): AnyGraph {
  const tensors = inputs.map((shape) => inputTensor(shape))
  const outputs = leafLayer(definition, config)[APPLY](tensors, { ...ROOT, name: 'layer' })
  return graph({
    name: 'single',
    inputs: Object.fromEntries(tensors.map((tensor, index) => [`x${index}`, tensor])) as never,
    outputs: Object.fromEntries(outputs.map((tensor, index) => [`y${index}`, tensor])) as never,
  }) as unknown as AnyGraph
}

/** The weights of the layer by the names it gives them, made by `make` from shape and name. */
export function weightsOf(net: AnyGraph, make: (shape: readonly number[], name: string) => WeightArray): WeightArrays {
  return Object.fromEntries(planWeights(net).map(({ name, spec }) => {
    const local = name.slice('layer/'.length)
    return [local, make(spec.shape as readonly number[], local)]
  }))
}

export interface Run {
  readonly backend: Backend
  readonly training: boolean
  readonly seed: number
}

/** What a layer gives, and the gradients of Σ cotangent · output. */
export interface Ran {
  readonly outputs: readonly WeightArray[]
  readonly updates: WeightArrays
  readonly inputGradients: readonly WeightArray[]
  /** Of the weights that are trained, by the layer's names. */
  readonly weightGradients: WeightArrays
}

/** Σ cotangent · output as one operation on the tape. */
function weigh(outputs: readonly Tensor[], cotangents: readonly Tensor[]): Tensor {
  return record<Record<string, Tensor>, Tensor>(Object.fromEntries(outputs.entries()), {
    forward: () => scalar(0),
    save: () => cotangents,
    // Clones, because the tape disposes of what it saved.
    gradients: (_one, saved) => Object.fromEntries(outputs.map((_y, index) => [index, () => (saved[index] as Tensor).clone()])),
  })
}

function differentiate(network: Network, inputs: readonly WeightArray[], cotangents: readonly WeightArray[] | null, mode: Run): Ran {
  const result: { outputs: WeightArray[]; updates: Record<string, WeightArray>; inputGradients: WeightArray[]; weightGradients: Record<string, WeightArray> } =
    { outputs: [], updates: {}, inputGradients: [], weightGradients: {} }
  network.on(() => {
    const xs = inputs.map(fromArray)
    const named: Tensors = Object.fromEntries(xs.map((x, index) => [`x${index}`, x]))
    const trained = [...network.parameters.values()].filter(({ trainable }) => trainable)
    const forward = (): Tensor => {
      const ran = network.run(named, mode)
      const outputs = Object.values(ran.outputs)
      result.outputs = outputs.map(readArray)
      for (const [name, value] of Object.entries(ran.updates)) result.updates[name.slice('layer/'.length)] = readArray(value)
      const given = cotangents ?? outputs.map(({ shape }, index) => randomArray(shape, 91 + index))
      return weigh(outputs, given.map(fromArray))
    }
    const { grads } = engine().gradients(forward, [...xs, ...trained.map(({ tensor }) => tensor)], undefined, true)
    const arrays = grads.map((gradient, index) => {
      if (gradient != null) return readArray(gradient)
      return filled(index < xs.length ? (inputs[index] as WeightArray).shape : (trained[index - xs.length]?.shape ?? []), 0)
    })
    result.inputGradients = arrays.slice(0, xs.length)
    for (const [index, { name }] of trained.entries()) {
      result.weightGradients[name.slice('layer/'.length)] = arrays[xs.length + index] as WeightArray
    }
  })
  return result
}

/** A layer ready to be run many times; `close` checks that nothing was left behind. */
export interface OpenLayer {
  run(inputs: readonly WeightArray[], weights: WeightArrays, cotangents?: readonly WeightArray[] | null): Ran
  /** The outputs alone, without a tape. */
  predict(inputs: readonly WeightArray[], weights: WeightArrays): readonly WeightArray[]
  close(): void
}

export async function openLayer(net: AnyGraph, mode: Run): Promise<OpenLayer> {
  await startBackend(mode.backend)
  const before = memory().numTensors
  const plans = planWeights(net)
  const network = makeNetwork({ graph: net, plans, weights: initialWeights(plans, 1), backend: mode.backend, seed: 1 })
  const set = (weights: WeightArrays): void => network.setWeights(
    Object.fromEntries(Object.entries(weights).map(([name, weight]) => [`layer/${name}`, weight])), { at: 'test', partial: true },
  )
  return {
    run(inputs, weights, cotangents = null) {
      set(weights)
      return differentiate(network, inputs, cotangents, mode)
    },
    predict(inputs, weights) {
      set(weights)
      let outputs: readonly WeightArray[] = []
      network.on(() => {
        const named = Object.fromEntries(inputs.map((x, index) => [`x${index}`, fromArray(x)]))
        outputs = Object.values(network.run(named, mode).outputs).map(readArray)
      })
      return outputs
    },
    close() {
      network.dispose()
      expect(memory().numTensors, 'tensors left behind').toBe(before)
    },
  }
}
