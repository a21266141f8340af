// The framework bound to the standard layers. This file and index.ts are the only ones in src that know which
// layers there are.
import { layers as standardLayers } from '../layers/index.ts'
import { graphFromDocument } from './graph/build.ts'
import type { AnyGraph } from './graph/graph.ts'
import type { LayerDefinition } from './spec/layer.ts'

/**
 * A graph from its document: `parseGraph(JSON.parse(text))`. What `graph.toJSON()` gave comes back the same.
 *
 * @param options.layers Layers of your own that the document uses. One of a standard kind takes its place.
 * @throws LayergraphError with every fault of the document at once.
 */
export function parseGraph(
  json: unknown, { layers = [] }: { readonly layers?: readonly LayerDefinition[] } = {},
): AnyGraph {
  return graphFromDocument(json, [...layers, ...standardLayers])
}
