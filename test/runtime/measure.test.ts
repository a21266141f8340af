// Measured fields against the counted ones.
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { effectiveField } from '../../src/analysis/effective.ts'
import { unitField } from '../../src/analysis/unit.ts'
import { conv2d, dense, flatten, maxPool2d, type Op, relu } from '../../src/index.ts'
import { measureField } from '../../src/runtime/measure.ts'
import { chain } from '../analysis/nets.ts'
import { messageOf } from '../graph/support.ts'

const conv = (more: object = {}): Op => conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false, ...more }) as unknown as Op

test('pixels that a unit sees have gradients, and no others do', async () => {
  const net = chain([14, 12, 2], conv({ dilationRate: 2 }), conv({ strides: 2 }), conv({ dilationRate: 2 }))
  for (const at of [[3, 2], [0, 5]]) {
    const [measured] = await measureField(net, 'conv2d_2', at, { samples: 3 })
    const { map, seen } = unitField(net, 'conv2d_2', at).views[0]!
    const moved = [...measured!.energy.entries()].filter(([, energy]) => energy > 0).map(([cell]) => [Math.floor(cell / 12), cell % 12])
    expect(moved.length).toBe(seen)
    for (const [y, x] of moved) {
      const place = (y! - map.start[0]!) * map.shape[1]! + (x! - map.start[1]!)
      expect(map.counts[place]).toBeGreaterThan(0)
    }
  }
})

test('over random linear models the squares of the gradients spread as the paths do', async () => {
  const net = chain([25, 25, 4], conv(), conv({ dilationRate: 2 }), conv())
  const [measured] = await measureField(net, 'conv2d_2', [12, 12], { samples: 40 })
  const [counted] = effectiveField(net, 'conv2d_2', [12, 12])
  for (const axis of [0, 1]) {
    expect(measured!.mean[axis]!).toBeCloseTo(12, 0)
    expect(Math.abs(measured!.deviation[axis]! / counted!.deviation[axis]! - 1)).toBeLessThan(0.06)
  }
})

test('the same seed measures the same, weights can be given, and no tensors are left', async () => {
  const net = chain([8, 8, 1], conv(), relu() as Op, maxPool2d({ poolSize: 2 }) as Op)
  const once = await measureField(net, 'maxPool2d', [1, 1], { samples: 2, seed: 5 })
  const before = memory().numTensors
  expect(await measureField(net, 'maxPool2d', [1, 1], { samples: 2, seed: 5 })).toEqual(once)
  const zeros = { 'conv2d/kernel': { data: new Float32Array(72), shape: [3, 3, 1, 8] } }
  const [dead] = await measureField(net, 'maxPool2d', [1, 1], { samples: 1, weights: zeros })
  expect(Math.max(...dead!.energy)).toBe(0)
  expect(memory().numTensors).toBe(before)
})

test('what cannot be measured is told', async () => {
  const open = chain([null, 8, 1], conv())
  await expect(measureField(open, 'conv2d', [1, 1])).rejects.toThrow('its size is not known')
  const net = chain([8, 8, 1], conv(), flatten() as Op, dense({ units: 2 }) as Op)
  await expect(measureField(net, 'conv2d', [1])).rejects.toThrow('has 2 axes, but 1 numbers say where')
  await expect(measureField(net, 'conv2d', [1, 1], { weights: {} })).rejects.toThrow('store/weights')
  expect(messageOf(() => unitField(net, 'dense', [0]))).toContain('field/no-such-unit')
})
