// The graph: frozen nodes in topological order, ready for every pass.
import type { LayerDefinition, Site } from '../spec/layer.ts'
import type { APPLY, LayerValue } from '../spec/symbolic.ts'
import type { Dims } from '../spec/tensor.ts'
import type { GraphLayer, Tensor } from '../types/layer.ts'
import type { GraphDocument } from './document.ts'

export interface GraphInput {
  readonly id: string
  readonly shape: Dims
}

/** One output of an earlier node, or an input. Written "id", or "id:1" for a second output. */
export interface Ref {
  readonly id: string
  readonly output: number
}

/** One use of a layer, by name. */
export interface GraphNode {
  /** Path whose prefix is the scope: "stem/conv2d". */
  readonly id: string
  readonly kind: string
  readonly from: readonly Ref[]
  readonly definition: LayerDefinition
  /** Parsed: every default filled in. */
  readonly config: unknown
  /** Shapes for the graph's declared input sizes. */
  readonly site: Site
  /** The node whose weights this one uses; `null` for its own. */
  readonly weights: string | null
}

export interface GraphOutput {
  readonly name: string
  readonly from: Ref
}

/** What every pass reads. */
export interface GraphData {
  readonly name: string
  readonly inputs: readonly GraphInput[]
  readonly nodes: readonly GraphNode[]
  readonly outputs: readonly GraphOutput[]
}

/** A graph of layers: data for every pass, and itself a layer that can be used in another graph. */
export interface AnyGraph extends GraphData {
  readonly kind: 'graph'
  /** The graph document. */
  toJSON(): GraphDocument
  readonly [APPLY]: LayerValue[typeof APPLY]
}

/** A graph whose inputs and outputs are known to the types. */
export type Graph<
  I extends Readonly<Record<string, Tensor>> = Readonly<Record<string, Tensor>>,
  O extends Readonly<Record<string, Tensor>> = Readonly<Record<string, Tensor>>,
> = AnyGraph & GraphLayer<I, O>

/** "id", or "id:1". */
export function showRef({ id, output }: Ref): string {
  return output === 0 ? id : `${id}:${output}`
}

export function readRef(text: string): Ref {
  const match = /^(.*):([1-9]\d*)$/.exec(text)
  return match === null ? { id: text, output: 0 } : { id: match[1] as string, output: Number(match[2]) }
}

/** Is this value a graph? Also true for graphs made by another copy of the package. */
export function isGraph(value: unknown): value is AnyGraph {
  return typeof value === 'function' && (value as { kind?: unknown }).kind === 'graph'
    && Array.isArray((value as unknown as GraphData).nodes)
}
