// explain(): every number of one node as a derivation, formula first, then with its numbers.
//
// Sizes, parameters and multiply-accumulates are the `formula` of the layer's page, with the `letters` that the page says it has
// here; the receptive field follows from the page's field rule.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import { failure } from '../spec/issue.ts'
import type { OneFieldRule, Sliding } from '../spec/field.ts'
import { axesIn, fillIn, type Filling, type FormulaParts, partsOf } from '../spec/formula.ts'
import type { Category, Paper } from '../spec/layer.ts'
import { countOf, type Dims, showDims } from '../spec/tensor.ts'
import type { WeightSpec } from '../spec/weight.ts'
import { type Bilingual, both, show, type Step, step, WORDS } from './derivation.ts'
import { type Field, fieldsOf } from './field.ts'

export interface Explanation {
  readonly id: string
  readonly kind: string
  readonly summary: string
  /** The same in Chinese, where the layer says it. */
  readonly summaryZh?: string
  /** The layer's rules in words. */
  readonly formula?: string
  readonly paper?: Paper
  /** What the node is an instance of. */
  readonly concepts: readonly Bilingual[]
  readonly from: readonly { readonly id: string; readonly shape: Dims }[]
  readonly sections: readonly { readonly title: Bilingual; readonly steps: readonly Step[] }[]
}

const CATEGORIES: Readonly<Record<Category, Bilingual>> = {
  convolution: both('convolution', '卷积'), dense: both('dense layer', '全连接层'), pooling: both('pooling', '池化'),
  normalization: both('normalization', '归一化'), activation: both('activation', '激活函数'), merge: both('merge', '合并'),
  reshape: both('reshape', '变形'), regularization: both('regularization', '正则化'),
}

const AXES: Readonly<Record<number, readonly Bilingual[]>> = {
  1: [both('length', '长度')], 2: [both('height', '高'), both('width', '宽')],
  3: [both('depth', '深'), both('height', '高'), both('width', '宽')],
}

const CONCEPTS = {
  dilated: both('dilated convolution', '空洞卷积'), transposed: both('transposed convolution', '转置卷积'),
  deformable: both('deformable convolution', '可变形卷积'), grouped: both('grouped convolution', '分组卷积'),
  pointwise: both('1×1 convolution', '1×1 卷积'), global: both('global', '全局'),
} as const

function slidingOf(rule: OneFieldRule): Sliding | null {
  if (rule.rule === 'window' || rule.rule === 'transposed') return rule
  return rule.rule === 'deformable' ? rule.window : null
}

/** The rule for the node's first input. */
function mainRule({ definition, site }: GraphNode): OneFieldRule {
  const rule = definition.field(site)
  return rule.rule === 'each' ? rule.rules[0] ?? { rule: 'opaque' } : rule
}

const weightsOf = ({ definition, site }: GraphNode): readonly WeightSpec[] => definition.weights?.(site) ?? []

/** What multiplies inputs: kernels and matrices, not numbers per channel. */
const kernelsOf = (node: GraphNode): readonly WeightSpec[] => weightsOf(node).filter(({ shape, trainable }) => trainable && shape.length > 1)

function conceptsOf(node: GraphNode): readonly Bilingual[] {
  const rule = mainRule(node)
  const sliding = slidingOf(rule)
  const learned = kernelsOf(node).length > 0
  const { groups = 1 } = node.definition.traits?.(node.site) ?? {}
  return [
    CATEGORIES[node.definition.category],
    ...(rule.rule === 'transposed' ? [CONCEPTS.transposed] : []),
    ...(rule.rule === 'deformable' ? [CONCEPTS.deformable] : []),
    ...(rule.rule === 'global' && node.definition.category === 'pooling' ? [CONCEPTS.global] : []),
    ...(sliding !== null && sliding.dilations.some((rate, axis) => rate > 1 && (sliding.size[axis] as number) > 1) ? [CONCEPTS.dilated] : []),
    ...(sliding !== null && learned && sliding.size.every((size) => size === 1) ? [CONCEPTS.pointwise] : []),
    ...(groups > 1 ? [CONCEPTS.grouped] : []),
  ]
}

// ── shape ───────────────────────────────────────────────────────────────────

/** The rules of the layer's page as they read here, and its numbers; none where a size is not known. */
function pageOf({ definition, site }: GraphNode): { readonly parts: FormulaParts; readonly filling: Filling } {
  const known = [...site.inputs, ...site.outputs].every((dims) => !dims.includes(null))
  const filling = (known ? definition.letters?.(site) : undefined) ?? { letters: {} }
  return { parts: partsOf(definition.formula ?? '', filling.reads), filling }
}

