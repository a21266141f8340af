// graph(): gathers what a program made into frozen nodes with ids.
import { failure, type Issue, LayergraphError } from '../spec/issue.ts'
import type { LayerDefinition } from '../spec/layer.ts'
import {
  APPLY, type Context, type InputSource, type Scope, type SharedSlot, type SymbolicTensor, tensorsOf, type Use, useOf,
  layerValue, isSymbolic, ROOT,
} from '../spec/symbolic.ts'
import { type Dims, showDims, unifyDims } from '../spec/tensor.ts'
import type { Tensor } from '../types/layer.ts'
import { enter } from './compose.ts'
import { printDocument, readDocument, sharedIssues } from './document.ts'
import type { AnyGraph, Graph, GraphData, GraphNode, Ref } from './graph.ts'

type Record_<T> = Readonly<Record<string, T>>

/**
 * A graph from its inputs to its outputs.
 *
 * Ids: the name given by `named`, else the kind, behind the scope; a second one of a name gets `_1`, as in Keras.
 * Used as a layer in another graph its nodes are copied with weights of their own, unless wrapped in `shared`.
 *
 * @throws LayergraphError with every layer that does not fit, by id.
 */
export function graph<const I extends Record_<Tensor>, const O extends Record_<Tensor>>(
  parts: { name: string; inputs: I; outputs: O },
): Graph<I, O> {
  const inputs = checkTensors(parts.inputs, `${parts.name}: inputs`)
  const outputs = checkTensors(parts.outputs, `${parts.name}: outputs`)
  return makeGraph(gather(parts.name, inputs, outputs)) as unknown as Graph<I, O>
}

/** A graph from its document. @throws LayergraphError with every fault of the document. */
export function graphFromDocument(json: unknown, definitions: readonly LayerDefinition[]): AnyGraph {
  return makeGraph(readDocument(json, definitions))
}

function checkTensors(record: Record_<unknown>, at: string): [string, SymbolicTensor][] {
  const entries = Object.entries(record)
  if (entries.length === 0) throw failure('graph/empty', at, 'there are none', 'name at least one')
  return entries.map(([name, tensor]) => {
    if (isSymbolic(tensor)) return [name, tensor]
    return [name, tensorsOf(tensor, `${at} ${name}`)[0] as SymbolicTensor]
  })
}

// ── gathering ───────────────────────────────────────────────────────────────

/** Uses behind the outputs, each after the uses it takes from. Iterative: a graph may be thousands deep. */
function usesBehind(outputs: readonly SymbolicTensor[]): Use[] {
  const order: Use[] = []
  const entered = new Set<Use>()
  const done = new Set<Use>()
  const stack: Use[] = []
  const push = (tensors: readonly SymbolicTensor[]): void => {
    for (const { source } of [...tensors].reverse()) {
      if (source.type === 'use' && !done.has(source)) stack.push(source)
    }
  }
  push(outputs)
  while (stack.length > 0) {
    const use = stack[stack.length - 1] as Use
    if (done.has(use)) {
      stack.pop()
    } else if (entered.has(use)) {
      stack.pop()
      done.add(use)
      order.push(use)
    } else {
      entered.add(use)
      push(use.inputs)
    }
  }
  return order
}

/** Hands out names that are free within their scope: conv2d, conv2d_1, … */
function namer(taken: readonly string[]): (wanted: string) => string {
  const used = new Set(taken)
  const next = new Map<string, number>()
  return (wanted) => {
    let name = wanted
    let count = next.get(wanted) ?? 0
    while (used.has(name)) name = `${wanted}_${++count}`
    next.set(wanted, count)
    used.add(name)
    return name
  }
}

