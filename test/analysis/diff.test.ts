import { describe, expect, test } from 'vitest'
import { diff, isSame } from '../../src/analysis/diff.ts'
import { conv2d, dense, flatten, globalAvgPool2d, type Op, relu } from '../../src/index.ts'
import { resnet18 } from '../../graphs/index.ts'
import { diffText } from '../../src/report/diff.ts'
import { chain } from './nets.ts'

const conv = (filters: number, more: object = {}): Op => conv2d({ filters, kernelSize: 3, padding: 'same', ...more }) as unknown as Op
const base = chain([8, 8, 3], conv(4), relu() as Op, conv(8), flatten() as Op, dense({ units: 2 }) as Op)

test('a graph does not differ from itself', () => {
  expect(isSame(diff(base, base))).toBe(true)
  expect(isSame(diff(resnet18(), resnet18()))).toBe(true)
  expect(diffText(diff(base, base))).toBe('no differences\n')
})

describe('a changed setting', () => {
  const changes = diff(base, chain([8, 8, 3], conv(6), relu() as Op, conv(8), flatten() as Op, dense({ units: 2 }) as Op))

  test('is told by key, and what follows from it apart', () => {
    expect(changes.changed).toEqual([{ id: 'conv2d', kind: 'conv2d', changes: [{ key: 'filters', before: 4, after: 6 }] }])
    expect(changes.affected.map(({ id, changes: keys }) => [id, keys.map(({ key }) => key)])).toEqual([
      ['relu', ['output']], ['conv2d_1', ['params', 'macs']],
    ])
    expect([changes.added, changes.removed, changes.outputs, changes.inputs]).toEqual([[], [], [], []])
  })

  test('changes the totals', () => {
    expect(changes.metrics[0]).toEqual({ name: 'params', before: 112 + 296 + 1026, after: 168 + 440 + 1026 })
    expect(diffText(changes)).toContain('parameters         1,434 → 1,634 (+13.9 %)')
    expect(diffText(changes)).toContain('~ conv2d (conv2d)  filters 4 → 6')
  })
})

test('nodes come and go, and outputs move', () => {
  const other = chain([8, 8, 3], conv(4), conv(8), globalAvgPool2d() as Op)
  const { added, removed, outputs, changed } = diff(base, other)
  expect(added.map(({ id }) => id)).toEqual(['globalAvgPool2d'])
  expect(removed.map(({ id }) => id)).toEqual(['relu', 'flatten', 'dense'])
  expect(outputs).toEqual([{ key: 'y', before: 'dense', after: 'globalAvgPool2d' }])
  expect(changed).toEqual([{ id: 'conv2d_1', kind: 'conv2d', changes: [{ key: 'from', before: ['relu'], after: ['conv2d'] }] }])
})

test('another input size affects all that follows', () => {
  const changes = diff(base, chain([10, 8, 3], conv(4), relu() as Op, conv(8), flatten() as Op, dense({ units: 2 }) as Op))
  expect(changes.inputs).toEqual([{ key: 'image', before: [8, 8, 3], after: [10, 8, 3] }])
  expect(changes.affected.length).toBe(5)
  expect(diffText(changes, { most: 2 })).toContain('and 3 more nodes that follow from these')
})