/** A rule of the page with its numbers; `null` where it has no letters that are known. */
function filled(rule: string | null, filling: Filling): string | null {
  if (rule === null) return null
  const numbers = fillIn(rule, filling, show)
  return numbers === fillIn(rule, { letters: {} }, show) && !/^\d+$/.test(rule) ? null : numbers
}

function shapeSteps(node: GraphNode): readonly Step[] {
  const { parts: { out: rule }, filling } = pageOf(node)
  const out = node.site.outputs[0] as Dims
  const formula = rule === null ? both('as its layer says', '按该层的规则') : `out = ${rule}`
  if (rule === null || axesIn(rule, filling) === 0) {
    const unknown = [...node.site.inputs, ...node.site.outputs].some((dims) => dims.includes(null))
    return [step(WORDS.shape, formula,
      unknown ? both('a size is not known', '有尺寸未知') : filled(rule, filling) ?? node.site.inputs.map(showDims).join(', '), showDims(out))]
  }
  const rank = out.length - 1
  return [
    ...out.slice(0, -1).map((size, axis) => step(
      AXES[rank]?.[axis] ?? both(`axis ${axis}`, `第 ${axis} 轴`), formula, fillIn(rule, filling, show, axis), size as number)),
    step(both('channels', '通道'), 'C out', '', out.at(-1) as number),
  ]
}

// ── parameters and multiply-accumulates ─────────────────────────────────────

function paramSteps(node: GraphNode): readonly Step[] {
  const specs = weightsOf(node)
  if (node.weights !== null) return [step(WORDS.params, both('shared: they count once, at their owner', '共享权重只在所有者处计一次'), both(`those of ${node.weights}`, `${node.weights} 的权重`), 0)]
  if (specs.length === 0) return [step(WORDS.params, both('the layer stores nothing', '该层无参数'), '', 0)]
  const counts = specs.map(({ shape }) => countOf(shape))
  const lines = specs.map(({ name, shape, trainable }, index) => step(
    both(name, name), trainable ? both('product of its sizes', '各尺寸之积') : both('product of its sizes, not trained', '各尺寸之积，不训练'),
    shape.map((size) => (size === null ? '?' : show(size))).join(' · '), counts[index] ?? '?'))
  const { parts: { params: rule }, filling } = pageOf(node)
  const numbers = filled(rule, filling)
  const total = counts.every((count) => count !== null) ? counts.reduce((sum: number, count) => sum + (count as number), 0) : '?'
  if (rule !== null && numbers !== null) return [...lines, step(WORDS.params, rule, numbers, total)]
  if (specs.length === 1) return lines
  return [...lines, step(WORDS.params, rule ?? specs.map(({ name }) => name).join(' + '), counts.map((count) => (count === null ? '?' : show(count))).join(' + '), total)]
}

function macSteps(node: GraphNode): readonly Step[] {
  const macs = node.definition.macs(node.site)
  if (macs === null) return [step(WORDS.macs, both('not known: not counted in any total', '未知，不计入总数'), '', '?')]
  const { parts: { macs: rule }, filling } = pageOf(node)
  const numbers = filled(rule, filling)
  if (rule !== null && numbers !== null) return [step(WORDS.macs, rule, numbers, macs)]
  return [step(WORDS.macs, rule ?? (macs === 0 ? both('multiplies no weights', '不与权重相乘') : both('as its layer counts', '按该层的规则')), '', macs)]
}

// ── receptive field ─────────────────────────────────────────────────────────

const isPlaced = (field: Field | null): field is Field & { readonly size: readonly number[]; readonly stride: readonly number[] } =>
  field !== null && field.size !== 'all' && field.stride !== null && ![...field.size, ...field.stride].includes(null)

const showSize = (field: Field | null): string =>
  (field === null ? '?' : field.size === 'all' ? 'all' : field.size.map((size) => size ?? '?').join('×'))