function gather(name: string, inputs: [string, SymbolicTensor][], outputs: [string, SymbolicTensor][]): GraphData {
  const ids = new Map<Use | InputSource, string>(inputs.map(([id, { source }]) => [source, id]))
  checkInputs(name, inputs)
  const free = namer(inputs.map(([id]) => id))
  const scopes = new Map<Scope, string>()
  const pathOf = (scope: Scope): string => {
    const known = scopes.get(scope)
    if (known !== undefined) return known
    const path = free(scope.parent === null ? scope.name : `${pathOf(scope.parent)}/${scope.name}`)
    scopes.set(scope, path)
    return path
  }
  const issues: Issue[] = []
  const owners = new Map<object, Map<number, GraphNode>>()
  const nodes: GraphNode[] = []
  for (const use of usesBehind(outputs.map(([, tensor]) => tensor))) {
    const own = use.name ?? use.definition.kind
    const id = free(use.scope === null ? own : `${pathOf(use.scope)}/${own}`)
    ids.set(use, id)
    issues.push(...inputIssues(name, id, use, ids))
    if (use.site === null) {
      issues.push(...useIssues(use, id, ids))
      continue
    }
    const stores = (use.definition.weights?.(use.site) ?? []).length > 0
    const owner = use.shared === null || !stores ? null : ownerOf(owners, use.shared)
    const node: GraphNode = Object.freeze({
      id, kind: use.definition.kind, definition: use.definition, config: use.config, site: use.site,
      from: use.inputs.map((tensor) => refOf(tensor, ids)), weights: owner?.id ?? null,
    })
    if (owner !== null) issues.push(...sharedIssues(node, owner))
    else if (use.shared !== null) owners.get(use.shared.owner)?.set(use.shared.ordinal, node)
    nodes.push(node)
  }
  if (issues.length > 0) throw new LayergraphError(issues)
  return {
    name,
    inputs: inputs.map(([id, tensor]) => ({ id, shape: tensor.shape })),
    nodes,
    outputs: outputs.map(([output, tensor]) => ({ name: output, from: refOf(tensor, ids) })),
  }
}

function ownerOf(owners: Map<object, Map<number, GraphNode>>, slot: SharedSlot): GraphNode | null {
  const slots = owners.get(slot.owner) ?? new Map<number, GraphNode>()
  owners.set(slot.owner, slots)
  return slots.get(slot.ordinal) ?? null
}

const refOf = (tensor: SymbolicTensor, ids: ReadonlyMap<Use | InputSource, string>): Ref =>
  ({ id: ids.get(tensor.source) ?? '?', output: tensor.index })

function checkInputs(name: string, inputs: readonly [string, SymbolicTensor][]): void {
  for (const [id, { source }] of inputs) {
    if (source.type === 'input') continue
    throw failure('graph/not-an-input', name, `its input "${id}" is the output of ${source.definition.kind}`, 'a graph starts at tensors made by input([…])')
  }
  const sources = inputs.map(([, { source }]) => source)
  const twice = inputs.find(([, { source }], index) => sources.indexOf(source) !== index)
  if (twice !== undefined) throw failure('graph/duplicate-input', name, `the same input tensor is named twice, the second time "${twice[0]}"`, 'make an input([…]) for each')
}

/** Inputs that a use takes but the graph does not name. */
function inputIssues(name: string, id: string, use: Use, ids: ReadonlyMap<Use | InputSource, string>): Issue[] {
  return use.inputs.flatMap(({ source }) => source.type === 'input' && !ids.has(source)
    ? [{
        code: 'graph/unknown-input', severity: 'error' as const, at: id, kind: use.definition.kind,
        message: `takes an input of ${showDims(source.shape)} that the graph "${name}" does not name`,
        hint: 'add it to the inputs of graph({ inputs: { … } })',
      }]
    : [])
}

function useIssues(use: Use, id: string, ids: ReadonlyMap<Use | InputSource, string>): Issue[] {
  if (use.misfits.length === 0) return []
  const seen = use.inputs.map((tensor) => {
    const ref = refOf(tensor, ids)
    return { shape: tensor.shape, from: ref.output === 0 ? ref.id : `${ref.id}:${ref.output}` }
  })
  return use.misfits.map((misfit) => ({ ...misfit, severity: 'error' as const, at: id, kind: use.definition.kind, seen }))
}

// ── a graph as a value ──────────────────────────────────────────────────────

function makeGraph(data: GraphData): AnyGraph {
  const apply = (inputs: readonly SymbolicTensor[], context: Context): readonly SymbolicTensor[] => copyInto(data, inputs, context)
  const call = layerValue('graph', {}, apply)
  const callable = (given: unknown): unknown => (isSymbolic(given) || Array.isArray(given) ? call(given) : callOnRecord(data, given, apply))
  Object.defineProperty(callable, 'name', { value: data.name, enumerable: true })
  return Object.freeze(Object.assign(callable, {
    kind: 'graph' as const, config: {}, inputs: data.inputs, nodes: Object.freeze(data.nodes), outputs: data.outputs,
    toJSON: () => printDocument(data), [APPLY]: apply,
  })) as unknown as AnyGraph
}

