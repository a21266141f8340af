// Symbolic tensors and layer values: what a user's program makes before it is gathered into a graph.
//
// A tensor points to the use of a layer that gives it, and a use points to the tensors it takes, so a model is a
// chain of frozen records and nothing is registered anywhere. `graph()` walks the chain back from its outputs.
import { configIssues } from './config.ts'
import { failure, LayergraphError } from './issue.ts'
import type { LayerDefinition, Misfit, Site } from './layer.ts'
import { type Dims, showDims } from './tensor.ts'

// Symbol.for, so that two copies of the package understand each other's values.
const TENSOR = Symbol.for('layergraph.tensor')
/** How a layer is applied within a context. */
export const APPLY: unique symbol = Symbol.for('layergraph.apply') as never

/** A stretch of nodes under one name. Each entry into it is an object of its own. */
export interface Scope {
  readonly name: string
  readonly parent: Scope | null
}

/** Whose weights a use has: the same owner and ordinal, the same weights. */
export interface SharedSlot {
  readonly owner: object
  readonly ordinal: number
}

/** Where a layer is being applied. */
export interface Context {
  readonly scope: Scope | null
  /** A name given by `named`, not yet taken. */
  readonly name: string | null
  /** Hands out the slots of the innermost `shared`. */
  readonly share: (() => SharedSlot) | null
}

export const ROOT: Context = Object.freeze({ scope: null, name: null, share: null })

/** A place where a tensor enters the graph. */
export interface InputSource {
  readonly type: 'input'
  readonly shape: Dims
}

/** One use of a layer. */
export interface Use {
  readonly type: 'use'
  readonly definition: LayerDefinition
  readonly config: unknown
  readonly inputs: readonly SymbolicTensor[]
  readonly scope: Scope | null
  readonly name: string | null
  readonly shared: SharedSlot | null
  /** `null` when the inputs do not fit, or came from a use that did not fit. */
  readonly site: Site | null
  readonly misfits: readonly Misfit[]
}

export interface SymbolicTensor {
  readonly [TENSOR]: true
  readonly shape: Dims
  readonly source: InputSource | Use
  /** Which output of its source. */
  readonly index: number
}

/** A layer value: callable by the user, applicable within a context. */
export interface LayerValue {
  (input: unknown): unknown
  readonly kind: string
  readonly config: unknown
  readonly [APPLY]: (inputs: readonly SymbolicTensor[], context: Context) => readonly SymbolicTensor[]
}

export function isSymbolic(value: unknown): value is SymbolicTensor {
  return typeof value === 'object' && value !== null && (value as SymbolicTensor)[TENSOR] === true
}

export function isLayerValue(value: unknown): value is LayerValue {
  return typeof value === 'function' && typeof (value as unknown as LayerValue)[APPLY] === 'function'
}

/** An input's own tensor. */
export function inputTensor(shape: Dims): SymbolicTensor {
  return Object.freeze({ [TENSOR]: true as const, shape, source: Object.freeze({ type: 'input', shape }), index: 0 })
}

function outputTensor(source: Use, index: number, shape: Dims): SymbolicTensor {
  return Object.freeze({ [TENSOR]: true as const, shape, source, index })
}

/** Stands for the output of a use that does not fit: to read its shape is an error that says why. */
function brokenTensor(source: Use): SymbolicTensor {
  const tensor = { [TENSOR]: true as const, source, index: 0 }
  Object.defineProperty(tensor, 'shape', {
    get: (): never => {
      const origin = originOf(source)
      throw new LayergraphError(origin.misfits.map((misfit) => ({
        ...misfit, severity: 'error' as const, at: origin.name ?? origin.definition.kind, kind: origin.definition.kind,
      })))
    },
  })
  return Object.freeze(tensor) as SymbolicTensor
}

/** The first use that did not fit, going back from this one. */
function originOf(use: Use): Use {
  if (use.misfits.length > 0) return use
  for (const { source } of use.inputs) {
    if (source.type === 'use' && source.site === null) return originOf(source)
  }
  return use
}

/** Infers a use's shapes; arity is checked here, once for all layers that do not take any. */
export function inferUse(definition: LayerDefinition, config: unknown, inputs: readonly Dims[]): Site | readonly Misfit[] {
  const wrong = arityMisfit(definition, inputs)
  if (wrong !== null) return [wrong]
  const inference = definition.infer({ config, inputs })
  return 'misfits' in inference ? inference.misfits : Object.freeze({ config, inputs, outputs: inference.outputs })
}

function arityMisfit({ arity = 'one' }: LayerDefinition, inputs: readonly Dims[]): Misfit | null {
  if (arity === 'one' && inputs.length !== 1) {
    return { code: 'shape/arity', message: `needs one tensor, but gets ${inputs.length} tensors`, hint: 'merge them first, with add() or concat()' }
  }
  if (arity === 'many' && inputs.length < 2) {
    const got = inputs.length === 1 ? `one of ${showDims(inputs[0] as Dims)}` : 'none'
    return { code: 'shape/arity', message: `needs several tensors, but gets ${got}`, hint: 'give it a list: [a, b]' }
  }
  return null
}

/** One use of a layer. */
export function useOf(
  definition: LayerDefinition, config: unknown, inputs: readonly SymbolicTensor[], context: Context,
): readonly SymbolicTensor[] {
  const sound = inputs.every(({ source }) => source.type === 'input' || source.site !== null)
  const inferred = sound ? inferUse(definition, config, inputs.map(({ shape }) => shape)) : null
  const fits = inferred !== null && !Array.isArray(inferred)
  const use: Use = Object.freeze({
    type: 'use', definition, config, inputs, scope: context.scope, name: context.name,
    shared: context.share?.() ?? null,
    site: fits ? (inferred as Site) : null,
    misfits: Array.isArray(inferred) ? inferred : [],
  })
  return use.site === null ? [brokenTensor(use)] : use.site.outputs.map((shape, index) => outputTensor(use, index, shape))
}

/** The tensors a user handed to a layer. @throws LayergraphError for anything that is not a symbolic tensor. */
export function tensorsOf(value: unknown, kind: string): readonly SymbolicTensor[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!list.every(isSymbolic)) {
    const seen = list.find((one) => !isSymbolic(one))
    throw failure(
      'graph/not-a-tensor', kind, `takes a tensor of a graph, but gets ${nameOf(seen)}`,
      'start from input([…]); to run numbers through a model, use createModel(graph) and model.predict(x)',
    )
  }
  return list
}

function nameOf(value: unknown): string {
  if (typeof value === 'function') return isLayerValue(value) ? `a layer (${value.kind})` : 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  return `a value of type ${value.constructor?.name ?? 'object'}`
}

/** A layer value from what it does: callable on a tensor or a list, giving a tensor or a list. */
export function layerValue(
  kind: string, config: unknown,
  apply: (inputs: readonly SymbolicTensor[], context: Context) => readonly SymbolicTensor[],
): LayerValue {
  const call = (input: unknown): unknown => {
    const outputs = apply(tensorsOf(input, kind), ROOT)
    return outputs.length === 1 ? outputs[0] : outputs
  }
  return Object.freeze(Object.assign(call, { kind, config, [APPLY]: apply }))
}

/** A layer of this definition with this config. @throws LayergraphError naming every wrong key. */
export function leafLayer(definition: LayerDefinition, config: unknown): LayerValue {
  const parsed = definition.config.safeParse(config ?? {}, { reportInput: true })
  if (!parsed.success) throw new LayergraphError(configIssues(parsed.error, definition.kind))
  return layerValue(definition.kind, parsed.data, (inputs, context) => useOf(definition, parsed.data, inputs, context))
}