function slidSteps(sliding: Sliding, isTransposed: boolean, before: Field, after: Field): readonly Step[] {
  if (!isPlaced(before) || !isPlaced(after)) return []
  const same = [before.size, before.stride, sliding.size, sliding.strides, sliding.dilations, after.size, before.padding ?? [], after.padding ?? []]
    .every((list) => new Set(list).size <= 1)
  const axes = same ? [0] : after.size.map((_size, axis) => axis)
  return axes.flatMap((axis) => {
    const name = same ? both('', '') : AXES[after.size.length]?.[axis] ?? both(`axis ${axis}`, `第 ${axis} 轴`)
    const label = (words: Bilingual): Bilingual => both(`${words.en} ${name.en}`.trim(), `${words.zh}${name.zh}`)
    const [K, S, D, stride] = [sliding.size[axis], sliding.strides[axis], sliding.dilations[axis], before.stride[axis]] as [number, number, number, number]
    const [pad, own] = [before.padding?.[axis] ?? null, sliding.pads?.[axis]?.[0] ?? null]
    if (isTransposed) {
      return [
        step(label(WORDS.field), both('the inputs i with i·S − P + k·D = out', '满足 i·S − P + k·D = out 的输入 i'), `K = ${K}, S = ${S}, D = ${D}`, after.size[axis] as number),
        step(label(WORDS.stride), 'stride / S', `${show(stride)} / ${S}`, after.stride[axis] as number),
      ]
    }
    return [
      step(label(WORDS.field), 'RF + (K − 1) · D · stride', `${before.size[axis]} + (${K} − 1) · ${D} · ${show(stride)}`, after.size[axis] as number),
      step(label(WORDS.stride), 'stride · S', `${show(stride)} · ${S}`, after.stride[axis] as number),
      ...(pad === null || own === null ? [] : [step(label(WORDS.padding), 'padding + P · stride', `${show(pad)} + ${own} · ${show(stride)}`, after.padding?.[axis] ?? '?')]),
    ]
  })
}

const PIXEL = (rank: number): Field => {
  const all = (value: number) => Array.from({ length: rank }, () => value)
  return { size: all(1), stride: all(1), padding: all(0), centre: all(0) }
}

function fieldSteps(graph: GraphData, node: GraphNode): readonly Step[] {
  const { byNode } = fieldsOf(graph)
  const rule = mainRule(node)
  const sliding = slidingOf(rule)
  return [...byNode.get(node.id) ?? []].flatMap(([input, after]): readonly Step[] => {
    const label = graph.inputs.length === 1 ? WORDS.field : both(`${WORDS.field.en} of ${input}`, `${input} 上的${WORDS.field.zh}`)
    const branches = node.from.flatMap(({ id }) => {
      if (id === input) return [PIXEL((graph.inputs.find((one) => one.id === id)?.shape.length ?? 1) - 1)]
      const field = byNode.get(id)?.get(input)
      return field === undefined ? [] : [field]
    })
    if (after === null) return [step(label, both('not known', '未知'), '', '?')]
    const elastic = after.elastic === true ? [step(both('elastic', '可伸缩'), both('taps move with the input', '采样点随输入移动'), '', both('the field is that of taps at rest', '此处为采样点静止时的感受野'))] : []
    if (rule.rule === 'global') return [step(label, both('every unit sees the whole of its input', '每个单元看到全部输入'), '', both('all', '全部')), ...elastic]
    const [before] = branches
    if (branches.length === 1 && sliding !== null && before != null) {
      const steps = slidSteps(sliding, rule.rule === 'transposed', before, after)
      if (steps.length > 0) return [...steps, ...elastic]
    }
    return [step(label, branches.length > 1 ? both('from the first pixel that any branch sees to the last', '从任一分支看到的第一个像素到最后一个') : both('that of its input', '与输入相同'), branches.map(showSize).join(' ∪ '), showSize(after)), ...elastic]
  })
}

/**
 * The shape, parameters, multiply-accumulates and receptive field of a node, each as a derivation.
 *
 * @throws LayergraphError `graph/unknown-id`.
 */
export function explain(graph: GraphData, id: string): Explanation {
  const node = graph.nodes.find((one) => one.id === id)
  if (node === undefined) throw failure('graph/unknown-id', graph.name, `has no node "${id}"`)
  const { definition } = node
  return {
    id, kind: node.kind, summary: definition.summary,
    ...(definition.summaryZh === undefined ? {} : { summaryZh: definition.summaryZh }),
    ...(definition.formula === undefined ? {} : { formula: definition.formula }),
    ...(definition.paper === undefined ? {} : { paper: definition.paper }),
    concepts: conceptsOf(node),
    from: node.from.map((ref, index) => ({ id: showRef(ref), shape: node.site.inputs[index] as Dims })),
    sections: [
      { title: WORDS.shape, steps: shapeSteps(node) },
      { title: WORDS.params, steps: paramSteps(node) },
      { title: WORDS.macs, steps: macSteps(node) },
      { title: WORDS.field, steps: fieldSteps(graph, node) },
    ],
  }
}
