// What a model makes of one image, for the page to draw.
import { fieldsOf } from '../../analysis/field.ts'
import { type AnyGraph, type GraphData, type GraphNode, showRef } from '../../graph/graph.ts'
import { acceptsInput, withInputs } from '../../graph/sites.ts'
import { fitPicture } from '../../picture/digit.ts'
import { failure, isLayergraphError } from '../../spec/issue.ts'
import { type Dims, showDims } from '../../spec/tensor.ts'
import { measureField } from '../../runtime/measure.ts'
import type { Model } from '../../runtime/model.ts'
import type { WeightArray } from '../../runtime/weights.ts'
import type { ArrayTensor } from '../../train/data.ts'
import { toProbabilities } from '../../train/probabilities.ts'
import type { LookAt, Mapped, Plane, Seen } from './protocol.ts'

export const SIDE = 28
const CLASSES = 10
/** How often a field is measured, each time with other signs of the channels. */
const SAMPLES = 4

const SHAPES: readonly Dims[] = [[SIDE, SIDE, 1], [SIDE * SIDE], [SIDE, SIDE]]

/** The shape in which a model takes the digits. @throws LayergraphError `playground/shape` when it takes or gives something else. */
export function shapeOf(graph: AnyGraph): readonly number[] {
  const [input, ...others] = graph.inputs
  const [output] = graph.outputs
  const shape = SHAPES.find((one) => input !== undefined && acceptsInput(input.shape, one))
  if (others.length > 0 || input === undefined || shape === undefined) {
    const takes = graph.inputs.map(({ shape: own }) => showDims(own)).join(' and ')
    throw failure('playground/shape', graph.name, `takes ${takes}, but the digits are ${SIDE}×${SIDE}×1`, `give it an input of ${SIDE}×${SIDE}×1`)
  }
  const sized = withInputs(graph, { [input.id]: shape })
  const given = output === undefined ? undefined : sized.nodes.find(({ id }) => id === output.from.id)?.site.outputs[output.from.output]
  if (graph.outputs.length !== 1 || given === undefined || !acceptsInput(given, [CLASSES])) {
    const gives = given === undefined ? `${graph.outputs.length} outputs` : showDims(given)
    throw failure('playground/shape', graph.name, `gives ${gives}, but there are ${CLASSES} kinds of digits`, `end it in dense({ units: ${CLASSES} })`)
  }
  return shape as readonly number[]
}

/** The graph for images of the digits. */
export const sized = (graph: AnyGraph, shape: readonly number[]): GraphData =>
  withInputs(graph, { [graph.inputs[0]?.id as string]: shape })

const isMapped = ({ site }: GraphNode): boolean => site.outputs.length === 1 && site.outputs[0]?.length === 3

/** The layers that have feature maps. */
export const mappedOf = ({ nodes }: GraphData): readonly Mapped[] => nodes.filter(isMapped).map(({ id, kind, site, definition }) =>
  ({ id, kind, shape: site.outputs[0] as unknown as Mapped['shape'], moves: definition.sampling !== undefined }))

/** The channels of one image [1, h, w, channels], each by itself. */
function planesOf({ data, shape }: WeightArray): readonly Plane[] {
  const [, height, width, channels] = shape as [number, number, number, number]
  return Array.from({ length: channels }, (_, channel) =>
    ({ height, width, values: Float32Array.from({ length: height * width }, (_one, place) => data[place * channels + channel] as number) }))
}

type Fields = ReturnType<typeof fieldsOf>

/** Where the units of a value lie in the image: the middle of the first, and how far it is to the next; `null` if unknown. */
function gridOf(fields: Fields, graph: GraphData, id: string): { readonly centre: readonly number[]; readonly stride: readonly number[] } | null {
  const [input] = graph.inputs
  if (input?.id === id) return { centre: [0, 0], stride: [1, 1] }
  const field = fields.byNode.get(id)?.get(input?.id as string)
  if (field == null || field.centre === null || field.stride === null) return null
  const known = (list: readonly (number | null)[]): boolean => list.length === 2 && !list.includes(null)
  return known(field.centre) && known(field.stride) ? { centre: field.centre as number[], stride: field.stride as number[] } : null
}

