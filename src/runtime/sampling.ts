// Where the taps of a layer read its input, in layers whose taps move.
import type { Tensor } from '@tensorflow/tfjs-core'
import { showRef } from '../graph/graph.ts'
import { makeOps } from '../ops/index.ts'
import { failure } from '../spec/issue.ts'
import type { Bundle } from '../train/data.ts'
import { nodeOf, valuesOf } from './activations.ts'
import { weightsOf } from './folding.ts'
import type { Network } from './network.ts'
import { byInput, toTensors } from './values.ts'

/** A tap of a unit. Places are in pixels of the layer's input, from the middle of its first pixel; they may lie outside. */
export interface SamplingPoint {
  readonly y: number
  readonly x: number
  /** Where the tap would be at rest. */
  readonly rest: { readonly y: number; readonly x: number }
  /** The factor of what is read, from 0 to 1; 1 where the layer has none. */
  readonly factor: number
  /** The slice of the channels that it reads, from 0. */
  readonly group: number
}

export interface SamplingPoints {
  readonly node: string
  /** Units of the layer: [h, w]. */
  readonly units: readonly [height: number, width: number]
  /** Pixels of the layer's input: [h, w]. */
  readonly pixels: readonly [height: number, width: number]
  /** Those of the unit, by slice of the channels, row by row of the kernel. */
  readonly points: readonly SamplingPoint[]
}

/** What the unit [y, x] of a node reads for the first image. */
export function samplingPoints(network: Network, inputs: Bundle, id: string, at: readonly [number, number]): SamplingPoints {
  const node = nodeOf(network.graph, id)
  const { sampling } = node.definition
  if (sampling === undefined) {
    const moving = network.graph.nodes.filter(({ definition }) => definition.sampling !== undefined).map((one) => one.id)
    throw failure(
      'runtime/no-sampling', `${id} (${node.kind})`, 'has no taps that move',
      moving.length === 0 ? 'use a model with a deformable convolution' : `name one of ${moving.join(', ')}`,
    )
  }
  let found: SamplingPoints | undefined
  network.on(() => {
    const values = valuesOf(network, toTensors(byInput(network.graph, inputs)), node.from)
    const given = node.from.map((ref) => values[showRef(ref)] as Tensor)
    const site = { ...node.site, inputs: given.map(({ shape }) => shape.slice(1)) }
    const { offsets, mask, kernelSize, offsetGroups, strides, dilations, pads } =
      sampling(makeOps(), site, given, weightsOf(node, (name) => network.read(name)))
    const [, height, width, channels] = offsets.shape as [number, number, number, number]
    const [y, x] = at
    if (!(Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0 && y < height && x < width)) {
      throw failure('field/no-such-unit', id, `has ${height}×${width} units, but the place is ${y}, ${x}`, `give 0, 0 to ${height - 1}, ${width - 1}`)
    }
    const place = y * width + x
    const moved = (offsets as Tensor).dataSync<'float32'>().subarray(place * channels, (place + 1) * channels)
    const taps = kernelSize[0] * kernelSize[1]
    const factors = mask === null ? null
      : (mask as Tensor).dataSync<'float32'>().subarray(place * offsetGroups * taps, (place + 1) * offsetGroups * taps)
    const points = Array.from({ length: offsetGroups * taps }, (_, index): SamplingPoint => {
      const tap = index % taps
      const rest = {
        y: y * strides[0] - pads[0][0] + Math.floor(tap / kernelSize[1]) * dilations[0],
        x: x * strides[1] - pads[1][0] + (tap % kernelSize[1]) * dilations[1],
      }
      return {
        y: rest.y + (moved[2 * index] as number), x: rest.x + (moved[2 * index + 1] as number), rest,
        factor: factors?.[index] ?? 1, group: Math.floor(index / taps),
      }
    })
    const [, h, w] = (given[0] as Tensor).shape as [number, number, number, number]
    found = { node: id, units: [height, width], pixels: [h, w], points }
  })
  return found as SamplingPoints
}
