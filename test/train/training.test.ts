// A training can be stopped and gone on with, said again to the bit, and says what is wrong.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { batchNorm, conv2d, dense, dropout, flatten, graph, input, pipe, softmax } from 'layergraph'
import {
  adam, createModel, historyCsv, historyJson, meanSquaredError, type Model, saveReport, sgd, sigmoidCrossEntropy, softmaxCrossEntropy,
  type TrainOptions, type TrainStep,
} from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { folder } from '../support/command.ts'

const image = input([6, 6, 1])
const net = graph({
  name: 'net', inputs: { image },
  outputs: { y: pipe(image, conv2d({ filters: 3, kernelSize: 3 }), batchNorm(), flatten(), dropout({ rate: 0.3 }), dense({ units: 3 })) },
})

function examples(count: number) {
  const data = Float32Array.from({ length: count * 36 }, (_, index) => Math.sin(index * 12.9898) * 0.5 + (index % 3) / 3)
  return { inputs: { data, shape: [count, 6, 6, 1] }, labels: { data: Uint8Array.from({ length: count }, (_, index) => (index * 7) % 3), shape: [count] } }
}
const data = examples(40)
const options: TrainOptions = { epochs: 3, batchSize: 8, optimizer: adam(0.01), validation: examples(10) }
/** Records without the time they took. */
const timeless = <T extends object>(records: readonly T[]): object[] => records.map((record) => ({ ...record, seconds: 0 }))

async function take<O>(model: Model<O>, steps: number, given: TrainOptions): Promise<TrainStep[]> {
  const taken: TrainStep[] = []
  for await (const step of model.train(data, given)) if (taken.push(step) === steps) break
  return taken
}

describe('reproducible', () => {
  test('the same seed gives the same weights and numbers to the bit; another seed gives others', async () => {
    const runs = await Promise.all([1, 1, 2].map(async (seed) => {
      const model = await createModel(net, { seed })
      const history = await model.fit(data, options)
      return { history: timeless(history), weights: model.weights() }
    }))
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]?.weights).not.toEqual(runs[0]?.weights)
  })

  test.each([1, 5, 7, 12])('left after %i updates and gone on with, it ends where it would have ended', async (steps) => {
    const straight = await createModel(net, { seed: 4 })
    const history = await straight.fit(data, options)
    const out = folder()
    const first = await createModel(net, { seed: 4 })
    await take(first, steps, { ...options, checkpoint: out })
    const second = await createModel(net, { seed: 4 })
    const resumed = await second.fit(data, { ...options, resume: out, checkpoint: out })
    expect(second.weights()).toEqual(straight.weights())
    expect(timeless(resumed)).toEqual(timeless(history))
  })
})

test('a checkpoint may stay in memory: stopped and gone on with, the training ends where it would have ended', async () => {
  const straight = await createModel(net, { seed: 4 })
  await straight.fit(data, options)
  const files: Uint8Array[] = []
  const checkpoint = (file: Uint8Array): void => { files.push(file) }
  await take(await createModel(net, { seed: 4 }), 5, { ...options, checkpoint })
  const second = await createModel(net, { seed: 4 })
  await second.fit(data, { ...options, resume: files.at(-1) as Uint8Array, checkpoint })
  expect(second.weights()).toEqual(straight.weights())
  await expect(second.fit(data, { ...options, resume: Uint8Array.of(1, 2) })).rejects.toThrow('store/corrupt')
})

describe('resume refuses', () => {
  async function checkpointed(): Promise<string> {
    const out = folder()
    await take(await createModel(net, { seed: 4 }), 2, { ...options, checkpoint: out })
    return out
  }

  test('another optimizer, seed or batch size', async () => {
    const resume = await checkpointed()
    const model = await createModel(net, { seed: 4 })
    await expect(model.fit(data, { ...options, optimizer: sgd(0.1), resume })).rejects.toThrow('was trained with adam, not with sgd')
    await expect(model.fit(data, { ...options, seed: 5, resume })).rejects.toThrow('seed: is 5, but the checkpoint was made with 4')
    await expect(model.fit(data, { ...options, batchSize: 9, resume })).rejects.toThrow('batchSize: is 9, but the checkpoint was made with 8')
  })

  test('the checkpoint of another graph, a damaged one, none', async () => {
    const resume = await checkpointed()
    const other = await createModel(graph({ name: 'other', inputs: { image }, outputs: { y: pipe(image, flatten(), dense({ units: 3 })) } }), { seed: 4 })
    await expect(other.fit(data, { ...options, resume })).rejects.toThrow('was saved for another graph')
    const path = join(resume, 'checkpoint.safetensors')
    writeFileSync(path, readFileSync(path).subarray(0, -1))
    const model = await createModel(net, { seed: 4 })
    const before = model.weights()
    await expect(model.fit(data, { ...options, resume })).rejects.toThrow('store/corrupt')
    await expect(model.fit(data, { ...options, resume: folder() })).rejects.toThrow('store/missing')
    expect(model.weights()).toEqual(before)
  })
})

test('steps say where the training is', async () => {
  const steps = await take(await createModel(net, { seed: 1 }), Number.POSITIVE_INFINITY, options)
  expect(steps.map(({ epoch, step }) => [epoch, step])).toEqual([1, 2, 3].flatMap((epoch) => [1, 2, 3, 4, 5].map((step) => [epoch, step])))
  expect(steps.map(({ history }) => history.length)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3])
  expect(steps[4]?.meanLoss).toBeCloseTo(steps.slice(0, 5).reduce((sum, { loss }) => sum + loss, 0) / 5, 10)
  expect(steps.at(-1)?.secondsLeft).toBe(0)
  expect(steps[4]?.epochEnd).toMatchObject({ epoch: 1, loss: steps[4]?.meanLoss, learningRate: 0.01 })
})

