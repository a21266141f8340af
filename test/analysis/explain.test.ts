import { describe, expect, test } from 'vitest'
import { graphs, resnet18, vgg16 } from '../../graphs/index.ts'
import { layers } from '../../layers/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { concepts, explainConcept, type Letters } from '../../src/analysis/concepts/index.ts'
import { inLanguage, type Step, type Words } from '../../src/analysis/derivation.ts'
import { explain } from '../../src/analysis/explain.ts'
import type { GraphData } from '../../src/graph/graph.ts'
import { conv2d, isLayergraphError, type Op, shared } from '../../src/index.ts'
import { conceptText, explanationText } from '../../src/report/explain.ts'
import { partsOf } from '../../src/spec/formula.ts'
import type { Site } from '../../src/spec/layer.ts'
import { inferUse } from '../../src/spec/symbolic.ts'
import { showDims } from '../../src/spec/tensor.ts'
import { chain } from './nets.ts'
import { ruled } from './ruled.ts'

const english = (words: Words): string => inLanguage(words, 'en')
const results = (id: string, letters?: Letters): string[] => explainConcept(id, letters).steps.map(({ result }) => english(result))
const numberOf = (words: Words): number => Number(english(words).replaceAll(',', ''))

describe('the worked numbers of the field', () => {
  test.each([
    ['receptiveField', {}, ['3, stride 1', '5, stride 1', '7, stride 1']],
    ['transposedConvolution', {}, ['5', '5', '1', '1: outputs have different numbers of taps, which shows as a checkerboard']],
    ['dilatedConvolution', {}, ['5', '9']],
    ['gridding', {}, ['13', '1 0 3 0 6 0 7 0 6 0 3 0 1: 6 of 13 never used', '0.290']],
    ['gridding', { rates: [1, 2, 3] }, ['13', '1 1 2 2 3 3 3 3 3 2 2 1 1: 0 of 13 never used', '1.000']],
    ['spatiallySeparable', {}, ['81', '72']],
    ['depthwiseSeparable', {}, ['108', '39', '0.361111']],
    ['pointwiseConvolution', {}, ['41,472', '16,896']],
    ['pooling', {}, ['4', 'dropped: 3']],
    ['spatialPyramidPooling', {}, ['5,376']],
    ['denseVsConvolution', {}, ['102,764,544', '18,878,464', '2,101,248']],
    ['channelShuffle', {}, ['0, 3, 1, 4, 2, 5']],
    ['groupedConvolution', { g: [3] }, ['1, 2: does not fit', '73,728']],
    ['softmax', {}, ['0.1353, 0.3679, 1.0000', '0.0900, 0.2447, 0.6652']],
    ['vanishingGradient', {}, ['0.00390625', '1']],
  ] as const)('%s %j', (id, letters, expected) => {
    expect(results(id, letters)).toEqual(expected)
  })

  test('hybrid dilated convolution, with its intermediate distances', () => {
    expect(results('hdc').slice(0, 3)).toEqual(['5', '2', 'good'])
    expect(results('hdc', { rates: [1, 2, 9] }).slice(0, 3)).toEqual(['9', '5', 'bad'])
    expect(results('hdc', { rates: [2, 4, 8] }).slice(2, 4)).toEqual(['bad', '2: bad'])
  })

  test('a deformable convolution of 3 channels has 18 offset channels', () => {
    expect(results('deformableConvolution')[1]).toBe('18')
  })
})

test.each(concepts)('$id says its name and meaning in both languages', (concept) => {
  const explanation = explainConcept(concept.id)
  expect(explanation.steps.length).toBeGreaterThan(0)
  expect(explanation.meaning.zh).toMatch(/[\u4e00-\u9fff]/)
  expect(conceptText(explanation)).toContain(concept.name.zh)
  expect(conceptText(explanation, { lang: 'zh' })).toContain(concept.meaning.zh)
})

