// A model from disk.
import { join } from 'node:path'
import { parseGraph } from '../door.ts'
import { LayergraphError } from '../spec/issue.ts'
import type { LayerDefinition } from '../spec/layer.ts'
import { readModel, WEIGHTS_FILE } from '../store/save.ts'
import { type Backend, startBackend } from './backend.ts'
import { makeModel, type Model } from './model.ts'
import { makeNetwork } from './network.ts'
import { planWeights, type WeightArrays, weightIssues } from './weights.ts'

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

/**
 * A model that `model.save` wrote.
 *
 * @throws LayergraphError `store/missing`, `store/corrupt`, `store/other-graph`, `store/weights`, each naming the file;
 *   `graph/…` when the graph document is not sound.
 */
export async function loadModel<O = Readonly<Record<string, unknown>>>(
  directory: string, { layers = [], backend = 'wasm', seed = 0, fuse = true }: LoadOptions = {},
): Promise<Model<O>> {
  const { document, weights: stored } = await readModel(directory)
  const graph = parseGraph(document, { layers })
  const plans = planWeights(graph)
  const weights = stored as WeightArrays
  const issues = weightIssues(plans, weights, { at: join(directory, WEIGHTS_FILE), partial: false })
  if (issues.length > 0) throw new LayergraphError(issues)
  await startBackend(backend)
  return makeModel(makeNetwork({ graph, plans, weights, backend, seed, fuse }))
}
