// A graph as a program: its nodes run in order, each on the tensors of the nodes before it.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import { acceptsInput, withInputs } from '../graph/sites.ts'
import { breaksGradient } from '../ops/gradient.ts'
import { failure, isLayergraphError, type Issue, LayergraphError } from '../spec/issue.ts'
import type { ForwardContext, Site } from '../spec/layer.ts'
import type { Ops, Value } from '../spec/ops.ts'
import { hashText, mixSeed } from '../spec/random.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { planWeights } from './weights.ts'

export type Tensors = Readonly<Record<string, Tensor>>

export interface Mode {
  readonly training: boolean
  /** Decides what is random; each node makes a number of its own of it. */
  readonly seed: number
}

/** What a run gives: outputs by name, and new values of weights that are not trained, by name. */
export interface Ran {
  readonly outputs: Tensors
  readonly updates: Tensors
}

/** Runs a graph. Call it in a tidy: what it leaves behind is disposed of there. */
export type Program = (inputs: Tensors, weights: Tensors, mode: Mode) => Ran

/** What of a node does not depend on input sizes. */
interface Step {
  readonly node: GraphNode
  readonly from: readonly string[]
  /** Weights by the name the layer gives them, with their full names. */
  readonly weights: readonly (readonly [local: string, name: string])[]
  /** Values that nobody needs after this step. */
  readonly release: readonly string[]
  readonly salt: number
}

/** Sites are kept for this many input shapes. */
const CACHED_SHAPES = 16

function planSteps(graph: GraphData): readonly Step[] {
  const lastUse = new Map<string, number>()
  for (const [index, { from }] of graph.nodes.entries()) {
    for (const ref of from) lastUse.set(showRef(ref), index)
  }
  for (const { from } of graph.outputs) lastUse.delete(showRef(from))
  return graph.nodes.map((node, index) => ({
    node,
    from: node.from.map(showRef),
    weights: (node.definition.weights?.(node.site) ?? []).map(({ name }) => [name, `${node.weights ?? node.id}/${name}`] as const),
    release: [...new Set(node.from.map(showRef))].filter((key) => lastUse.get(key) === index),
    salt: hashText(node.id),
  }))
}

/** Every input there, of float32, and as declared as far as that is known. @throws LayergraphError */
function checkInputs(graph: GraphData, inputs: Tensors): void {
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

/** Sites for other input sizes, where the weights still have the shapes they have. @throws LayergraphError */
function inferSites(graph: GraphData, shapes: Readonly<Record<string, Dims>>, weights: Tensors): readonly Site[] {
  const sized = withInputs(graph, shapes)
  const issues = planWeights(sized).flatMap(({ name, spec }): Issue[] => {
    const shape = weights[name]?.shape as Dims
    if (acceptsInput(spec.shape, shape)) return []
    return [{
      code: 'runtime/weight-shape', severity: 'error', at: name,
      message: `the weight is ${showDims(shape)}, but for these inputs it would have to be ${showDims(spec.shape)}`,
      hint: 'give inputs of the size the model was made for, or pool globally before dense layers',
    }]
  })
  if (issues.length > 0) throw new LayergraphError(issues)
  return sized.nodes.map(({ site }) => site)
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

function runNode(ops: Ops, { node }: Step, site: Site, inputs: readonly Tensor[], weights: Tensors, context: ForwardContext): Forwarded {
  let result
  try {
    result = node.definition.forward(ops, site, inputs, weights, context)
  } catch (error) {
    if (isLayergraphError(error)) throw error
    throw failure('runtime/forward', `${node.id} (${node.kind})`, (error as Error).message, 'see the cause of this error', error)
  }
  const forwarded: Forwarded = 'outputs' in result ? result : { outputs: [result] }
  for (const [index, shape] of site.outputs.entries()) checkOutput(node, forwarded.outputs[index], shape)
  if (breaksGradient([...inputs, ...Object.values(weights)], forwarded.outputs as readonly Tensor[])) {
    throw failure(
      'runtime/no-gradient', `${node.id} (${node.kind})`, 'its forward computes past `op`, so that nothing before it can learn',
      'use the operations of `op` only',
    )
  }
  return forwarded
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

/** A graph ready to run on the current backend. */
export function makeProgram(graph: GraphData, ops: Ops): Program {
  const steps = planSteps(graph)
  const cache = new Map<string, readonly Site[]>()
  const sitesFor = (inputs: Tensors, weights: Tensors): readonly Site[] => {
    const shapes = Object.fromEntries(graph.inputs.map(({ id }) => [id, (inputs[id] as Tensor).shape.slice(1)]))
    const key = JSON.stringify(shapes)
    const known = cache.get(key)
    if (known !== undefined) return known
    const sites = inferSites(graph, shapes, weights)
    if (cache.size >= CACHED_SHAPES) cache.clear()
    cache.set(key, sites)
    return sites
  }
  return (inputs, weights, { training, seed }) => {
    checkInputs(graph, inputs)
    const sites = sitesFor(inputs, weights)
    const ledger = makeLedger()
    const updates: Record<string, Tensor> = {}
    for (const { id } of graph.inputs) {
      ledger.put(id, inputs[id] as Tensor)
      // Once more, for the caller, whose tensor it is.
      ledger.put(`caller's ${id}`, inputs[id] as Tensor)
    }
    for (const [index, step] of steps.entries()) {
      // A second use of shared weights sees what the first one updated.
      const own = Object.fromEntries(step.weights.map(([local, name]) => [local, updates[name] ?? weights[name] as Tensor]))
      const forwarded = runNode(ops, step, sites[index] as Site, step.from.map(ledger.get), own, { training, seed: mixSeed(seed, step.salt) })
      for (const [output, value] of forwarded.outputs.entries()) ledger.put(showRef({ id: step.node.id, output }), value as Tensor)
      for (const [local, value] of Object.entries(forwarded.updates ?? {})) updates[`${step.node.weights ?? step.node.id}/${local}`] = value as Tensor
      for (const key of step.release) ledger.release(key)
    }
    const outputs = Object.fromEntries(graph.outputs.map(({ name, from }) => [name, ledger.get(showRef(from))]))
    return { outputs, updates }
  }
}
