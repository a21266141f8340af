// A summary as cells of text, before any layout: what the text and the markdown table have in common.
import type { Analysis, Field, NodeAnalysis } from '../analysis/analyze.ts'
import { showDims } from '../spec/tensor.ts'

/** A table of text. */
export interface Rows {
  readonly head: readonly string[]
  /** Columns of numbers, which are aligned at their right. */
  readonly numeric: readonly boolean[]
  readonly body: readonly (readonly string[])[]
}

/** "1,234,567"; ? for a number that is not known. */
export const showCount = (value: number | null): string => (value === null ? '?' : value.toLocaleString('en-US'))

/** "1.5 MiB"; ? for a number that is not known. */
export function showBytes(bytes: number | null): string {
  if (bytes === null) return '?'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const step = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const value = bytes / 1024 ** step
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`
}

type Pair = readonly [number | null, number | null]

/** "3", or "3×5" where height and width differ. */
function showPair(pair: Pair | null, none: string): string {
  if (pair === null) return none
  const [h, w] = pair.map((value) => value ?? none)
  return h === w ? `${h}` : `${h}×${w}`
}

/** Size, stride and padding of a receptive field; – where there is no grid. */
export function showField(field: Field | null): readonly [string, string, string] {
  if (field === null) return ['?', '?', '?']
  const size = field.size === 'all' ? 'all' : showPair(field.size, '?')
  return [size, showPair(field.stride, '–'), showPair(field.padding, '–')]
}

/** Does every node take the output of the one before it? Then a summary need not say where inputs come from. */
function isChain({ inputs, nodes }: Analysis): boolean {
  return inputs.length === 1 && nodes.every(({ from }, index) => {
    const before = index === 0 ? inputs[0]?.id : nodes[index - 1]?.id
    return from.length === 1 && from[0] === before
  })
}

function showFields({ field, fields }: NodeAnalysis): readonly [string, string, string] {
  if (fields === undefined) return showField(field)
  const columns = Object.values(fields).map(showField)
  return [0, 1, 2].map((part) => {
    const values = columns.map((column) => column[part] as string)
    return new Set(values).size === 1 ? values[0] : values.join(' | ')
  }) as unknown as readonly [string, string, string]
}

const showShapes = ({ outputShape, outputShapes }: NodeAnalysis): string =>
  (outputShapes ?? [outputShape]).map(showDims).join(', ')

/** One row per node. The second column, where inputs come from, is left out of a plain chain. */
export function summaryRows(analysis: Analysis): Rows {
  const chain = isChain(analysis)
  const row = (node: NodeAnalysis): string[] => [
    node.id,
    ...(chain ? [] : [node.from.join(', ')]),
    node.kind,
    showShapes(node),
    node.weights === undefined ? showCount(node.params) : 'shared',
    showCount(node.macs),
    ...showFields(node),
  ]
  const wide = chain ? [] : ['from']
  return {
    head: ['layer', ...wide, 'kind', 'output', 'params', 'MACs', 'field', 'stride', 'padding'],
    numeric: [false, ...wide.map(() => false), false, true, true, true, true, true, true],
    body: analysis.nodes.map(row),
  }
}

/** The totals as name and value. */
export function totalsRows({ totals }: Analysis): readonly (readonly [string, string])[] {
  const { params, trainableParams, macs, uncounted, memory } = totals
  const open = uncounted.length === 0 ? '' : ` + ${uncounted.length} ${uncounted.length === 1 ? 'layer' : 'layers'} uncounted`
  const fixed = params === null || trainableParams === null ? null : params - trainableParams
  return [
    ['parameters', fixed === 0 ? showCount(params) : `${showCount(params)} (${showCount(trainableParams)} trainable)`],
    ['MACs per image', `${showCount(macs)}${open}`],
    ['weights', showBytes(memory.weights)],
    ['activations per image', `${showBytes(memory.activations)} in training, ${showBytes(memory.peak)} at most at inference`],
  ]
}

/** "image 28×28×1" for each input. */
export const showInputs = ({ inputs }: Analysis): string =>
  inputs.map(({ id, shape }) => `${id} ${showDims(shape)}`).join(', ')
