// Forms that are read off the schemas of layers.
import { describe, expect, test } from 'vitest'
import { layers } from '../../layers/index.ts'
import type { LayerDefinition } from '../../src/spec/layer.ts'
import { accepts, check, type Field, formOf, initial } from '../../src/viewer/model/form.ts'

const layer = (kind: string): LayerDefinition => layers.find((one) => one.kind === kind) as LayerDefinition
type Config = Readonly<Record<string, unknown>>
const fieldAt = (kind: string, config: Config, key: string): Field =>
  formOf(layer(kind), layer(kind).config.parse(config) as Config).find((entry) => entry.key === key)?.field as Field

describe.each(layers.map((one) => [one.kind, one] as const))('%s', (_kind, definition) => {
  test('every stored example fits into its form, and what the form begins with is of its form', () => {
    for (const example of definition.examples) {
      const config = definition.config.parse(example.config) as Config
      const entries = formOf(definition, config)
      const given = Object.keys(config).filter((key) => config[key] !== undefined)
      expect(entries.map(({ key }) => key)).toEqual(expect.arrayContaining(given))
      for (const { key, field } of entries) {
        if (config[key] !== undefined) expect([key, accepts(field, config[key])]).toEqual([key, true])
        expect([key, field.type === 'json']).toEqual([key, false])
        expect(accepts(field, initial(field))).toBe(true)
      }
      expect(check(definition, config)).toEqual({ config })
    }
  })
})

describe('fields', () => {
  const conv = { filters: 4, kernelSize: 3 }

  test('numbers, booleans and choices', () => {
    expect(fieldAt('conv2d', conv, 'filters')).toEqual({ type: 'number', whole: true, least: 1 })
    expect(fieldAt('dropout', { rate: 0.5 }, 'rate')).toMatchObject({ type: 'number', whole: false, least: 0 })
    expect(fieldAt('conv2d', conv, 'useBias')).toEqual({ type: 'boolean' })
    expect(fieldAt('conv2d', conv, 'activation')).toMatchObject({ type: 'choice', options: expect.arrayContaining(['linear', 'relu']) })
  })

  test('what is only a short way to write what is stored is left out', () => {
    expect(fieldAt('conv2d', conv, 'kernelSize')).toMatchObject({ type: 'tuple', items: [{ type: 'number' }, { type: 'number' }] })
    const padding = fieldAt('conv2d', conv, 'padding') as Extract<Field, { type: 'either' }>
    expect(padding.branches.map(({ type }) => type)).toEqual(['choice', 'tuple'])
    expect(fieldAt('split', { numOrSizeSplits: 2 }, 'numOrSizeSplits')).toMatchObject({ type: 'either', branches: [{ type: 'number' }, { type: 'list' }] })
  })

  test('lists and records', () => {
    expect(fieldAt('spatialPyramidPool', {}, 'bins')).toMatchObject({ type: 'list', least: 1 })
    expect(fieldAt('conv2d', conv, 'kernelInitializer')).toMatchObject({ type: 'either', branches: [{ type: 'choice' }, { type: 'record', keys: [{ key: 'constant' }] }] })
  })
})

describe('checking', () => {
  test('says by key what the schema has against it', () => {
    const result = check(layer('conv2d'), { filters: 0, kernelSize: [3, undefined], padding: 'same' })
    expect(result).toMatchObject({ faults: { filters: expect.stringContaining('filters: '), kernelSize: expect.stringContaining('kernelSize') } })
    expect(Object.keys((result as { faults: object }).faults)).toEqual(['filters', 'kernelSize'])
  })

  test('hears what a layer itself refuses', () => {
    const { faults } = check(layer('maxPool2d'), { poolSize: [2, 2], strides: [2, 2], padding: [[3, 3], [3, 3]], ceilMode: false }) as { faults: Config }
    expect(faults.padding).toContain('must be smaller than the window')
  })
})
