// What changed, for the terminal.
import colors from 'picocolors'
import { type Change, type GraphDiff, isSame, type MetricChange, type NodeChange } from '../analysis/diff.ts'
import { showDims } from '../spec/tensor.ts'
import { showBytes, showCount } from './numbers.ts'

export interface DiffOptions {
  /** Use terminal colours, default false. */
  readonly color?: boolean
  /** So many affected nodes are listed, default 12. */
  readonly most?: number
}

const isSizes = (value: unknown): value is (number | null)[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => one === null || typeof one === 'number')

function showValue(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') return showCount(value)
  if (isSizes(value)) return showDims(value)
  if (Array.isArray(value)) return value.map(showValue).join(', ')
  if (typeof value === 'object') {
    const { size, stride, padding } = value as { size?: unknown; stride?: unknown; padding?: unknown }
    if (size !== undefined) return [size, stride, padding].map(showValue).join(' / ')
    return Object.entries(value).map(([key, one]) => `${key} ${showValue(one)}`).join(', ')
  }
  return String(value)
}

const showChange = ({ key, before, after }: Change): string => `${key} ${showValue(before)} → ${showValue(after)}`
const showNode = ({ id, kind, changes }: NodeChange): string => `${id} (${kind})  ${changes.map(showChange).join('; ')}`

const NAMES: Readonly<Record<MetricChange['name'], string>> = {
  params: 'parameters', trainableParams: 'trainable', macs: 'MACs', weights: 'weights', activations: 'activations',
  peak: 'peak at inference', trainingPeak: 'peak in training',
}
const IN_BYTES: readonly MetricChange['name'][] = ['weights', 'activations', 'peak', 'trainingPeak']

function showMetric({ name, before, after }: MetricChange): readonly [string, string] {
  const show = IN_BYTES.includes(name) ? showBytes : showCount
  if (before === after) return [NAMES[name], `${show(after)}, as before`]
  const share = before === null || after === null || before === 0 ? '' : ` (${after > before ? '+' : '−'}${Math.abs((100 * (after - before)) / before).toFixed(1)} %)`
  return [NAMES[name], `${show(before)} → ${show(after)}${share}`]
}

/** Nodes added, removed and changed, those that are affected, and the totals. */
export function diffText(diff: GraphDiff, { color = false, most = 12 }: DiffOptions = {}): string {
  if (isSame(diff)) return 'no differences\n'
  const { green, red, yellow, dim } = colors.createColors(color)
  const rows = diff.metrics.map(showMetric)
  const width = Math.max(...rows.map(([name]) => name.length))
  const hidden = diff.affected.length - most
  const nodes = [
    ...diff.inputs.map((change) => yellow(`~ input ${showChange(change)}`)),
    ...diff.removed.map(({ id, kind, outputShape }) => red(`- ${id} (${kind})  ${showDims(outputShape)}`)),
    ...diff.added.map(({ id, kind, outputShape }) => green(`+ ${id} (${kind})  ${showDims(outputShape)}`)),
    ...diff.changed.map((node) => yellow(`~ ${showNode(node)}`)),
    ...diff.outputs.map((change) => yellow(`~ output ${showChange(change)}`)),
    ...diff.affected.slice(0, most).map((node) => dim(`  ${showNode(node)}`)),
    ...(hidden > 0 ? [dim(`  and ${hidden} more nodes that follow from these`)] : []),
  ]
  return `${[
    `${diff.before} → ${diff.after}`, ...(nodes.length === 0 ? [] : [nodes.join('\n')]),
    rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'),
  ].join('\n\n')}\n`
}
