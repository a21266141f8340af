// A layer's receptive field against the pixels whose change changes an output.
import { expect } from 'vitest'
import { analyze, type Field } from '../../src/analysis/analyze.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import type { WeightArray, WeightArrays } from '../../src/runtime/weights.ts'
import type { Dims } from '../../src/spec/tensor.ts'
import { filled, openLayer, randomArray } from './runLayer.ts'

/** Attempts with new numbers: a maximum or a rectifier passes on only what wins. */
const ATTEMPTS = 200

/** The spatial sizes of an image: all but the channels. */
const spatial = (shape: Dims): readonly number[] => shape.slice(0, -1) as readonly number[]

/** One number at a unit, all its channels, zero elsewhere. */
function cotangentAt(shape: readonly number[], unit: readonly number[]): WeightArray {
  const channels = shape.at(-1) as number
  const index = unit.reduce((at, position, axis) => at * (shape[axis + 1] as number) + position, 0)
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
  for (let channel = 0; channel < channels; channel++) data[index * channels + channel] = 1 + channel / 7
  return { data, shape }
}

type Interval = readonly [number, number]

/** Lowest and highest position with a number other than zero, per axis. */
function extentOf({ data, shape }: WeightArray, so: readonly Interval[] | null): readonly Interval[] | null {
  const sizes = shape.slice(1)
  let extent = so
  for (const [index, value] of data.entries()) {
    if (value === 0) continue
    const position: number[] = []
    let rest = index
    for (const size of sizes.toReversed()) {
      position.unshift(rest % size)
      rest = Math.floor(rest / size)
    }
    extent = position.slice(0, -1).map((at, axis) => {
      const [low, high] = extent?.[axis] ?? [at, at]
      return [Math.min(low, at), Math.max(high, at)]
    })
  }
  return extent
}

/** Every position of these sizes. */
function positions(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<number[][]>((all, size) => all.flatMap((at) => Array.from({ length: size }, (_, next) => [...at, next])), [[]])
}

/** At most three, evenly spread. */
const spread = <T>(list: readonly T[]): readonly T[] =>
  list.filter((_one, index) => [0, Math.floor(list.length / 2), list.length - 1].includes(index))

/** What the analysis says that a unit sees, with what lies outside the image. */
function seenBy(field: Field, unit: readonly number[], input: readonly number[]): readonly Interval[] {
  const { size, stride, padding } = field
  return input.map((count, axis) => {
    if (size === 'all') return [0, count - 1]
    const first = (unit[axis] as number) * (stride?.[axis] as number) - (padding?.[axis] as number)
    return [first, first + (size[axis] as number) - 1]
  })
}

/** Compares the analysed field with the extent of gradients, for units that see nothing but pixels of the image. */
export async function checkField(net: AnyGraph, weights: WeightArrays): Promise<void> {
  const field = analyze(net).nodes[0]?.field ?? null
  if (field === null) throw new Error('the field is not known')
  const inputs = net.inputs.map(({ shape }) => shape as readonly number[])
  const outputs = net.nodes[0]?.site.outputs as readonly (readonly number[])[]
  // Without a grid there is no place to compare.
  if (field.size !== 'all' && (field.stride === null || field.padding === null)) return
  const input = spatial(inputs[0] as Dims)
  const inside = positions(spatial(outputs[0] as Dims)).filter((unit) =>
    seenBy(field, unit, input).every(([first, last], axis) => first >= 0 && last < (input[axis] as number)))
  expect(inside.length, 'units that see nothing but pixels of the image').toBeGreaterThan(0)
  const open = await openLayer(net, { backend: 'wasm', training: false, seed: 3 })
  for (const unit of spread(inside)) {
    const expected = seenBy(field, unit, input)
    let extent: readonly Interval[] | null = null
    for (let attempt = 0; attempt < ATTEMPTS && JSON.stringify(extent) !== JSON.stringify(expected); attempt++) {
      const xs = inputs.map((shape, index) => randomArray([1, ...shape], 300 + 7 * attempt + index, 2))
      const cotangents = outputs.map((shape, index) =>
        index === 0 ? cotangentAt([1, ...shape], unit) : filled([1, ...shape], 0))
      extent = extentOf(open.run(xs, weights, cotangents).inputGradients[0] as WeightArray, extent)
    }
    expect(extent, `pixels that move unit ${unit.join(',')}`).toEqual(expected)
  }
  open.close()
}
