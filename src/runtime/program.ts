// A graph as a program: the steps of its plan in order, each on the tensors of the steps before it.
import type { Tensor } from '@tensorflow/tfjs-core'
import { type PlanOptions, planSteps, type PlanStep } from '../analysis/plan.ts'
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import { acceptsInput, withInputs } from '../graph/sites.ts'
import { breaksGradient } from '../ops/gradient.ts'
import { failure, isLayergraphError, type Issue, LayergraphError } from '../spec/issue.ts'
import type { ForwardContext, Site } from '../spec/layer.ts'
import type { Ops, Value } from '../spec/ops.ts'
import { hashText, mixSeed } from '../spec/random.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { makeFolding, type ReadWeight, weightName, weightsOf } from './folding.ts'
import { planWeights } from './weights.ts'

export type Tensors = Readonly<Record<string, Tensor>>

export interface Mode {
  readonly training: boolean
  /** Decides what is random; each node makes a number of its own of it. */
  readonly seed: number
  /** Added to values by their names ("id", or "id:1"), which must be outputs: gradients by them are those by the values. */
  readonly probes?: Tensors
}

/** What a run gives: outputs by name, and new values of weights that are not trained, by name. */
export interface Ran {
  readonly outputs: Tensors
  readonly updates: Tensors
}

/** A graph that runs. */
export interface Program {
  /** Call it in a tidy: what it leaves behind is disposed of there. */
  run(inputs: Tensors, mode: Mode): Ran
  /** What was made of the weights for prediction. */
  folded(): readonly Tensor[]
  /** To be called when weights have changed, and in the end. */
  forget(): void
}

/** A step for certain input sizes. */
interface SizedStep extends PlanStep {
  /** Of its node, with the step's config. */
  readonly site: Site
  /** The shapes that its forward gives, which a pool changes. */
  readonly shapes: readonly Dims[]
  /** What its forward is told of its followers. */
  readonly fused: Pick<ForwardContext, 'pool' | 'activation' | 'shuffle'>
  /** The shape its output gets in the end, where a follower changes it. */
  readonly reshape: readonly number[] | null
  readonly salt: number
}

/** Steps are kept for this many input shapes. */
const CACHED_SHAPES = 16

/** Every input there, of float32, and as declared as far as that is known. @throws LayergraphError */
export function checkInputs(graph: GraphData, inputs: Tensors): void {
  const issues = graph.inputs.flatMap(({ id, shape }): Issue[] => {
    const given = inputs[id]
    const issue = (message: string, hint: string): Issue[] => [{ code: 'runtime/input', severity: 'error', at: id, message, hint }]
    if (given === undefined) return issue('is missing', `give ${graph.inputs.map((input) => input.id).join(', ')}`)
    if (acceptsInput(shape, given.shape.slice(1)) && given.shape.length > 0) return []
    const hint = acceptsInput(shape, given.shape)
      ? `the first size is the batch: [1,${given.shape.join(',')}] for a single example`
      : `give [batch,${shape.map((size) => size ?? '?').join(',')}]`
    return issue(`takes a batch of ${showDims(shape)}, but gets a tensor of [${given.shape.join(',')}]`, hint)
  })
  if (issues.length > 0) throw new LayergraphError(issues)
}

/** The graph for other input sizes, where the weights still have the shapes they have. @throws LayergraphError */
function resize(graph: GraphData, shapes: Readonly<Record<string, Dims>>, read: ReadWeight): GraphData {
  const sized = withInputs(graph, shapes)
  const issues = planWeights(sized).flatMap(({ name, spec }): Issue[] => {
    const { shape } = read(name)
    if (acceptsInput(spec.shape, shape)) return []
    return [{
      code: 'runtime/weight-shape', severity: 'error', at: name,
      message: `the weight is ${showDims(shape)}, but for these inputs it would have to be ${showDims(spec.shape)}`,
      hint: 'give inputs of the size the model was made for, or pool globally before dense layers',
    }]
  })
  if (issues.length > 0) throw new LayergraphError(issues)
  return sized
}

/** What its forward is told of its followers. An activation that went into its config is not told again. */
function fusedOf({ node, followers }: PlanStep): SizedStep['fused'] {
  return Object.assign({}, ...followers.map(({ following }): SizedStep['fused'] =>
    following.does === 'maxPool' ? { pool: following.options }
    : following.does === 'shuffle' ? { shuffle: following.groups }
    : following.does === 'activation' && node.definition.activates !== undefined ? { activation: following.activation }
    : {}))
}

function sizeSteps(graph: GraphData, options: PlanOptions): readonly SizedStep[] {
  return planSteps(graph, options).map((step) => {
    const { node, config, followers } = step
    const reshaped = followers.findLast(({ following }) => following.does === 'reshape')
    const pooled = followers.find(({ following }) => following.does === 'maxPool')
    return {
      ...step, site: { ...node.site, config }, salt: hashText(node.id), shapes: (pooled?.node ?? node).site.outputs,
      fused: fusedOf(step), reshape: reshaped === undefined ? null : reshaped.node.site.outputs[0] as readonly number[],
    }
  })
}

