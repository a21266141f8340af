// The arguments that carry values: --set key=value and --input 32x32x1.
import type { AnyGraph, GraphInput } from '../graph/graph.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { UsageError } from './failure.ts'

/** A model's config from the command line. */
export type Settings = Readonly<Record<string, unknown>>

/** ['classes=10', 'name=net'] as { classes: 10, name: 'net' }: what reads as JSON is JSON, else text. */
export function readSettings(pairs: readonly string[] = []): Settings {
  return Object.fromEntries(pairs.map((pair) => {
    const cut = pair.indexOf('=')
    if (cut < 1) throw new UsageError(`--set takes key=value, but gets "${pair}"`, 'such as --set classes=10')
    return [pair.slice(0, cut), readValue(pair.slice(cut + 1))]
  }))
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * ['32x32x1'] or ['left=32x32x1', 'right=?x?x3'] as shapes by the graph's input ids; "?" is a size that is
 * not known. `undefined` when there are none.
 */
export function readInputs(
  texts: readonly string[] | undefined, graph: AnyGraph,
): Readonly<Record<string, Dims>> | undefined {
  if (texts === undefined) return undefined
  return Object.fromEntries(texts.map((text) => {
    const cut = text.lastIndexOf('=')
    const { id, shape } = inputNamed(cut < 0 ? null : text.slice(0, cut), graph)
    const given = readShape(text.slice(cut + 1))
    if (given.length === shape.length) return [id, given]
    throw new UsageError(
      `the input "${id}" is ${showDims(shape)}, but --input gives ${showDims(given)}`,
      `give ${shape.length} sizes`,
    )
  }))
}

function inputNamed(id: string | null, { name, inputs }: AnyGraph): GraphInput {
  const ids = inputs.map((one) => one.id)
  if (id === null && inputs.length > 1) {
    throw new UsageError(`${name} has the inputs ${ids.join(', ')}`, `say which: --input ${ids[0]}=32x32x1`)
  }
  const input = id === null ? inputs[0] : inputs.find((one) => one.id === id)
  if (input !== undefined) return input
  throw new UsageError(`${name} has no input "${id}"`, `its inputs are ${ids.join(', ')}`)
}

function readShape(text: string): Dims {
  return text.split(/[x×,]/).map((size) => {
    if (size === '?') return null
    if (/^[1-9]\d*$/.test(size)) return Number(size)
    throw new UsageError(
      `--input takes sizes such as 32x32x1, but gets "${text}"`,
      'leave out the batch; write ? for a size that is not known',
    )
  })
}
