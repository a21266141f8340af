// The effective receptive field as gradients show it: how strongly each pixel moves one unit of a model.
import { randomNormal, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { upTo } from '../graph/cut.ts'
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { differentiate, type Seed } from '../ops/gradient.ts'
import { makeOps } from '../ops/index.ts'
import { failure } from '../spec/issue.ts'
import { mixSeed, seededRandom } from '../spec/random.ts'
import { countOf, type Dims } from '../spec/tensor.ts'
import type { ArrayTensor, Bundle } from '../train/data.ts'
import { type Backend, startBackend } from './backend.ts'
import { makeProgram } from './program.ts'
import { byInput, toTensors } from './values.ts'
import { allocate, checkWeights, initialWeights, type Parameter, planWeights, type WeightArrays } from './weights.ts'

/** How strongly the pixels of an input move a unit; lists are by the input's axes. */
export interface MeasuredField {
  readonly input: string
  readonly shape: readonly number[]
  /** The mean square of the gradient by each pixel, its channels added up, last axis fastest. */
  readonly energy: Float64Array
  /** The pixel that the energy is centred on. */
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

export interface MeasureOptions {
  /** How often, default 8: each time with another random image, and without weights with another random model. */
  readonly samples?: number
  /** One image [1, …], or one for each input by name, to measure on instead of random ones. */
  readonly image?: Bundle<ArrayTensor>
  /** One channel of the unit alone. Default all, each time with other random signs. */
  readonly channel?: number
  /** Default 0. */
  readonly seed?: number
  /** Weights of a trained model, by name. Default fresh ones. */
  readonly weights?: WeightArrays
  /** Default 'wasm'. */
  readonly backend?: Backend
}

/** Every channel of the unit with a random sign, so that channels do not cancel, or one channel; zero elsewhere. */
function seedAt(shape: readonly number[], at: readonly number[], seed: number, only: number | undefined): Tensor {
  const random = seededRandom(seed)
  const values = new Float32Array(countOf(shape))
  const channels = shape.at(-1) as number
  const place = at.reduce((sum, index, axis) => sum * (shape[axis + 1] as number) + index, 0)
  for (let channel = 0; channel < channels; channel++) {
    const sign = random.uniform() < 0.5 ? -1 : 1
    if (only === undefined || only === channel) values[place * channels + channel] = sign
  }
  return tensor(values, [...shape])
}

function momentsOf(energy: Float64Array, sizes: readonly number[]): Pick<MeasuredField, 'mean' | 'deviation'> {
  const sums = sizes.map(() => ({ first: 0, second: 0 }))
  let total = 0
  for (const [cell, value] of energy.entries()) {
    total += value
    let rest = cell
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const index = rest % (sizes[axis] as number)
      rest = Math.floor(rest / (sizes[axis] as number))
      const sum = sums[axis] as { first: number; second: number }
      sum.first += value * index
      sum.second += value * index ** 2
    }
  }
  const mean = sums.map(({ first }) => first / total)
  return { mean, deviation: sums.map(({ second }, axis) => Math.sqrt(Math.max(second / total - (mean[axis] as number) ** 2, 0))) }
}

/**
 * The gradients by each input of one unit [y, x] of a node, over random images or one of your own: with random weights of many models, with
 * weights of one. Starts the backend.
 *
 * @throws LayergraphError `field/unknown` for unknown sizes, `store/weights` when weights are missing or do not fit.
 */
export async function measureField(
  graph: GraphData, id: string, at: readonly number[], { samples = 8, seed = 0, weights, image, channel, backend = 'wasm' }: MeasureOptions = {},
): Promise<readonly MeasuredField[]> {
  const cut = upTo(graph, [{ id, output: 0 }])
  const open = cut.inputs.find(({ shape }) => shape.includes(null))
  if (open !== undefined) throw failure('field/unknown', open.id, 'its size is not known', 'give the sizes of the input')
  const axes = ((cut.nodes.at(-1) as GraphNode).site.outputs[0] as Dims).length - 1
  if (axes !== at.length) throw failure('field/no-such-unit', id, `has ${axes} axes, but ${at.length} numbers say where`)
  const plans = planWeights(cut)
  const known = weights === undefined ? undefined : Object.fromEntries(plans.flatMap(({ name }) => (weights[name] === undefined ? [] : [[name, weights[name]]])))
  if (known !== undefined) checkWeights(plans, known, { at: graph.name, partial: false })
  await startBackend(backend)
  const sums = cut.inputs.map(({ shape }) => new Float64Array(pixels(shape)))
  for (let sample = 0; sample < samples; sample++) {
    const own = mixSeed(seed, sample)
    const parameters = allocate(plans, known ?? initialWeights(plans, own))
    const program = makeProgram({ graph: cut, ops: makeOps(), fuse: false, read: (name) => (parameters.get(name) as Parameter).tensor })
    try {
      tidy(() => {
        const given = image === undefined ? {} : toTensors(byInput(graph, image))
        const images = cut.inputs.map(({ id: input, shape }, index) =>
          given[input] ?? randomNormal([1, ...shape as number[]], 0, 1, 'float32', mixSeed(own, index)))
        const { gradients } = differentiate(images, () => {
          const { outputs } = program.run(Object.fromEntries(cut.inputs.map(({ id: input }, index) => [input, images[index] as Tensor])), { training: false, seed: own })
          const unit = outputs[id] as Tensor
          return { result: null, seeds: [[unit, seedAt(unit.shape, at, own, channel)] satisfies Seed] }
        })
        for (const [index, gradient] of gradients.entries()) if (gradient !== undefined) addSquares(sums[index] as Float64Array, gradient, samples)
      })
    } finally {
      program.forget()
      for (const { tensor: held } of parameters.values()) held.dispose()
    }
  }
  return cut.inputs.map(({ id: input, shape }, index): MeasuredField => {
    const sizes = shape.slice(0, -1) as readonly number[]
    return { input, shape: sizes, energy: sums[index] as Float64Array, ...momentsOf(sums[index] as Float64Array, sizes) }
  })
}

const pixels = (shape: Dims): number => countOf(shape.slice(0, -1) as readonly number[])

function addSquares(sum: Float64Array, gradient: Tensor, samples: number): void {
  const channels = gradient.shape.at(-1) as number
  for (const [index, value] of gradient.dataSync<'float32'>().entries()) (sum[Math.floor(index / channels)] as number) += value ** 2 / samples
}
