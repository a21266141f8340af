// What the units of a model do on real images: which rectified ones are never more than zero, which saturating ones stay at
// the ends of their range.
import type { UnitActivity } from '../analysis/lint/units.ts'
import type { AnyGraph, GraphData, GraphNode } from '../graph/graph.ts'
import { withInputs } from '../graph/sites.ts'
import { failure } from '../spec/issue.ts'
import type { Traits } from '../spec/traits.ts'
import { type ArrayTensor, type Bundle, byName, rowsOf } from '../train/data.ts'
import { activations } from './activations.ts'
import { type Backend, startBackend } from './backend.ts'
import { makeNetwork } from './network.ts'
import { checkWeights, initialWeights, planWeights, type WeightArray, type WeightArrays } from './weights.ts'

export interface UnitOptions {
  /** So many images are looked at, from the first on; default 1000. */
  readonly samples?: number
  /** Images at a time, default 64. */
  readonly batchSize?: number
}

export interface MeasureUnitsOptions extends UnitOptions {
  /** Weights of a trained model, by name. Default fresh ones. */
  readonly weights?: WeightArrays
  /** Decides fresh weights, default 0. */
  readonly seed?: number
  /** Default 'wasm'. */
  readonly backend?: Backend
}

/** This share of its range from either end, a sigmoid's slope is below 0.01, and that of tanh below 0.04. */
const EDGE = 0.01

/** Is this number where the gradient is zero, or nearly? */
function stuckAt({ range }: Traits): (value: number) => boolean {
  if (range === undefined) return (value) => value <= 0
  const [low, high] = range
  const edge = EDGE * (high - low)
  return (value) => value <= low + edge || value >= high - edge
}

interface Watched {
  readonly node: GraphNode
  readonly ends: UnitActivity['ends']
  readonly isStuck: (value: number) => boolean
  /** Has the unit ever been anything else? One for each channel. */
  readonly free: Uint8Array
  stuck: number
  seen: number
}

function watch(node: GraphNode): readonly Watched[] {
  const traits = node.definition.traits?.(node.site) ?? {}
  const channels = node.site.outputs[0]?.at(-1)
  if (traits.ends !== 'rectified' && traits.ends !== 'saturating') return []
  if (typeof channels !== 'number') return []
  return [{ node, ends: traits.ends, isStuck: stuckAt(traits), free: new Uint8Array(channels), stuck: 0, seen: 0 }]
}

function look(watched: Watched, values: ArrayLike<number>): void {
  const { free, isStuck } = watched
  const channels = free.length
  let stuck = 0
  for (let i = 0; i < values.length; i++) {
    if (isStuck(values[i] as number)) stuck += 1
    else free[i % channels] = 1
  }
  watched.stuck += stuck
  watched.seen += values.length
}

/** A model that can be looked into. */
export interface Watchable {
  readonly graph: GraphData
  activations(inputs: Readonly<Record<string, ArrayTensor>>, ids: readonly string[]): Readonly<Record<string, { readonly data: Float32Array }>>
}

/** The images by input. @throws LayergraphError `data/names`, `runtime/input`. */
function imagesOf(graph: GraphData, images: Bundle<ArrayTensor>): Readonly<Record<string, ArrayTensor>> {
  const ids = graph.inputs.map(({ id }) => id)
  const given = byName(images, ids, 'images') as Readonly<Record<string, ArrayTensor>>
  const missing = ids.find((id) => given[id] === undefined)
  if (missing !== undefined) throw failure('runtime/input', missing, 'is missing', `give images for ${ids.join(', ')}`)
  return given
}

/** The same for a model that is there. */
export function unitsOf(
  { graph, activations: valuesOf }: Watchable, images: Bundle<ArrayTensor>, { samples = 1000, batchSize = 64 }: UnitOptions = {},
): readonly UnitActivity[] {
  const watched = graph.nodes.flatMap(watch)
  if (watched.length === 0) return []
  const ids = watched.map(({ node: { id } }) => id)
  const given = imagesOf(graph, images)
  const count = Math.min(...Object.values(given).map(({ shape }) => shape[0] as number), samples)
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(start + batchSize, count)
    const values = valuesOf(Object.fromEntries(Object.entries(given).map(([id, all]) => [id, rowsOf(all, start, end)])), ids)
    for (const one of watched) look(one, (values[one.node.id] as { readonly data: Float32Array }).data)
  }
  return watched.map(({ node: { id, kind }, ends, free, stuck, seen }) => ({
    at: id, kind, ends, units: free.length, stuck: free.reduce((sum, one) => sum + 1 - one, 0), share: stuck / seen,
  }))
}

/**
 * What the units behind each relu, sigmoid or tanh do on images [n, h, w, channels], or on a record of images where the graph has
 * several inputs, of which the first go with the first. Starts the backend.
 *
 * A unit is a channel of a map, or a number where there is no map.
 *
 * @throws LayergraphError `store/weights` when weights are missing or do not fit, `data/names` or `runtime/input` when the images do not.
 */
export async function measureUnits(
  graph: GraphData, images: Bundle<ArrayTensor>, { weights, seed = 0, backend = 'wasm', ...options }: MeasureUnitsOptions = {},
): Promise<readonly UnitActivity[]> {
  const given = imagesOf(graph, images)
  const sized = withInputs(graph, Object.fromEntries(Object.entries(given).map(([id, { shape }]) => [id, shape.slice(1)])))
  const plans = planWeights(sized)
  if (weights !== undefined) checkWeights(plans, weights, { at: graph.name, partial: false })
  const running = await startBackend(backend)
  const network = makeNetwork({ graph: sized as AnyGraph, plans, weights: weights ?? initialWeights(plans, seed), backend: running, seed })
  try {
    return unitsOf({ graph: sized, activations: (inputs, ids) => activations(network, inputs, ids) as Readonly<Record<string, WeightArray>> }, given, options)
  } finally {
    network.dispose()
  }
}