test.each(concepts.filter(({ id }) => explainConcept(id).steps[1]?.label.en === 'derivative'))(
  'the derivative of $id is its slope', ({ id }) => {
    const value = (x: number): number => numberOf((explainConcept(id, { x: [x] }).steps[0] as Step).result)
    for (const x of [-5, -2.5, -0.7, 0.4, 1.9, 7]) {
      const slope = numberOf((explainConcept(id, { x: [x] }).steps[1] as Step).result)
      const h = 1e-2
      expect(Math.abs((value(x + h) - value(x - h)) / (2 * h) - slope)).toBeLessThan(2e-3)
    }
  })

test('a concept that is not there, a letter it lacks and a number it cannot take are told', () => {
  const code = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      if (isLayergraphError(error)) return error.issues[0]?.code as string
    }
    return 'nothing'
  }
  expect(code(() => explainConcept('nonsense'))).toBe('explain/concept')
  expect(code(() => explainConcept('hdc', { x: [1] }))).toBe('explain/letter')
  expect(code(() => explainConcept('hdc', { rates: [0, 1] }))).toBe('explain/number')
  expect(code(() => explainConcept('hdc', { rates: [] }))).toBe('explain/number')
  expect(code(() => explain(vgg16(), 'nowhere'))).toBe('graph/unknown-id')
})

// ── nodes ───────────────────────────────────────────────────────────────────

/** The last result of each section. */
function outcome(net: GraphData, id: string): Record<string, string> {
  const { sections } = explain(net, id)
  return Object.fromEntries(sections.map(({ title, steps }) => [title.en, english(steps.at(-1)?.result ?? '')]))
}

const shown = (value: number | null): string => (value === null ? '?' : value.toLocaleString('en-US'))

test.each(graphs)('the derivations of $name end in the numbers of its summary', (model) => {
  const net = model()
  for (const node of analyze(net).nodes) {
    const { parameters, 'multiply-accumulates': macs } = outcome(net, node.id)
    expect([node.id, parameters, macs]).toEqual([node.id, shown(node.params), shown(node.macs)])
  }
})

test('the derivation of a strided convolution', () => {
  const { sections, concepts: kinds, from } = explain(resnet18(), 'layer2/block1/conv2d')
  const lines = sections.flatMap(({ steps }) => steps.map(({ numbers, result }) => `${english(numbers)} = ${english(result)}`))
  expect(lines).toEqual([
    'floor((56 + 2 − 1 · (3 − 1) − 1)/2) + 1 = 28', 'floor((56 + 2 − 1 · (3 − 1) − 1)/2) + 1 = 28', ' = 128', '3 · 3 · 64 · 128 = 73,728',
    '3 · 3 · 64/1 · 128 = 73,728', '28 · 28 · 3 · 3 · 64/1 · 128 = 57,802,752', '43 + (3 − 1) · 1 · 4 = 51', '4 · 2 = 8', '21 + 1 · 4 = 25',
  ])
  expect(kinds.map(({ zh }) => zh)).toEqual(['卷积'])
  expect(from).toEqual([{ id: 'layer1/block2/relu_1', shape: [56, 56, 64] }])
})

/** What the numbers of a formula come to; `null` for one that is no arithmetic. */
function worked(numbers: string): number | null {
  const program = numbers.replaceAll(',', '').replaceAll('·', '*').replaceAll('−', '-').replaceAll('²', '**2').replaceAll(/^\[|\]$/g, '')
    .replaceAll(/\b(floor|ceil|min|max)\b/g, 'Math.$1')
  if (!/\d/.test(program) || program.includes('...') || /[^\d\s()+\-*/.]/.test(program.replaceAll(/Math\.\w+/g, ''))) return null
  return Function(`return ${program}`)() as number
}

const EXAMPLES = layers.flatMap((definition) => definition.examples.map((example, index) => ({ definition, example, index })))

