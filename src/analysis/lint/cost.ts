// Findings about what a graph costs, and what of it leads nowhere.
import { countOf, showDims } from '../../spec/tensor.ts'
import { grouped } from '../digits.ts'
import { type LintRule, type Remark, remark } from './context.ts'

const deadEnd: LintRule = {
  code: 'graph/dead-end', severity: 'warning',
  looksFor: 'Nodes that no output depends on.',
  check: ({ graph, consumers }) => {
    const kept = new Set(graph.outputs.map(({ from }) => from.id))
    return graph.nodes.flatMap((node): Remark[] =>
      (kept.has(node.id) || consumers.has(node.id) ? [] : [remark(node, 'leads to no output', 'make it an output, or leave it out')]))
  },
}

const unusedInput: LintRule = {
  code: 'graph/unused-input', severity: 'warning',
  looksFor: 'Inputs that nothing takes.',
  check: ({ graph, consumers }) => graph.inputs.flatMap(({ id }): Remark[] =>
    (consumers.has(id) || graph.outputs.some(({ from }) => from.id === id) ? [] : [{ at: id, message: 'nothing takes this input', hint: 'leave it out' }])),
}

/** Smaller graphs are not worth a remark. */
const FEW_PARAMS = 10_000

const heavyDense: LintRule = {
  code: 'cost/heavy-dense', severity: 'info',
  looksFor: 'A dense layer that holds most of the parameters.',
  check: ({ graph, rows, analysis }) => graph.nodes.flatMap((node): Remark[] => {
    const params = rows.get(node.id)?.params ?? null
    const total = analysis.totals.params
    if (node.definition.category !== 'dense' || params === null || total === null || total < FEW_PARAMS || params <= total / 2) return []
    return [remark(node, `holds ${grouped(params)} of ${grouped(total)} parameters`, 'pool globally before it, or reduce the map first')]
  }),
}

/** Bytes of one output for one image. */
const HUGE = 2 ** 28

const hugeActivation: LintRule = {
  code: 'cost/huge-activation', severity: 'warning',
  looksFor: 'An output of more than 256 MiB for one image.',
  check: ({ graph }) => graph.nodes.flatMap((node): Remark[] => {
    const shape = node.site.outputs.find((dims) => (countOf(dims) ?? 0) * 4 > HUGE)
    if (shape === undefined) return []
    const mebibytes = Math.round(((countOf(shape) as number) * 4) / 2 ** 20)
    return [remark(node, `its output ${showDims(shape)} takes ${mebibytes} MiB for one image`, 'shrink the image earlier, by strides or pooling')]
  }),
}

const flattenOrder: LintRule = {
  code: 'import/flatten-order', severity: 'info',
  looksFor: 'Weights that read a flattened image: those from frameworks with channels first have their rows in another order.',
  check: ({ graph, consumers, rule, multiplies }) => graph.nodes.flatMap((node): Remark[] => {
    const [input, out] = [node.site.inputs[0] ?? [], node.site.outputs[0] ?? []]
    const flattens = rule(node).rule === 'reshape' && input.length > 2 && out.length === 1 && countOf(input.slice(0, -1)) !== 1 && input.at(-1) !== 1
    const reader = flattens ? firstReader(node.id, consumers, multiplies) : undefined
    return reader === undefined ? [] : [remark(reader, `reads ${showDims(input)} in the order height, width, channels`, 'permute the rows of a kernel that comes from channels first (PyTorch): c·h·w to h·w·c')]
  }),
}

type Lookup = Parameters<LintRule['check']>[0]

/** The first node that multiplies after this one, through those that keep the order. */
function firstReader(id: string, consumers: Lookup['consumers'], multiplies: Lookup['multiplies']): ReturnType<Lookup['byId']['get']> {
  let next = consumers.get(id) ?? []
  while (next.length === 1) {
    const [one] = next
    if (one === undefined || multiplies(one)) return one
    next = consumers.get(one.id) ?? []
  }
  return undefined
}

export const costRules: readonly LintRule[] = [deadEnd, unusedInput, heavyDense, hugeActivation, flattenOrder]
