// Weights: what a graph stores, how it starts, where it lives while a model runs.
import { keep, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { GraphData } from '../graph/graph.ts'
import type { EnlargingInitializer } from '../spec/config.ts'
import { type Issue, LayergraphError } from '../spec/issue.ts'
import { hashText, mixSeed, seededRandom } from '../spec/random.ts'
import { countOf, type Dims, showDims, unifyDims } from '../spec/tensor.ts'
import type { WeightSpec } from '../spec/weight.ts'

/** A weight's numbers. */
export interface WeightArray {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** Weights by name: `nodeId/weight`, such as `stem/conv2d/kernel`. */
export type WeightArrays = Readonly<Record<string, WeightArray>>

/** A weight of a graph before it has numbers. */
export interface WeightPlan {
  readonly name: string
  readonly spec: WeightSpec
}

/** A weight of a running model. The tensor is updated in place or replaced; everyone reads it here. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly trainable: boolean
  tensor: Tensor
}

export type Parameters = ReadonlyMap<string, Parameter>

/** All weights of a graph; weights that several nodes use stand once, under the first. */
export function planWeights(graph: GraphData): readonly WeightPlan[] {
  return graph.nodes.flatMap(({ id, definition, site, weights }) => weights === null
    ? (definition.weights?.(site) ?? []).map((spec) => ({ name: `${id}/${spec.name}`, spec }))
    : [])
}

/** A standard deviation, or half the width of a uniform distribution. */
function scaleOf(initializer: Exclude<EnlargingInitializer, { constant: number } | 'zeros' | 'ones' | 'bilinear'>, spec: WeightSpec): number {
  const fans = spec.fans ?? { in: countOf(spec.shape) ?? 1, out: countOf(spec.shape) ?? 1 }
  const variance = initializer.startsWith('glorot') ? 2 / (fans.in + fans.out) : 2 / fans.in
  return initializer.endsWith('Uniform') ? Math.sqrt(3 * variance) : Math.sqrt(variance)
}

/** 1 in the middle, falling in a straight line to either side: of 4 taps 1/4, 3/4, 3/4, 1/4. */
function triangle(size: number): readonly number[] {
  const factor = Math.floor((size + 1) / 2)
  const middle = (size - 1) / 2
  return Array.from({ length: size }, (_, tap) => 1 - Math.abs(tap - middle) / factor)
}

/** Fills a kernel [height, width, filters of a group, channels] so that it blends the pixels of each channel by itself. */
function fillBilinear(values: Float32Array, [height, width, filters, channels]: readonly [number, number, number, number]): Float32Array {
  const [rows, columns] = [triangle(height), triangle(width)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        values[((y * width + x) * filters + (c % filters)) * channels + c] = (rows[y] as number) * (columns[x] as number)
      }
    }
  }
  return values
}

/**
 * The numbers a weight starts with: a stream of its own for each name, so that a layer more or less elsewhere changes
 * nothing here.
 *
 * glorot: variance 2 / (in + out) (Glorot and Bengio 2010); he: 2 / in (He et al. 2015). The uniform ones reach from
 * −√(3·variance) to √(3·variance); the normal ones are not truncated. bilinear: Long et al. 2015.
 */
export function initialValues({ name, spec }: WeightPlan, shape: readonly number[], seed: number): Float32Array {
  const values = new Float32Array(countOf(shape))
  const { initializer } = spec
  if (typeof initializer === 'object') return values.fill(initializer.constant)
  if (initializer === 'zeros') return values
  if (initializer === 'bilinear') return fillBilinear(values, shape as unknown as readonly [number, number, number, number])
  if (initializer === 'ones') return values.fill(1)
  const random = seededRandom(mixSeed(seed, hashText(name)))
  const scale = scaleOf(initializer, spec)
  const draw = initializer.endsWith('Uniform') ? (): number => random.uniform() * 2 - 1 : random.normal
  for (let i = 0; i < values.length; i++) values[i] = draw() * scale
  return values
}

/** Fresh numbers for every weight. @throws LayergraphError `runtime/unknown-size` where a shape is not known. */
export function initialWeights(plans: readonly WeightPlan[], seed: number): WeightArrays {
  const unknown = plans.filter(({ spec }) => spec.shape.includes(null))
  if (unknown.length > 0) {
    throw new LayergraphError(unknown.map(({ name, spec }): Issue => ({
      code: 'runtime/unknown-size', severity: 'error', at: name,
      message: `its shape ${showDims(spec.shape)} depends on an input size that is not known`,
      hint: 'say what the sizes will be: createModel(graph, { input: [height, width, channels] })',
    })))
  }
  return Object.fromEntries(plans.map((plan) => {
    const shape = plan.spec.shape as readonly number[]
    return [plan.name, { data: initialValues(plan, shape, seed), shape }]
  }))
}

/** The numbers of a tensor, copied. */
export function readArray(values: Tensor): WeightArray {
  return { data: Float32Array.from(values.dataSync<'float32'>()), shape: [...values.shape] }
}

/** A tensor of its own that no tidy disposes of. */
export function hold({ data, shape }: WeightArray): Tensor {
  // A copy, because the cpu backend works in the very array it is given.
  return keep(tensor(data.slice(), [...shape], 'float32'))
}

/** What is wrong with weights for these plans: names missing (unless `partial`), names unknown, shapes that differ. */
export function weightIssues(
  plans: readonly WeightPlan[], given: WeightArrays, { at, partial }: { readonly at: string; readonly partial: boolean },
): Issue[] {
  const issues: Issue[] = []
  const add = (name: string, message: string, hint: string): void => {
    issues.push({ code: 'store/weights', severity: 'error', at: `${at}: ${name}`, message, hint })
  }
  const known = new Set(plans.map(({ name }) => name))
  for (const name of Object.keys(given)) {
    if (!known.has(name)) add(name, 'the model has no such weight', 'use weights of this very graph')
  }
  for (const { name, spec } of plans) {
    const weight = given[name]
    if (weight === undefined) {
      if (!partial) add(name, 'is missing', 'use weights of this very graph')
      continue
    }
    if (!(weight.data instanceof Float32Array)) add(name, 'holds no 32-bit floats', 'convert it to a Float32Array')
    else if (unifyDims(spec.shape, weight.shape) === null) {
      add(name, `is ${showDims(weight.shape)}, but the model needs ${showDims(spec.shape)}`, 'use weights of this very graph')
    } else if (countOf(weight.shape) !== weight.data.length) {
      add(name, `has ${weight.data.length} numbers for a shape of ${showDims(weight.shape)}`, 'correct the shape')
    }
  }
  return issues
}

/** @throws LayergraphError with everything that `weightIssues` finds. */
export function checkWeights(
  plans: readonly WeightPlan[], given: WeightArrays, options: { readonly at: string; readonly partial: boolean },
): void {
  const issues = weightIssues(plans, given, options)
  if (issues.length > 0) throw new LayergraphError(issues)
}

/** Tensors for all weights. */
export function allocate(plans: readonly WeightPlan[], weights: WeightArrays): Parameters {
  return new Map(plans.map(({ name, spec }) => {
    const weight = weights[name] as WeightArray
    return [name, { name, shape: weight.shape, trainable: spec.trainable, tensor: hold(weight) }]
  }))
}

/** Weights as they were planned, with the sizes they have. */
export function plansOf(plans: readonly WeightPlan[], parameters: Parameters): readonly WeightPlan[] {
  return plans.map((plan) => ({ ...plan, spec: { ...plan.spec, shape: parameters.get(plan.name)?.shape as Dims } }))
}
