import { adam, constant, cosineDecay, exponentialDecay, type Progress, type Schedule, sgd, stepDecay, warmup } from 'layergraph/runtime'
import { expect, test } from 'vitest'

/** Ten epochs of ten updates. */
const at = (step: number, over: Partial<Progress> = {}): Progress =>
  ({ step, steps: 100, epoch: Math.floor(step / 10), epochs: 10, ...over })

const rates = (schedule: Schedule, ...steps: readonly number[]): readonly number[] => steps.map((step) => schedule(at(step)))

test('constant', () => expect(rates(constant(0.3), 0, 57, 99)).toEqual([0.3, 0.3, 0.3]))

test('step changes at the end of every so many epochs', () => {
  const schedule = stepDecay(1, { every: 3, factor: 0.5 })
  expect(rates(schedule, 0, 29, 30, 59, 60, 99)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.125])
  expect(stepDecay(1, { every: 1 })(at(10))).toBeCloseTo(0.1, 12)
})

test('exponential is factor to the power of epochs, also in between', () => {
  const schedule = exponentialDecay(2, { factor: 0.5 })
  expect(rates(schedule, 0, 10, 20)).toEqual([2, 1, 0.5])
  expect(schedule(at(5))).toBeCloseTo(2 * Math.sqrt(0.5), 12)
})

test('cosine goes from the rate to the end, through their mean', () => {
  const schedule = cosineDecay(1, { end: 0.2 })
  expect(schedule(at(0))).toBe(1)
  expect(schedule(at(50))).toBeCloseTo(0.6, 12)
  expect(schedule(at(100))).toBeCloseTo(0.2, 12)
  expect(schedule(at(1000))).toBeCloseTo(0.2, 12)
})

test('where nobody knows the number of updates, epochs count', () => {
  const unknown = { steps: null }
  expect(cosineDecay(1)(at(50, unknown))).toBeCloseTo(0.5, 12)
  expect(exponentialDecay(1, { factor: 0.5 })(at(29, unknown))).toBeCloseTo(0.25, 12)
})

test('warmup grows in equal steps and multiplies what follows', () => {
  expect(rates(warmup(4, 8), 0, 1, 2, 3, 4, 99)).toEqual([2, 4, 6, 8, 8, 8])
  expect(warmup(4, stepDecay(8, { every: 1, factor: 0.5 }))(at(10))).toBe(4)
  expect(warmup(0, 8)(at(0))).toBe(8)
})

test('optimizers refuse what makes no sense, with the number that was given', () => {
  expect(() => sgd(-1)).toThrow('sgd: learningRate: is -1')
  expect(() => sgd('fast' as never)).toThrow('sgd: learningRate: is fast')
  expect(() => sgd(0.1, { momentum: 1 })).toThrow('sgd: momentum: is 1')
  expect(() => sgd(0.1, { nesterov: true })).toThrow('needs a momentum')
  expect(() => adam(0.1, { beta1: 1 })).toThrow('adam: beta1: is 1')
  expect(() => adam(Number.NaN)).toThrow('adam: learningRate: is NaN')
})
