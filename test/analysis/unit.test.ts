import { describe, expect, test } from 'vitest'
import { vgg16 } from '../../graphs/index.ts'
import { effectiveField } from '../../src/analysis/effective.ts'
import { projected, griddingOf } from '../../src/analysis/gridding.ts'
import { unitField } from '../../src/analysis/unit.ts'
import { add, conv2d, dense, flatten, globalAvgPool2d, maxPool2d, type Op, parallel, relu, residual } from '../../src/index.ts'
import { unitText } from '../../src/report/unit.ts'
import { upsampleField } from '../../src/spec/field.ts'
import { messageOf } from '../graph/support.ts'
import { chain } from './nets.ts'
import { ruled } from './ruled.ts'

const conv = (kernelSize: number, more: object = {}): Op => conv2d({ filters: 2, kernelSize, ...more }) as Op

describe('a unit', () => {
  const net = chain([12, 10, 1], conv(3, { padding: 1, strides: 2 }), relu(), conv(3, { dilationRate: 2, padding: 2 }))

  test('in a corner sees what the edges leave', () => {
    expect(unitField(net, 'conv2d_1', [0, 4]).views[0]).toMatchObject({
      first: [0, 3], last: [5, 9], reach: { first: [-5, 3], last: [5, 13] }, seen: 30, unseen: 12,
    })
  })

  test('is the one in the middle when none is named', () => {
    expect(unitField(net, 'relu').at).toEqual([3, 2])
    expect(unitField(net, 'relu').views[0]).toMatchObject({ first: [5, 3], last: [7, 5], seen: 9, unseen: 0 })
  })

  test('after global pooling sees the whole image, or what strides leave of it', () => {
    const strided = chain([9, 9, 1], conv(1, { strides: 2 }), globalAvgPool2d(), dense({ units: 3 }))
    expect(unitField(strided, 'dense', []).views[0]).toMatchObject({ first: [0, 0], last: [8, 8], seen: 25, unseen: 56, reach: null })
  })

  test('is drawn in its image', () => {
    expect(unitText(unitField(chain([5, 6, 1], conv(2, { dilationRate: 2 })), 'conv2d', [1, 2]))).toBe(
      'conv2d (conv2d) 3×4×2, unit 1,2\n\nimage      image 5×6×1\nsees       rows 1 to 3, columns 2 to 4: 4 pixels, and 5 between them not\n'
      + 'effective  rows 0 to 4, columns 1 to 5 hold 95 % of the paths along each axis (σ 1.0 × 1.0)\n\n'
      + '· · · · · ·\n· · ██· ██·\n· · · · · ·\n· · ██· ██·\n· · · · · ·\n')
  })

  test('must be there, and its node on a grid', () => {
    expect(messageOf(() => unitField(net, 'relu', [6, 0]))).toContain('has no unit 6,0: its map is 6×5')
    expect(messageOf(() => unitField(net, 'relu', [1]))).toContain('has 2 axes, but 1 numbers say where')
    expect(messageOf(() => unitField(chain([5, 5, 1], flatten()), 'flatten', []))).toContain('field/unknown')
    expect(messageOf(() => unitField(chain([null, 5, 1], conv(3)), 'conv2d'))).toContain('its size ?×3×2 is not known')
  })
})

describe('effective fields', () => {
  /** Mean and deviation of the path counts along an axis. */
  function measured(net: Parameters<typeof griddingOf>[0], id: string, axis: number): readonly number[] {
    const { map } = griddingOf(net, id)[0]!
    const { counts, start } = projected(map!, axis)
    const total = counts.reduce((sum, count) => sum + count, 0)
    const mean = counts.reduce((sum, count, offset) => sum + count * (offset + start[0]!), 0) / total
    const variance = counts.reduce((sum, count, offset) => sum + count * (offset + start[0]! - mean) ** 2, 0) / total
    return [mean, Math.sqrt(variance)]
  }

  test.each([
    ['a chain', chain([64, 64, 1], conv(3, { padding: 1 }), conv(5, { dilationRate: 2 }), maxPool2d({ poolSize: 2 }), conv(3))],
    ['branches', chain([64, 64, 1], conv(3), parallel([conv(1, { padding: 2 }), conv(3, { padding: 3 }), conv(5, { padding: [[4, 4], [4, 4]] })], add()), conv(3, { strides: 2 }), residual(conv(3, { padding: 'same' })))],
    ['VGG-16', vgg16()],
  ])('of %s have the moments of its path counts', (_name, net) => {
    const { id } = net.nodes.findLast(({ site }) => site.outputs[0]?.length === 3)!
    const [field] = effectiveField(net, id)
    for (const axis of [0, 1]) {
      const [mean, deviation] = measured(net, id, axis)
      expect(field!.mean[axis]).toBeCloseTo(mean!, 6)
      expect(field!.deviation[axis]).toBeCloseTo(deviation!, 6)
    }
  })

  test('n windows of 3 have variance 2n/3, so that the radius grows with the root of the depth', () => {
    const [field] = effectiveField(chain([64, 64, 1], ...Array.from({ length: 6 }, () => conv(3))), 'conv2d_5')
    expect(field).toMatchObject({ mean: [6, 6] })
    expect(field!.deviation[0]).toBeCloseTo(2, 9)
    expect(field!.radius[1]).toBeCloseTo(4, 9)
    expect(field!.paths).toBeCloseTo(Math.log2(9 ** 6), 9)
  })

  test('a global layer spreads evenly', () => {
    const [field] = effectiveField(chain([7, 9, 1], globalAvgPool2d()), 'globalAvgPool2d')
    expect(field).toMatchObject({ mean: [3, 4], deviation: [2, Math.sqrt(80 / 12)] })
  })

  test('enlarging divides by its factor', () => {
    const [field] = effectiveField(chain([8, 2], ruled(upsampleField([2]), [16, 2])), 'ruled', [9])
    expect(field!.mean[0]).toBeCloseTo(4.25, 9)
  })
})