test('a loss that is no number stops it, and the weights stay as they were', async () => {
  const model = await createModel(net, { seed: 1 })
  const before = model.weights()
  const bad = { ...data, inputs: { ...data.inputs, data: data.inputs.data.map((value, index) => (index === 40 ? Number.NaN : value)) } }
  await expect(model.fit(bad, { ...options, batchSize: 40 })).rejects.toThrow(/loss: became NaN[\s\S]*lower the learning rate/)
  expect(model.weights()).toEqual(before)
})

describe('what does not fit', () => {
  test.each<[string, TrainOptions, string]>([
    ['no epochs', { epochs: 0 }, 'epochs: is 0'],
    ['half a batch', { batchSize: 0.5 }, 'batchSize: is 0.5'],
    ['a loss by name', { loss: 'mse' as never }, 'loss: is mse'],
    ['a loss for an output that is not there', { loss: { z: meanSquaredError } }, 'there is no output "z"'],
    ['labels without a loss', { loss: {} }, 'there are labels for the output "y", but no loss'],
  ])('%s', async (_what, given, said) => {
    await expect((await createModel(net)).fit(data, given)).rejects.toThrow(said)
  })

  test('labels that are no classes of the output', async () => {
    const model = await createModel(net)
    const labels = { data: Uint8Array.from({ length: 40 }, () => 3), shape: [40] }
    await expect(model.fit({ ...data, labels })).rejects.toThrow('a label is 3, but the output has 3 classes')
    await expect(model.fit({ ...data, labels: { data: new Float32Array(80), shape: [40, 2] } })).rejects.toThrow('labels of [32,2] do not fit an output of [32,3]')
  })

  test('probabilities where logits are needed, one class, nothing to train', async () => {
    const flat = input([4])
    const rows = { inputs: { data: new Float32Array(8), shape: [2, 4] }, labels: { data: Uint8Array.of(0, 0), shape: [2] } }
    const ends = await createModel(graph({ name: 'ends', inputs: { flat }, outputs: { y: pipe(flat, dense({ units: 3 }), softmax()) } }))
    await expect(ends.fit(rows)).rejects.toThrow('the outputs are probabilities already')
    const single = await createModel(graph({ name: 'single', inputs: { flat }, outputs: { y: dense({ units: 1 })(flat) } }))
    await expect(single.fit(rows)).rejects.toThrow('softmax over a single class is always 1')
    const empty = await createModel(graph({ name: 'empty', inputs: { flat }, outputs: { y: softmax()(flat) } }))
    await expect(empty.fit(rows)).rejects.toThrow('has no weights to train')
  })
})

test.each([
  // logits (2, 0, −1): −log softmax = 0.169846, 2.169846, 3.169846
  [softmaxCrossEntropy, [0], 0.16984602, 1], [softmaxCrossEntropy, [2], 3.169846, 0],
  // log(1 + e^−2), log 2, log(1 + e^−1), mean of the three
  [sigmoidCrossEntropy, [1, 0, 0], (Math.log1p(Math.exp(-2)) + Math.log(2) + Math.log1p(Math.exp(-1))) / 3, 1],
  [meanSquaredError, [1, 1, 1], (1 + 1 + 4) / 3, null],
] as const)('$name of known numbers', async (loss, labels, expected, accuracy) => {
  const flat = input([3])
  const model = await createModel(graph({ name: 'one', inputs: { flat }, outputs: { y: dense({ units: 3, useBias: false })(flat) } }))
  model.setWeights({ 'dense/kernel': { data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), shape: [3, 3] } })
  const found = await model.evaluate({
    inputs: { data: Float32Array.of(2, 0, -1), shape: [1, 3] },
    labels: { data: Float32Array.from(labels), shape: labels.length === 1 ? [1] : [1, 3] },
  }, { loss })
  expect(found.loss).toBeCloseTo(expected, 6)
  expect(found.accuracy).toBe(accuracy)
})

describe('the record of a training', () => {
  const history = [
    { epoch: 1, loss: 0.5, accuracy: 0.75, validationLoss: null, validationAccuracy: null, learningRate: 0.01, seconds: 61.2 },
    { epoch: 2, loss: 0.0001, accuracy: 1, validationLoss: null, validationAccuracy: null, learningRate: 0.001, seconds: 60 },
  ]

  test('as CSV leaves empty what is not known, as JSON comes back', () => {
    expect(historyCsv(history)).toBe('epoch,loss,accuracy,validationLoss,validationAccuracy,learningRate,seconds\n1,0.5,0.75,,,0.01,61.2\n2,0.0001,1,,,0.001,60\n')
    expect(JSON.parse(historyJson(history))).toEqual(history)
  })

  test('as a report: a row for each epoch, settings, the model; no column without a number', async () => {
    const out = folder()
    await saveReport(out, { graph: net, history, test: { loss: 0.2, accuracy: 0.987, examples: 1000 }, settings: { optimizer: 'adam', warmup: null, nesterov: false } })
    const report = readFileSync(join(out, 'report.md'), 'utf8')
    expect(report).toMatch(/^# net, trained\n\n- Training: 2 epochs in 2:01\n- Test: \*\*98\.70 %\*\* of 1,000 test images, loss 0\.2000\n/)
    expect(report).toContain('| epoch | loss | accuracy | learning rate | time |')
    expect(report).toContain('| 2 | 1.00e-4 | 100.00 % | 0.00100 | 1:00 |')
    expect(report).toContain('| optimizer | adam |\n| nesterov | false |\n')
    expect(report).not.toContain('warmup')
    expect(report).toContain('## net\n\nInput: image 6×6×1')
  })
})
