// The arguments that carry values: --set key=value and --input 32x32x1.
import type { AnyGraph } from '../graph/graph.ts'
import type { Dims } from '../spec/tensor.ts'
import { UsageError } from './failure.ts'

/** A model's config from the command line. */
export type Settings = Readonly<Record<string, unknown>>

/** ['classes=10', 'name=net'] as { classes: 10, name: 'net' }: a value that reads as JSON is JSON, else text. */
export function readSettings(pairs: readonly string[]): Settings {
  return Object.fromEntries(pairs.map((pair) => {
    const cut = pair.indexOf('=')
    if (cut < 1) throw new UsageError(`--set takes key=value, but gets "${pair}"`, 'for example --set classes=10')
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
 * ['32x32x1'] or ['left=32x32x1', 'right=?x?x3'] as shapes by the graph's input ids. A size that is not known is "?".
 * `undefined` when there are none.
 */
export function readInputs(texts: readonly string[], graph: AnyGraph): Readonly<Record<string, Dims>> | undefined {
  if (texts.length === 0) return undefined
  const ids = graph.inputs.map(({ id }) => id)
  return Object.fromEntries(texts.map((text) => {
    const cut = text.lastIndexOf('=')
    if (cut > 0) return [knownInput(text.slice(0, cut), ids), readShape(text.slice(cut + 1))]
    if (ids.length > 1) throw new UsageError(`${graph.name} has several inputs`, `say which: --input ${ids[0]}=${text}`)
    return [ids[0] as string, readShape(text)]
  }))
}

function knownInput(id: string, ids: readonly string[]): string {
  if (ids.includes(id)) return id
  throw new UsageError(`there is no input "${id}"`, `the inputs are ${ids.join(', ')}`)
}

function readShape(text: string): Dims {
  return text.split(/[x×,]/).map((size) => {
    if (size === '?') return null
    if (/^[1-9]\d*$/.test(size)) return Number(size)
    throw new UsageError(`--input takes sizes such as 32x32x1, but gets "${text}"`, 'leave out the batch; write ? for a size that is not known')
  })
}
