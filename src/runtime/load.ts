// A model that was saved: from disk, or from bytes.
import { parseGraph } from '../door.ts'
import type { LayerDefinition } from '../spec/layer.ts'
import { decodeModel, decodeTensors, readDocument, type StoredModel } from '../store/bytes.ts'
import { GRAPH_FILE, readModel, WEIGHTS_FILE } from '../store/save.ts'
import { type Backend, startBackend } from './backend.ts'
import { makeModel, type Model } from './model.ts'
import { makeNetwork } from './network.ts'
import { planWeights, type WeightArrays, checkWeights } from './weights.ts'

/** Where a model is: a directory or a .safetensors file, by path; the bytes of such a file; or those of two files. */
export type ModelSource = string | Uint8Array | {
  /** Of graph.json: its text, or its bytes. */
  readonly graph: string | Uint8Array
  /** The bytes of weights.safetensors. */
  readonly weights: Uint8Array
}

export interface LoadOptions {
  /** Layers of your own that the model uses. */
  readonly layers?: readonly LayerDefinition[]
  /** Default 'wasm'. */
  readonly backend?: Backend
  /** For training on, default 0. */
  readonly seed?: number
  /** Run neighbouring layers in one go where that gives the same, default true. */
  readonly fuse?: boolean
}

async function read(source: ModelSource): Promise<StoredModel> {
  if (typeof source === 'string') return readModel(source)
  if (source instanceof Uint8Array) return decodeModel(source, 'model')
  const text = typeof source.graph === 'string' ? source.graph : new TextDecoder().decode(source.graph)
  const document = readDocument(text, GRAPH_FILE)
  return { document, weights: decodeTensors(source.weights, WEIGHTS_FILE, document).tensors }
}

/**
 * A model that `model.save` or `model.encode` wrote.
 *
 * @throws LayergraphError `store/missing`, `store/corrupt`, `store/other-graph`, `store/no-graph`, `store/weights`, each
 *   naming the file; `graph/…` when the graph document is not sound.
 */
export async function loadModel<O = Readonly<Record<string, unknown>>>(
  source: ModelSource, { layers = [], backend = 'wasm', seed = 0, fuse = true }: LoadOptions = {},
): Promise<Model<O>> {
  const { document, weights: stored } = await read(source)
  const graph = parseGraph(document, { layers })
  const plans = planWeights(graph)
  const weights = stored as WeightArrays
  const at = typeof source === 'string' ? source : graph.name
  checkWeights(plans, weights, { at, partial: false })
  const running = await startBackend(backend)
  return makeModel(makeNetwork({ graph, plans, weights, backend: running, seed, fuse }))
}
