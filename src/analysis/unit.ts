// What one unit sees: the very pixels, edges and holes counted in.
import type { GraphData } from '../graph/graph.ts'
import { failure } from '../spec/issue.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { type EffectiveField, effectiveField } from './effective.ts'
import { ancestorsOf, type PathCounts, pathsTo } from './paths.ts'

/** What a unit sees of one input; lists are by the input's axes. */
export interface UnitView {
  readonly input: string
  readonly shape: Dims
  /** First and last pixel that it sees, within the image. */
  readonly first: readonly number[]
  readonly last: readonly number[]
  /** The same as if the image had no edges; `null` where it has no bounds. */
  readonly reach: { readonly first: readonly number[]; readonly last: readonly number[] } | null
  /** Pixels that it sees, and those of the box that it does not. */
  readonly seen: number
  readonly unseen: number
  /** Paths from each pixel to the unit. */
  readonly map: PathCounts
  /** How the paths are spread; `null` where that is not known. */
  readonly effective: EffectiveField | null
}

export interface UnitField {
  readonly id: string
  readonly kind: string
  readonly shape: Dims
  readonly at: readonly number[]
  readonly views: readonly UnitView[]
}

/** The unit in the middle of a map. */
const middleOf = (shape: Dims): readonly number[] => shape.slice(0, -1).map((size) => Math.floor((size ?? 1) / 2))

function checkUnit(id: string, shape: Dims, at: readonly number[]): void {
  if (shape.includes(null)) {
    throw failure('field/unknown', id, `its size ${showDims(shape)} is not known`, 'give the sizes of the input: --input 224x224x3')
  }
  const axes = shape.length - 1
  if (at.length !== axes) {
    throw failure('field/no-such-unit', id, `has ${axes} axes, but ${at.length} numbers say where`, axes === 2 ? 'give row and column: 7,7' : 'give a number for each axis')
  }
  const wrong = at.findIndex((place, axis) => !Number.isInteger(place) || place < 0 || place >= (shape[axis] as number))
  if (wrong < 0) return
  throw failure(
    'field/no-such-unit', id, `has no unit ${at.join(',')}: its map is ${shape.slice(0, -1).join('×')}`,
    `units are 0 to ${shape.slice(0, -1).map((size) => (size as number) - 1).join(', 0 to ')}`,
  )
}

/** The box that a unit would see without edges; `null` where a layer sees everything or the box is too large. */
function reachOf(graph: GraphData, id: string, at: readonly number[], input: string, rank: number): UnitView['reach'] {
  const combs = Array.from({ length: rank }, (_, axis) => pathsTo(graph, id, { at, axis }).get(input))
  if (!combs.every((comb): comb is PathCounts => comb !== null && comb !== undefined && comb !== 'all')) return null
  const first = combs.map(({ start }) => start[0] as number)
  return { first, last: combs.map(({ shape }, axis) => (first[axis] as number) + (shape[0] as number) - 1) }
}

/**
 * The pixels of each input that a unit of a node sees.
 *
 * @param at The unit: [y, x]. Default the one in the middle.
 * @throws LayergraphError `field/no-such-unit`, `field/unknown` when sizes are not known or units lie on no grid.
 */
export function unitField(graph: GraphData, id: string, at?: readonly number[]): UnitField {
  const node = ancestorsOf(graph, id)[0]
  if (node === undefined) throw failure('graph/unknown-id', graph.name, `has no node "${id}"`)
  const shape = node.site.outputs[0] as Dims
  const unit = at ?? middleOf(shape)
  checkUnit(id, shape, unit)
  const views = [...pathsTo(graph, id, { at: unit, clip: true })].map(([input, paths]): UnitView => {
    if (paths === null || paths === 'all') {
      throw failure(
        'field/unknown', id, `which pixels of ${input} a unit sees is not known`,
        'choose a node whose units lie on the grid of an image: `layergraph summary` shows a stride for those',
      )
    }
    const seen = paths.counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
    return {
      input, shape: graph.inputs.find((one) => one.id === input)?.shape as Dims,
      first: paths.start, last: paths.start.map((first, axis) => first + (paths.shape[axis] as number) - 1),
      reach: reachOf(graph, id, unit, input, paths.shape.length),
      seen, unseen: paths.counts.length - seen, map: paths,
      effective: effectiveField(graph, id, unit).find((one) => one.input === input) ?? null,
    }
  })
  return { id, kind: node.kind, shape, at: unit, views }
}
