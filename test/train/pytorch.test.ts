// Nine updates of a small network are those of PyTorch 1.13 (test/fixtures/training.py).
import { dense, graph, input, pipe } from 'layergraph'
import { adam, adamW, cosineDecay, createModel, losses, type Optimizer, type Schedule, sgd, stepDecay } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import type { WeightArrays } from '../../src/runtime/weights.ts'
import fixture from '../fixtures/training.json' with { type: 'json' }

const x = input([6])
const net = graph({ name: 'mlp', inputs: { x }, outputs: { y: pipe(x, dense({ units: 5, activation: 'tanh' }), dense({ units: 3 })) } })

type Case = (typeof fixture.cases)[number]

const makers: Readonly<Record<string, (rate: number | Schedule, options: object) => Optimizer>> = { sgd, adam, adamW }

function rateOf({ learningRate, schedule }: Case): number | Schedule {
  const numbers = schedule as { name: string; end?: number; every?: number; factor?: number } | null
  if (numbers?.name === 'cosine') return cosineDecay(learningRate, { end: numbers.end as number })
  if (numbers?.name === 'step') return stepDecay(learningRate, numbers as { every: number; factor: number })
  return learningRate
}

const start: WeightArrays = Object.fromEntries(Object.entries(fixture.start)
  .map(([name, { data, shape }]) => [name, { data: Float32Array.from(data), shape }]))

const labelsOf = ({ loss }: Case) => loss === 'meanSquaredError'
  ? { data: Float32Array.from(fixture.numbers), shape: [24, 3] }
  : { data: Int32Array.from(fixture.labels), shape: [24] }

const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i] as number, 5)
}

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  test.each(fixture.cases)('$optimizer $options $schedule, $loss', async (one) => {
    const model = await createModel(net, { backend })
    model.setWeights(start)
    const [said, rates]: [number[], number[]] = [[], []]
    const steps = model.train({ inputs: { data: Float32Array.from(fixture.x), shape: [24, 6] }, labels: labelsOf(one) }, {
      epochs: 3, batchSize: 8, shuffle: false, loss: losses[one.loss as keyof typeof losses],
      optimizer: (makers[one.optimizer] as (typeof makers)[string])(rateOf(one), one.options),
    })
    for await (const { loss, learningRate } of steps) {
      said.push(loss)
      rates.push(learningRate)
    }
    near(said, one.losses)
    near(rates, one.rates)
    for (const [name, { data }] of Object.entries(model.weights())) near(data, one.weights[name as keyof Case['weights']])
    model.dispose()
  })
})