/** The values alive during a run. A layer may hand on the very tensor it got, so tensors are counted. */
function makeLedger(): { get(key: string): Tensor; put(key: string, value: Tensor): void; release(key: string): void } {
  const values = new Map<string, Tensor>()
  const uses = new Map<Tensor, number>()
  return {
    get: (key) => values.get(key) as Tensor,
    put(key, value) {
      values.set(key, value)
      uses.set(value, (uses.get(value) ?? 0) + 1)
    },
    release(key) {
      const value = values.get(key) as Tensor
      values.delete(key)
      const left = (uses.get(value) as number) - 1
      uses.set(value, left)
      // A weight that a layer hands on is kept.
      if (left === 0 && !value.kept) value.dispose()
    },
  }
}

interface Forwarded {
  readonly outputs: readonly Value[]
  readonly updates?: Readonly<Record<string, Value>>
}

function runStep(
  ops: Ops, { node, site, shapes, reshape }: SizedStep, inputs: readonly Tensor[], weights: Tensors, context: ForwardContext,
): Forwarded {
  let result
  try {
    result = node.definition.forward(ops, site, inputs, weights, context)
  } catch (error) {
    if (isLayergraphError(error)) throw error
    throw failure('runtime/forward', `${node.id} (${node.kind})`, (error as Error).message, 'see the cause of this error', error)
  }
  const forwarded: Forwarded = 'outputs' in result ? result : { outputs: [result] }
  for (const [index, shape] of shapes.entries()) checkOutput(node, forwarded.outputs[index], shape)
  if (breaksGradient([...inputs, ...Object.values(weights)], forwarded.outputs as readonly Tensor[])) {
    throw failure(
      'runtime/no-gradient', `${node.id} (${node.kind})`, 'its forward computes past `op`, so that nothing before it can learn',
      'use the operations of `op` only',
    )
  }
  if (reshape === null) return forwarded
  const [value] = forwarded.outputs as readonly [Tensor]
  return { ...forwarded, outputs: [reshapeOnce(ops, value, [value.shape[0] as number, ...reshape], inputs)] }
}

/** The value in another shape; the value itself, unless it is an input that was handed on, is not needed any more. */
function reshapeOnce(ops: Ops, value: Tensor, shape: readonly number[], inputs: readonly Tensor[]): Tensor {
  const reshaped = ops.reshape(value, shape) as Tensor
  if (!inputs.includes(value) && !value.kept) value.dispose()
  return reshaped
}

/** What ran is what was inferred. */
function checkOutput(node: GraphNode, value: Value | undefined, shape: Dims): void {
  if (value !== undefined && acceptsInput(shape, value.shape.slice(1))) return
  throw failure(
    'runtime/output-shape', `${node.id} (${node.kind})`,
    `infer announced ${showDims(shape)}, but forward gave ${value === undefined ? 'nothing' : `[${value.shape.join(',')}]`}`,
    'correct infer or forward of this layer; forward works on batches',
  )
}

/** What a program is made of. */
export interface ProgramParts {
  readonly graph: GraphData
  readonly ops: Ops
  /** The weights as they are now. */
  readonly read: ReadWeight
  /** Run neighbours in one go. */
  readonly fuse: boolean
}

/** Those of the tensors that are inputs of the graph. */
export const pick = (graph: GraphData, given: Tensors): Tensors =>
  Object.fromEntries(graph.inputs.flatMap(({ id }) => (given[id] === undefined ? [] : [[id, given[id]]])))

/** A graph ready to run on the current backend. */
export function makeProgram({ graph, ops, read, fuse }: ProgramParts): Program {
  const cache = new Map<string, readonly SizedStep[]>()
  const folding = makeFolding(read)
  const stepsFor = (inputs: Tensors, training: boolean): readonly SizedStep[] => {
    const shapes = Object.fromEntries(graph.inputs.map(({ id }) => [id, (inputs[id] as Tensor).shape.slice(1)]))
    const key = JSON.stringify([training, shapes])
    const known = cache.get(key)
    if (known !== undefined) return known
    const steps = sizeSteps(resize(graph, shapes, read), { training, fuse })
    if (cache.size >= CACHED_SHAPES) cache.clear()
    cache.set(key, steps)
    return steps
  }
  const run = (inputs: Tensors, { training, seed, probes = {} }: Mode): Ran => {
    checkInputs(graph, inputs)
    const ledger = makeLedger()
    const updates: Record<string, Tensor> = {}
    for (const { id } of graph.inputs) {
      ledger.put(id, inputs[id] as Tensor)
      // Once more, for the caller, whose tensor it is.
      ledger.put(`caller's ${id}`, inputs[id] as Tensor)
    }
    for (const step of stepsFor(inputs, training)) {
      // A second use of shared weights sees what the first one updated.
      const own = (training ? null : folding.weightsOf(step)) ?? weightsOf(step.node, (name) => updates[name] ?? read(name))
      const forwarded = runStep(ops, step, step.from.map(ledger.get), own, {
        training, seed: mixSeed(seed, step.salt), ...step.fused,
      })
      for (const [output, key] of step.outputs.entries()) {
        const value = forwarded.outputs[output] as Tensor
        const probe = probes[key]
        ledger.put(key, probe === undefined ? value : ops.add([value, probe]) as Tensor)
      }
      for (const [local, value] of Object.entries(forwarded.updates ?? {})) updates[weightName(step.node, local)] = value as Tensor
      for (const key of step.release) ledger.release(key)
    }
    const outputs = Object.fromEntries(graph.outputs.map(({ name, from }) => [name, ledger.get(showRef(from))]))
    return { outputs, updates }
  }
  return { run, folded: folding.tensors, forget: folding.forget }
}
