// Findings about what units see.
import type { GraphNode } from '../../graph/graph.ts'
import type { Dims } from '../../spec/tensor.ts'
import { stackAt } from '../gridding.ts'
import { hdc } from '../hdc.ts'
import { type LintContext, type LintRule, type Remark, remark, slidingOf } from './context.ts'

/** Stacks of this many windows are checked as far as their last ones. */
const LONGEST_STACK = 12

interface Stack { readonly node: GraphNode; readonly rates: readonly number[]; readonly kernelSize: number }

/** Windows at the end of their stack, where one of it is dilated. */
function* stacks(context: LintContext): Generator<Stack> {
  for (const node of context.graph.nodes) {
    const sliding = slidingOf(context.rule(node))
    if (sliding === null) continue
    const seen = new Set<string>()
    for (const axis of sliding.size.keys()) {
      if (sliding.size[axis] === 1 || goesOn(context, node, axis)) continue
      const stack = stackAt(context.byId, node.id, axis, LONGEST_STACK)
      if (stack === null || stack.rates.every((rate) => rate === 1) || seen.has(stack.rates.join())) continue
      seen.add(stack.rates.join())
      yield { node, ...stack }
    }
  }
}

/** Does a window that follows go on with the stack along this axis? */
function goesOn(context: LintContext, node: GraphNode, axis: number): boolean {
  const own = slidingOf(context.rule(node))
  if (own === null || (own.strides[axis] as number) > 1) return false
  const ahead = [node.id]
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    for (const follower of context.consumers.get(next) ?? []) {
      if (follower.from.length !== 1) continue
      const rule = context.rule(follower)
      if (rule.rule === 'pointwise' || (rule.rule === 'window' && rule.size[axis] === 1 && rule.strides[axis] === 1)) ahead.push(follower.id)
      else if (rule.rule === 'window' && rule.size[axis] === own.size[axis]) return true
    }
  }
  return false
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const gridding: LintRule = {
  code: 'field/gridding', severity: 'warning',
  looksFor: 'Stacked dilated windows that leave pixels of their field unused.',
  check: (context) => [...stacks(context)].flatMap(({ node, rates, kernelSize }): Remark[] => {
    const check = hdc(rates, kernelSize)
    if (check.coverage === 1) return []
    const better = check.better === null ? '' : `, such as ${check.better.join(', ')}`
    return [remark(node, `dilations ${rates.join(', ')} of ${kernelSize} taps use ${percent(check.coverage)} of the pixels between them`, `choose rates that leave no holes${better}`)]
  }),
}

const commonDivisor: LintRule = {
  code: 'field/common-divisor', severity: 'warning',
  looksFor: 'Stacked dilations with a common divisor, so that neighbouring outputs share no input.',
  check: (context) => [...stacks(context)].flatMap(({ node, rates, kernelSize }): Remark[] => {
    const { commonDivisor: step } = hdc(rates, kernelSize)
    return step === 1 ? [] : [remark(node, `dilations ${rates.join(', ')} are all multiples of ${step}`, 'let one of them be 1, or choose rates without a common divisor')]
  }),
}

const unproductive: LintRule = {
  code: 'field/unproductive', severity: 'info',
  looksFor: 'Windows whose every unit already sees the whole input before them: they widen nothing.',
  check: ({ graph, rule, rows }) => graph.nodes.flatMap((node): Remark[] => {
    const sliding = slidingOf(rule(node))
    const from = node.from.length === 1 ? rows.get((node.from[0] as { id: string }).id)?.field : undefined
    const [input] = graph.inputs
    if (sliding === null || from == null || input === undefined || graph.inputs.length > 1 || !sliding.size.some((size) => size > 1)) return []
    const image = input.shape.slice(0, -1)
    const size = from.size === 'all' ? image : from.size
    const covers = image.length === size.length && image.every((pixels, axis) => pixels !== null && (size[axis] ?? 0) >= pixels)
    const shown = from.size === 'all' ? 'everything' : `${size.join('×')} pixels`
    return covers ? [remark(node, `its input already sees ${shown} of an image of ${image.join('×')}`, 'give larger images, or spend its parameters earlier')] : []
  }),
}