function callOnRecord(
  data: GraphData, given: unknown,
  apply: (inputs: readonly SymbolicTensor[], context: Context) => readonly SymbolicTensor[],
): unknown {
  const record = (given ?? {}) as Record<string, unknown>
  const inputs = data.inputs.map(({ id }) => {
    if (record[id] === undefined) throw failure('graph/missing-input', data.name, `its input "${id}" is missing`, `call it on { ${data.inputs.map((one) => one.id).join(', ')} }`)
    return tensorsOf(record[id], `${data.name}: input ${id}`)[0] as SymbolicTensor
  })
  const outputs = apply(inputs, ROOT)
  if (outputs.length === 1) return outputs[0]
  return Object.fromEntries(data.outputs.map(({ name }, index) => [name, outputs[index]]))
}

/** The graph's nodes as new uses, in a scope of the graph's name. */
function copyInto(data: GraphData, inputs: readonly SymbolicTensor[], context: Context): readonly SymbolicTensor[] {
  if (inputs.length !== data.inputs.length) {
    throw failure('graph/arity', data.name, `takes ${data.inputs.length} tensors, but gets ${inputs.length}`, `its inputs are ${data.inputs.map(({ id }) => id).join(', ')}`)
  }
  const given = new Map<string, readonly SymbolicTensor[]>()
  for (const [index, declared] of data.inputs.entries()) {
    const tensor = inputs[index] as SymbolicTensor
    checkInput(data.name, declared.shape, tensor)
    given.set(declared.id, [tensor])
  }
  // A use that does not fit gives a single tensor that stands for all its outputs.
  const take = ({ id, output }: Ref): SymbolicTensor => (given.get(id)?.[output] ?? given.get(id)?.[0]) as SymbolicTensor
  const inner = enter(context, scopeName(data.name))
  const scopes = new Map<string, Scope | null>([['', inner.scope]])
  const slots = new Map<string, SharedSlot>()
  for (const node of data.nodes) {
    const cut = node.id.lastIndexOf('/')
    const scope = scopeAt(node.id.slice(0, Math.max(cut, 0)), scopes)
    const slot = slotFor(node, data, slots, inner)
    const local: Context = { scope, name: node.id.slice(cut + 1), share: slot === null ? null : () => slot }
    given.set(node.id, useOf(node.definition, node.config, node.from.map(take), local))
  }
  return data.outputs.map(({ from }) => take(from))
}

const scopeName = (name: string): string => name.replace(/[^\w.-]+/g, '_')

function checkInput(name: string, declared: Dims, tensor: SymbolicTensor): void {
  if (tensor.source.type === 'use' && tensor.source.site === null) return
  if (unifyDims(declared, tensor.shape) !== null) return
  throw failure('shape/graph-input', name, `takes ${showDims(declared)}, but gets ${showDims(tensor.shape)}`, 'declare the input with null sizes to accept any')
}

function scopeAt(path: string, scopes: Map<string, Scope | null>): Scope | null {
  const known = scopes.get(path)
  if (known !== undefined) return known
  const cut = path.lastIndexOf('/')
  const scope: Scope = Object.freeze({ name: path.slice(cut + 1), parent: scopeAt(path.slice(0, Math.max(cut, 0)), scopes) })
  scopes.set(path, scope)
  return scope
}

/** Shared weights inside the graph stay shared in the copy; inside `shared` all of it is. */
function slotFor(node: GraphNode, data: GraphData, slots: Map<string, SharedSlot>, context: Context): SharedSlot | null {
  const owner = node.weights ?? node.id
  const known = slots.get(owner)
  if (known !== undefined) return known
  const isShared = data.nodes.some((other) => other.weights === owner)
  const slot = context.share?.() ?? (isShared ? { owner: Object.freeze({}), ordinal: 0 } : null)
  if (slot !== null) slots.set(owner, slot)
  return slot
}