/** The pixels that a unit can see; `null` for all of them, and where taps may move further. */
function reachOf(fields: Fields, graph: GraphData, id: string, unit: readonly [number, number]): Seen['reach'] {
  const field = fields.byNode.get(id)?.get(graph.inputs[0]?.id as string)
  if (field == null || field.size === 'all' || field.elastic === true || field.stride === null || field.padding === null) return null
  const ends = [0, 1].map((axis) => {
    const [size, stride, padding] = [(field.size as readonly number[])[axis], field.stride?.[axis], field.padding?.[axis]]
    if (size == null || stride == null || padding == null) return null
    const first = (unit[axis] as number) * stride - padding
    return [Math.max(first, 0), Math.min(first + size - 1, SIDE - 1)] as const
  })
  const [y, x] = ends
  return y == null || x == null ? null : [y[0], x[0], y[1], x[1]]
}

function samplingOf(model: Model, fields: Fields, graph: GraphData, node: GraphNode, image: ArrayTensor, unit: readonly [number, number]): Seen['sampling'] {
  if (node.definition.sampling === undefined) return null
  const grid = gridOf(fields, graph, showRef(node.from[0] as GraphNode['from'][number]))
  if (grid === null) return null
  const place = (axis: 0 | 1, at: number): number => (grid.centre[axis] as number) + at * (grid.stride[axis] as number)
  const { points } = model.samplingPoints(image, node.id, unit)
  return {
    points: points.map((point) => ({
      ...point, y: place(0, point.y), x: place(1, point.x), rest: { y: place(0, point.rest.y), x: place(1, point.rest.x) },
    })),
  }
}

function activationOf(model: Model, image: ArrayTensor, cls: number | null): Seen['activation'] {
  try {
    const { map, shape: [height, width], ...rest } = model.classActivation(image, cls === null ? {} : { class: cls })
    return { ...rest, height, width, values: map }
  } catch (error) {
    if (isLayergraphError(error) && error.issues[0]?.code === 'runtime/no-map') return null
    throw error
  }
}

const within = (index: number, size: number): number => Math.min(Math.max(index, 0), size - 1)

/** What the model, made for images of this shape, sees in a drawing. @throws LayergraphError for a model without feature maps. */
export async function look(model: Model, shape: readonly number[], { drawing, node: wanted, unit: at, class: cls }: LookAt): Promise<Seen> {
  const graph = sized(model.graph, shape)
  const picture = { height: drawing.height, width: drawing.width, channels: 1, data: drawing.values }
  const { data } = fitPicture(picture, [SIDE, SIDE, 1], { fit: 'digit', invert: 'no' })
  const image = { data, shape: [1, ...shape] }
  const node = graph.nodes.find(({ id }) => id === wanted) ?? graph.nodes.findLast((one) => isMapped(one) && one.site.outputs[0]?.[0] !== 1)
  if (node === undefined) throw failure('playground/no-maps', graph.name, 'has no layer with feature maps', 'open a model with convolutions')
  const [height, width] = node.site.outputs[0] as readonly [number, number, number]
  const unit: readonly [number, number] = at === null ? [height >> 1, width >> 1] : [within(at[0], height), within(at[1], width)]
  const fields = fieldsOf(graph)
  const scores = model.predict(image) as WeightArray
  const [field] = await measureField(graph, node.id, unit, { weights: model.weights(), image, samples: SAMPLES, backend: model.backend })
  return {
    image: { height: SIDE, width: SIDE, values: data },
    probabilities: Float32Array.from(toProbabilities(scores.data)),
    node: node.id, unit,
    features: planesOf(model.activations(image, [node.id])[node.id] as WeightArray),
    activation: activationOf(model, image, cls),
    field: { height: SIDE, width: SIDE, values: Float32Array.from(field?.energy ?? new Float32Array(SIDE * SIDE)) },
    reach: reachOf(fields, graph, node.id, unit),
    sampling: samplingOf(model, fields, graph, node, image, unit),
  }
}
