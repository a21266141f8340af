import { lenet5 } from 'layergraph/graphs'
import { describe, expect, it } from 'vitest'
import { planMemory } from '../../src/analysis/buffers.ts'
import { planJson, planText } from '../../src/report/plan.ts'

describe('a plan', () => {
  const plan = planMemory(lenet5() as never, { training: false, batch: 2 })

  it('is a table of steps and buffers', () => {
    expect(planText(plan)).toBe(`lenet5  inference

#  layer   in one go         in  out    output      size      held
1  c1      conv2d             1    2   28×28×6  36.8 KiB  44.8 KiB
2  s2      avgPool2d          2    3   14×14×6   9.2 KiB  53.9 KiB
3  c3      conv2d             3    2  10×10×16  12.5 KiB  29.7 KiB
4  s4      avgPool2d          2    3    5×5×16   3.1 KiB  23.6 KiB
5  c5      conv2d + flatten   3    2       120     960 B  12.1 KiB
6  f6      dense              2    3        84     672 B   9.6 KiB
7  output  dense              3    2        10      80 B   8.7 KiB

steps      7 for 8 layers
most held  53.9 KiB for a batch of 2
buffers    3, together 53.9 KiB
weights    241.0 KiB
`)
  })

  it('is data', () => {
    const { steps, ...totals } = JSON.parse(planJson(plan)) as { readonly steps: readonly object[] }
    expect(totals).toEqual({ name: 'lenet5', batch: 2, training: false, buffers: [8192, 37632, 9408], weights: 246824, peak: 55232 })
    expect(steps[4]).toEqual({
      id: 'c5', kind: 'conv2d', fused: [{ id: 'flatten', kind: 'flatten', does: 'reshape' }], release: ['s4'], view: false, held: 12352,
      inputs: [{ name: 's4', shape: [5, 5, 16], bytes: 3200, buffer: 3 }],
      outputs: [{ name: 'flatten', shape: [120], bytes: 960, buffer: 2 }],
    })
  })

  it('holds everything to the end in training', () => {
    const training = planMemory(lenet5() as never, { training: true, batch: 2 })
    const numbers = 32 * 32 + 28 * 28 * 6 + 14 * 14 * 6 + 10 * 10 * 16 + 5 * 5 * 16 + 120 + 84 + 10
    expect(training.peak).toBe(2 * 4 * numbers)
  })
})
