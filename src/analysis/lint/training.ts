// Findings about what hinders training.
import type { GraphNode } from '../../graph/graph.ts'
import { type LintContext, type LintRule, type Remark, remark } from './context.ts'

/** The nodes before one, as long as each takes from one alone; nearest first. */
function* chainBefore(context: LintContext, node: GraphNode): Generator<GraphNode> {
  for (let one = context.before(node); one !== undefined; one = context.before(one)) yield one
}

const isPointwise = (context: LintContext, node: GraphNode): boolean => context.rule(node).rule === 'pointwise' && !context.multiplies(node)

const groups: LintRule = {
  code: 'train/groups-without-shuffle', severity: 'warning',
  looksFor: 'Two grouped convolutions in a row with the same groups and no mixing between them.',
  check: (context) => context.graph.nodes.flatMap((node): Remark[] => {
    const own = context.traits(node).groups ?? 1
    if (own === 1) return []
    for (const one of chainBefore(context, node)) {
      const { groups: theirs = 1, shuffles } = context.traits(one)
      if (shuffles || (context.multiplies(one) && theirs !== own)) return []
      if (theirs === own) {
        return [remark(node, `and ${one.id} before it both have ${own} groups, and nothing mixes them between`, 'put channelShuffle or a 1×1 convolution between them')]
      }
      if (!isPointwise(context, one)) return []
    }
    return []
  }),
}

const bias: LintRule = {
  code: 'train/bias-before-norm', severity: 'info',
  looksFor: 'A bias that the normalization after it takes away again.',
  check: (context) => context.graph.nodes.flatMap((node): Remark[] => {
    if (context.traits(node).addsBias !== true) return []
    const followers = context.consumers.get(node.id) ?? []
    const wasted = followers.length > 0 && followers.every((next) => context.traits(next).centres === true)
    return wasted ? [remark(node, `adds a bias, which ${followers[0]?.id} takes away with the mean`, 'useBias: false')] : []
  }),
}

const probabilities: LintRule = {
  code: 'train/softmax-output', severity: 'info',
  looksFor: 'Outputs that are probabilities, while the loss softmaxCrossEntropy takes logits and applies softmax itself.',
  check: (context) => context.graph.outputs.flatMap(({ name, from }): Remark[] => {
    const node = context.byId.get(from.id)
    if (node === undefined || context.traits(node).ends !== 'probabilities') return []
    return [remark(node, `the output ${name} is probabilities, and softmaxCrossEntropy would apply softmax once more`, 'end in logits for training, and apply softmax to predictions')]
  }),
}

const twice: LintRule = {
  code: 'train/softmax-twice', severity: 'warning',
  looksFor: 'Probabilities that go through softmax again.',
  check: (context) => context.graph.nodes.flatMap((node): Remark[] => {
    const before = context.before(node)
    const both = before !== undefined && !context.multiplies(node)
      && context.traits(node).ends === 'probabilities' && context.traits(before).ends === 'probabilities'
    return both ? [remark(node, `takes the probabilities of ${before.id} and applies softmax again`, 'leave one of them out')] : []
  }),
}

/** So many saturating activations in a row are a finding. */
const SATURATING = 3

const saturating: LintRule = {
  code: 'train/saturating-chain', severity: 'warning',
  looksFor: 'Three or more saturating activations in a row, through which gradients vanish.',
  check: (context) => {
    const counts = new Map<string, number>()
    return context.graph.nodes.flatMap((node): Remark[] => {
      const { ends, centres } = context.traits(node)
      const before = context.before(node)
      const carried = before === undefined || centres === true ? 0 : counts.get(before.id) ?? 0
      const count = carried + (ends === 'saturating' ? 1 : 0)
      counts.set(node.id, count)
      return ends === 'saturating' && count === SATURATING
        ? [remark(node, `is number ${count} of saturating activations in a row; each sigmoid multiplies gradients by at most 0.25`, 'use relu, or put batchNorm between')]
        : []
    })
  },
}

const dropout: LintRule = {
  code: 'train/dropout-before-norm', severity: 'warning',
  looksFor: 'Dropout before batch norm: the variance in training is not that of prediction.',
  check: (context) => context.graph.nodes.flatMap((node): Remark[] => {
    if (context.traits(node).centres !== true) return []
    for (const one of chainBefore(context, node)) {
      if (context.traits(one).centres === true) return []
      if (context.traits(one).drops === true) return [remark(node, `keeps statistics of what ${one.id} dropped from, whose variance differs in prediction`, 'put dropout after the last batchNorm')]
    }
    return []
  }),
}

/** A bottleneck has at most this share of the channels around it. */
const NARROW = 0.5

const bottleneck: LintRule = {
  code: 'train/depthwise-bottleneck', severity: 'info',
  looksFor: 'A depthwise convolution on at most half as many channels as the layers around it have.',
  check: (context) => context.graph.nodes.flatMap((node): Remark[] => {
    const channels = node.site.inputs[0]?.at(-1) ?? null
    if (channels === null || (context.traits(node).groups ?? 1) !== channels || channels === 1) return []
    const reduce = [...chainBefore(context, node)].find((one) => context.multiplies(one))
    const expand = firstAfter(context, node)
    const [wide, out] = [reduce?.site.inputs[0]?.at(-1) ?? null, expand?.site.outputs[0]?.at(-1) ?? null]
    if (wide === null || out === null || channels > wide * NARROW || channels > out * NARROW) return []
    return [remark(node, `filters ${channels} channels between ${wide} and ${out}`, 'filter where there are many channels: expand before it and reduce after it')]
  }),
}

/** The first node after this one that multiplies, through nodes that follow alone. */
function firstAfter(context: LintContext, node: GraphNode): GraphNode | undefined {
  let next = context.consumers.get(node.id) ?? []
  while (next.length === 1) {
    const [one] = next as readonly [GraphNode]
    if (context.multiplies(one)) return one
    next = context.consumers.get(one.id) ?? []
  }
  return undefined
}

export const trainingRules: readonly LintRule[] = [groups, bias, probabilities, twice, saturating, dropout, bottleneck]
