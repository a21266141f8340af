import { kerasMnist } from 'layergraph/graphs'
import { describe, expect, it } from 'vitest'
import { planMemory } from '../../src/analysis/buffers.ts'
import { planJson, planText } from '../../src/report/plan.ts'

describe('a plan', () => {
  const plan = planMemory(kerasMnist() as never, { training: false, batch: 2 })

  it('is a table of steps and buffers', () => {
    expect(planText(plan)).toBe(`kerasMnist  inference

#  layer        in one go                      in  out    output       size       held
1  conv2d       conv2d                          1    2  26×26×32  169.0 KiB  175.1 KiB
2  maxPool2d    maxPool2d                       2    3  13×13×32   42.3 KiB  217.4 KiB
3  conv2d_1     conv2d                          3    2  11×11×64   60.5 KiB  108.9 KiB
4  maxPool2d_1  maxPool2d + flatten + dropout   2    3      1600   12.5 KiB   79.1 KiB
5  dense        dense                           3    2        10       80 B   18.7 KiB

steps      5 for 7 layers
most held  217.4 KiB for a batch of 2
buffers    3, together 217.4 KiB
weights    136.0 KiB
`)
  })

  it('is data', () => {
    const { steps, ...totals } = JSON.parse(planJson(plan)) as { steps: { id: string; fused: object[]; release: string[]; outputs: object[] }[] }
    expect(totals).toEqual({ name: 'kerasMnist', batch: 2, training: false, buffers: [6272, 173056, 43264], weights: 139304, peak: 222592 })
    expect(steps[3]).toMatchObject({
      id: 'maxPool2d_1', fused: [{ id: 'flatten', kind: 'flatten', does: 'reshape' }, { id: 'dropout', kind: 'dropout', does: 'nothing' }],
      release: ['conv2d_1'], outputs: [{ name: 'dropout', shape: [1600], bytes: 12800, buffer: 3 }], view: false,
    })
  })

  it('holds everything to the end in training, and leaves dropout where it is', () => {
    const training = planMemory(kerasMnist() as never, { training: true, batch: 2 })
    expect(training.steps.map(({ step }) => step.node.kind)).toEqual(['conv2d', 'maxPool2d', 'conv2d', 'maxPool2d', 'dropout', 'dense'])
    expect(training.peak).toBe(2 * 4 * (784 + 26 * 26 * 32 + 13 * 13 * 32 + 11 * 11 * 64 + 1600 + 1600 + 10))
  })
})