/** A layer's example, and its derivations by section. */
function explained({ definition, example }: (typeof EXAMPLES)[number]): { readonly site: Site; readonly sections: Record<string, readonly Step[]> } {
  const config = definition.config.parse(example.config)
  const site = inferUse(definition, config, example.inputs)
  if (!('outputs' in site)) throw new Error('does not fit')
  const inputs = example.inputs.map((shape, index) => ({ id: `in${index}`, shape }))
  const node = { id: 'node', kind: definition.kind, from: inputs.map(({ id }) => ({ id, output: 0 })), definition, config, site, weights: null }
  const { sections } = explain({ name: 'one', inputs, nodes: [node], outputs: [] }, 'node')
  return { site, sections: Object.fromEntries(sections.map(({ title, steps }) => [title.en, steps])) }
}

describe("every layer's page", () => {
  test.each(EXAMPLES)('$definition.kind, example $index: its formula gives its sizes, parameters and multiply-accumulates', (one) => {
    const { site, sections } = explained(one)
    const { 'output shape': shape = [], parameters = [], 'multiply-accumulates': macs = [] } = sections
    const sizes = site.inputs.map(showDims).join(', ')
    for (const { numbers, result } of [...shape.filter((step) => english(step.numbers) !== sizes), ...parameters, ...macs]) {
      const value = worked(english(numbers))
      if (value !== null) expect([english(numbers), value]).toEqual([english(numbers), numberOf(result)])
    }
    expect(numberOf(macs.at(-1)?.result ?? '')).toBe(one.definition.macs(site))
  })

  test.each(EXAMPLES)('$definition.kind, example $index: has a rule with numbers for what it stores, what it multiplies and where it slides', (one) => {
    const { site, sections } = explained(one)
    const { formula = '', letters, category } = one.definition
    const rules = partsOf(formula, letters?.(site).reads)
    for (const [title, rule] of [['parameters', rules.params], ['multiply-accumulates', rules.macs]] as const) {
      const last = sections[title]?.at(-1) as Step
      if (numberOf(last.result) === 0) continue
      expect(english(last.formula)).toBe(rule)
      expect(worked(english(last.numbers))).toBe(numberOf(last.result))
    }
    const slides = ['window', 'transposed', 'deformable', 'bins'].includes(one.definition.field(site).rule) && (category !== 'reshape' || letters !== undefined)
    if (slides) expect(sections['output shape']?.slice(0, -1).map(({ numbers }) => worked(english(numbers)))).toEqual(site.outputs[0]?.slice(0, -1))
  })
})

test('shared weights, groups, dilation, enlarging and unknown sizes are told', () => {
  const twin = shared(conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, groups: 2, padding: 'same' }) as never) as unknown as Op
  const net = chain([8, 8, 4], twin, twin)
  const second = explain(net, 'conv2d_1')
  expect(second.concepts.map(({ en }) => en)).toEqual(['convolution', 'dilated convolution', 'grouped convolution'])
  expect(english(second.sections[1]?.steps[0]?.numbers ?? '')).toBe('those of conv2d')
  const up = chain([8, 8, 4], ruled({ rule: 'transposed', size: [3, 3], strides: [2, 2], dilations: [1, 1], pads: [[1, 1], [1, 1]] }, [16, 16, 4]))
  expect(explain(up, 'ruled').sections[0]?.steps[0]).toMatchObject({ numbers: '8×8×4', result: '16×16×4' })
  const open = chain([null, 8, 4], conv2d({ filters: 2, kernelSize: 3 }) as Op)
  expect(explanationText(explain(open, 'conv2d'))).toContain('a size is not known')
  expect(outcome(open, 'conv2d')['multiply-accumulates']).toBe('?')
})

test('Chinese alone, or beside English', () => {
  const explanation = explain(vgg16(), 'block1/conv2d')
  expect(explanationText(explanation)).toContain('receptive field 感受野')
  expect(explanationText(explanation, { lang: 'zh' })).not.toContain('receptive field')
  expect(explanationText(explanation)).toContain('Slides learned kernels over an image.')
  expect(explanationText(explanation, { lang: 'zh' })).toContain('学习到的卷积核在图像上滑动。')
})
