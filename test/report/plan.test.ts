import { add, conv2d, graph, input, relu, sigmoid, tanh } from 'layergraph'
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

  it('holds everything to the end in training, and the gradients on their way back', () => {
    const training = planMemory(lenet5() as never, { training: true, batch: 2 })
    const sizes = [32 * 32, 28 * 28 * 6, 14 * 14 * 6, 10 * 10 * 16, 5 * 5 * 16, 120, 84, 10]
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
    expect(training.steps.at(-1)!.held).toBe(2 * 4 * sum(sizes))
    // Of every step: what went in and came out, the gradient by each, and those by the weights from here on.
    const weights = [156, 0, 2416, 0, 48120, 10164, 850]
    const back = weights.map((_, i) => 2 * 4 * (sum(sizes.slice(0, i + 2)) + sizes[i + 1]! + (i === 0 ? 0 : sizes[i]!)) + 4 * sum(weights.slice(i)))
    expect(training.steps.map(({ heldBack }) => heldBack)).toEqual(back)
    expect(training.peak).toBe(Math.max(...back))
    expect(planText(training)).toMatch(/size +held +back\n1 {2}c1 .* 44\.8 KiB {2}3\d\d\.\d KiB\n/)
    expect(JSON.parse(planJson(training))).toMatchObject({ steps: back.map((heldBack) => ({ heldBack })) })
  })

  it('counts the sum of two gradients beside them, and none where nothing learns', () => {
    const image = input([4, 4, 1])
    const x = conv2d({ filters: 1, kernelSize: 1, useBias: false })(relu()(image))
    const net = graph({ name: 'forked', inputs: { image }, outputs: { y: add()([sigmoid()(x), tanh()(x)]) } })
    const { steps } = planMemory(net as never, { training: true })
    const [one, weight] = [4 * 16, 4]
    expect(steps.map(({ step }) => step.node.kind)).toEqual(['relu', 'conv2d', 'sigmoid', 'tanh', 'add'])
    // Of the sigmoid: image, relu, conv2d, sigmoid; the gradients by sigmoid and by conv2d, another one by conv2d, their sum.
    expect(steps.map(({ heldBack }) => heldBack)).toEqual([null, 4 * one + weight, 8 * one, 8 * one, 9 * one])
  })
})