const checkerboard: LintRule = {
  code: 'field/checkerboard', severity: 'warning',
  looksFor: 'Transposed windows whose size is not a multiple of their stride, so that outputs have different numbers of taps.',
  check: ({ graph, rule }) => graph.nodes.flatMap((node): Remark[] => {
    const own = rule(node)
    if (own.rule !== 'transposed') return []
    const axis = own.size.findIndex((size, index) => size % (own.strides[index] as number) !== 0)
    if (axis < 0) return []
    const [size, stride] = [own.size[axis] as number, own.strides[axis] as number]
    return [remark(node, `a kernel of ${size} with stride ${stride} gives outputs different numbers of taps, which shows as a checkerboard`,
      `use a kernel of ${stride * Math.max(Math.round(size / stride), 1)}, or upsample and convolve`)]
  }),
}

/** Does the window use every pixel along every axis? */
function covers(node: GraphNode, context: LintContext): boolean {
  const rule = context.rule(node)
  if (rule.rule === 'pointwise' || rule.rule === 'global') return true
  const sliding = slidingOf(rule)
  return sliding !== null && sliding.size.every((size, axis) =>
    (sliding.dilations[axis] === 1 ? size : 1) >= (sliding.strides[axis] as number))
}

const skipped: LintRule = {
  code: 'field/skipped-pixels', severity: 'warning',
  looksFor: 'Strides larger than the kernel: pixels between the windows are never used, by no branch.',
  check: (context) => context.graph.nodes.flatMap((node): Remark[] => {
    const sliding = slidingOf(context.rule(node))
    const axis = sliding?.size.findIndex((size, index) => size < (sliding.strides[index] as number)) ?? -1
    if (sliding === null || axis < 0) return []
    const source = (node.from[0] as { id: string }).id
    const siblings = (context.consumers.get(source) ?? []).filter((other) => other.id !== node.id)
    if (siblings.some((other) => covers(other, context))) return []
    return [remark(node, `a window of ${sliding.size[axis]} moves by ${sliding.strides[axis]}, so that pixels between are never used`, 'use a kernel at least as large as the stride, or pool first')]
  }),
}

const asymmetric: LintRule = {
  code: 'field/asymmetric-padding', severity: 'info',
  looksFor: 'Strided windows with more zeros on one side: their centres shift by half a pixel of their input.',
  check: ({ graph, rule }) => graph.nodes.flatMap((node): Remark[] => {
    const sliding = slidingOf(rule(node))
    const axis = sliding?.pads?.findIndex(([before, after], index) => before !== after && (sliding.strides[index] as number) > 1) ?? -1
    if (sliding === null || axis < 0) return []
    const [before, after] = sliding.pads?.[axis] as readonly [number, number]
    return [remark(node, `${before} zeros before the image and ${after} after it, at stride ${sliding.strides[axis]}`,
      'PyTorch pads both sides alike: give the number of zeros to match it, or an odd image size')]
  }),
}

const dropped: LintRule = {
  code: 'field/dropped-pixels', severity: 'info',
  looksFor: 'Pooling whose last windows do not reach the end of the image.',
  check: ({ graph, rule }) => graph.nodes.flatMap((node): Remark[] => {
    const sliding = slidingOf(rule(node))
    if (sliding === null || node.definition.category !== 'pooling' || sliding.pads === null) return []
    const [input, out] = [node.site.inputs[0] as Dims, node.site.outputs[0] as Dims]
    const left = sliding.size.map((size, axis) => {
      const [pixels, windows] = [input[axis] ?? null, out[axis] ?? null]
      if (pixels === null || windows === null) return 0
      return pixels + (sliding.pads?.[axis]?.[0] ?? 0) - ((windows - 1) * (sliding.strides[axis] as number) + size)
    })
    const axis = left.findIndex((pixels) => pixels > 0)
    if (axis < 0) return []
    return [remark(node, `leaves out the last ${left[axis]} of ${input[axis]} ${['rows', 'columns'][axis - (left.length - 2)] ?? 'positions'}`, 'use ceilMode, padding "same", or an image size that its stride divides')]
  }),
}

export const fieldRules: readonly LintRule[] = [gridding, commonDivisor, unproductive, checkerboard, skipped, asymmetric, dropped]
