// Layers of one's own in the page: their uses as data.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { layers } from '../../layers/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { unitField } from '../../src/analysis/unit.ts'
import { printDocument } from '../../src/graph/document.ts'
import { conv2d, defineLayer, flatten, graph, input, pipe } from '../../src/index.ts'
import { withConfig, withShape } from '../../src/viewer/model/edit.ts'
import { definitionOf, knownLayers, readKnown } from '../../src/viewer/model/known.ts'
import { readLink, writeLink } from '../../src/viewer/model/permalink.ts'
import { projectOf } from '../../src/viewer/model/project.ts'

const every = defineLayer({
  kind: 'everyOther', category: 'pooling', summary: 'Keeps every other pixel.', formula: 'out = in / by',
  config: z.strictObject({ by: z.int().positive().default(2) }), examples: [{ config: {}, inputs: [[8, 8, 3]] }],
  infer: ({ config: { by }, inputs: [x] }) => ({ outputs: [[(x?.[0] ?? 0) / by, (x?.[1] ?? 0) / by, x?.[2] ?? null]] }),
  weights: () => [{ name: 'gain', shape: [3], initializer: 'ones', trainable: true }],
  macs: () => 17,
  field: ({ config: { by } }) => ({ rule: 'window', size: [1, 1], strides: [by, by], dilations: [1, 1], pads: [[0, 0], [0, 0]] }),
  forward: (_op, _site, [x]) => x as never,
})

const image = input([16, 16, 3])
const model = graph({ name: 'own', inputs: { image }, outputs: { y: pipe(image, every(), conv2d({ filters: 4, kernelSize: 3 }), flatten()) } })
// What a page gets has been text on its way.
const known = JSON.parse(JSON.stringify(knownLayers(model, layers))) as ReturnType<typeof knownLayers>
const definitions = [...known.map(definitionOf), ...layers]
const document = printDocument(model)

describe('a layer of one\'s own', () => {
  test('is known by its uses: the page says what its file says', () => {
    expect(known.map(({ kind }) => kind)).toEqual(['everyOther'])
    const { sound, survey, analysis } = projectOf(document, definitions)
    expect(sound).toBe(true)
    expect(analysis).toEqual(analyze(model))
    expect(unitField(survey.graph, 'conv2d')).toEqual(unitField(model, 'conv2d'))
  })

  test('is unknown with other settings or sizes, and says where they are known', () => {
    for (const changed of [withConfig(document, 'everyOther', { by: 4 }), withShape(document, 'image', [32, 32, 3])]) {
      expect(projectOf(changed, definitions).findings).toMatchObject([{ at: 'everyOther', code: 'view/not-known', hint: expect.stringContaining('file of the model') }])
    }
  })

  test('travels in a link, and nothing else does', async () => {
    const { layers: read } = await readLink(await writeLink({ document, model: null, node: null, view: null, layers: known }))
    expect(read).toEqual(known)
    expect(projectOf(document, [...read.map(definitionOf), ...layers]).analysis).toEqual(analyze(model))
    const [own] = known
    expect(() => readKnown([{ ...own, paper: { title: 't', authors: 'a', year: 2000, url: 'javascript:alert(1)' } }])).toThrow('paper.url')
    expect(() => readKnown([{ ...own, uses: [{ ...own?.uses[0], field: { rule: 'some' } }] }])).toThrow('field')
  })

  test('of every kind of field is read back', () => {
    const uses = layers.flatMap(({ kind, examples, ...definition }) => examples.slice(0, 1).flatMap(({ config, inputs }) => {
      const inferred = { config: definition.config.parse(config), inputs }
      const made = definition.infer(inferred as never)
      return 'outputs' in made ? [{ kind, field: definition.field({ ...inferred, outputs: made.outputs } as never), outputs: made.outputs, inputs }] : []
    }))
    expect(new Set(uses.map(({ field }) => field.rule)).size).toBeGreaterThan(7)
    for (const { kind, field, outputs, inputs } of uses) {
      const one = { kind, category: 'merge', summary: '', uses: [{ config: {}, inputs, outputs, weights: [], macs: 0, field }] }
      expect(readKnown(JSON.parse(JSON.stringify([one])))[0]?.uses[0]?.field).toEqual(field)
    }
  })

  test('is none in a model of standard layers', () => {
    const x = input([4])
    expect(knownLayers(graph({ name: 'plain', inputs: { x }, outputs: { y: flatten()(x) } }), layers)).toEqual([])
  })
})
