// Models that run: what goes in, what comes out, what is refused, and that nothing is left behind.
import * as tf from '@tensorflow/tfjs-core'
import { add, batchNorm, concat, conv2d, conv2dTranspose, defineLayer, dense, dropout, flatten, globalAvgPool2d, graph, input, maxPool2d, pipe, relu, residual, sequence, shared, upsample2d } from 'layergraph'
import { createModel, type Model, sgd } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { expectNear } from '../kernels/comparison.ts'
import { randomArray } from '../support/runLayer.ts'

const image = input([8, 9, 3])
const small = graph({
  name: 'small', inputs: { image },
  outputs: { logits: pipe(image, conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }), flatten(), dense({ units: 5 })) },
})

/** Two inputs, two outputs, weights used twice, a join, and everything that behaves otherwise in training. */
function twins() {
  const left = input([8, 8, 2])
  const right = input([8, 8, 2])
  const tower = shared(sequence(
    conv2d({ filters: 4, kernelSize: 3, padding: 'same' }), batchNorm(), relu(),
    residual(conv2d({ filters: 4, kernelSize: 3, padding: 1 })), globalAvgPool2d()))
  const [a, b] = [tower(left), tower(right)]
  const joined = pipe(concat()([a, b]), dropout({ rate: 0.3 }))
  return graph({
    name: 'twins', inputs: { left, right },
    outputs: { same: pipe(joined, dense({ units: 2 })), sum: add()([a, b]) },
  })
}

const messageOf = async (run: () => unknown): Promise<string> => {
  try {
    await run()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

describe('predict', () => {
  test('takes typed arrays and gives typed arrays, takes tensors and gives tensors', async () => {
    const model = await createModel(small, { seed: 1 })
    const x = randomArray([2, 8, 9, 3], 1)
    const array = model.predict(x)
    const given = tf.tensor(x.data, [2, 8, 9, 3])
    const before = tf.memory().numTensors
    const tensor = model.predict(given)
    expect(tensor.shape).toEqual([2, 5])
    expect(array.shape).toEqual([2, 5])
    expect(Float32Array.from(tensor.dataSync())).toEqual(array.data)
    tensor.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect(given.isDisposed).toBe(false)
    given.dispose()
    model.dispose()
  })

  test('is the same on wasm and on cpu, to rounding', async () => {
    const x = { left: randomArray([3, 8, 8, 2], 2), right: randomArray([3, 8, 8, 2], 3) }
    const answers = []
    for (const backend of ['wasm', 'cpu'] as const) {
      const model = await createModel(twins(), { seed: 4, backend })
      answers.push(model.predict(x))
      model.dispose()
    }
    const [wasm, cpu] = answers as [(typeof answers)[0], (typeof answers)[0]]
    expectNear(wasm!.same.data, cpu!.same.data, { relative: 1e-4, absolute: 1e-5 })
    expectNear(wasm!.sum.data, cpu!.sum.data, { relative: 1e-4, absolute: 1e-5 })
  })

  test('sizes that are left open may differ from call to call', async () => {
    const any = input([null, null, 3])
    const net = graph({ name: 'any', inputs: { any }, outputs: { y: pipe(any, conv2d({ filters: 4, kernelSize: 3 }), globalAvgPool2d(), dense({ units: 2 })) } })
    const model = await createModel(net)
    expect(model.predict(randomArray([1, 5, 6, 3], 1)).shape).toEqual([1, 2])
    expect(model.predict(randomArray([2, 17, 4, 3], 1)).shape).toEqual([2, 2])
    expect(await messageOf(() => model.predict(randomArray([1, 2, 6, 3], 1)))).toContain('a window of 3×3 does not fit into 2×6×3')
    model.dispose()
  })

  test('outputs of a graph that hands its input on are the caller\'s own', async () => {
    const x = input([3])
    const model = await createModel(graph({ name: 'through', inputs: { x }, outputs: { x, again: dropout({ rate: 0.5 })(x) } }))
    const given = tf.tensor([[1, 2, 3]])
    const { x: first, again } = model.predict(given)
    tf.dispose([first, again])
    expect(given.dataSync()).toEqual(Float32Array.of(1, 2, 3))
    given.dispose()
  })
})

describe('what does not fit', () => {
  const cases: readonly [string, (model: Model) => unknown, string][] = [
    ['a single example', (model) => model.predict(randomArray([8, 9, 3], 1)), 'the first size is the batch: [1,8,9,3]'],
    ['another size', (model) => model.predict(randomArray([1, 8, 8, 3], 1)), 'takes a batch of 8×9×3, but gets a tensor of [1,8,8,3]'],
    ['another name', (model) => model.predict({ picture: randomArray([1, 8, 9, 3], 1) }), 'there is no "picture"'],
    ['an unknown weight', (model) => model.setWeights({ 'dense/kern': randomArray([1], 1) }, { partial: true }), 'the model has no such weight'],
    ['weights that are missing', (model) => model.setWeights({}), 'conv2d/kernel: is missing'],
    ['a weight of another shape', (model) => model.setWeights({ 'dense/bias': randomArray([4], 1) }, { partial: true }), 'is 4, but the model needs 5'],
  ]
  test.each(cases)('%s', async (_what, run, sentence) => {
    const model = await createModel(small) as unknown as Model
    const before = tf.memory().numTensors
    expect(await messageOf(() => run(model))).toContain(sentence)
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })

  test('a model that was disposed of', async () => {
    const model = await createModel(small)
    model.dispose()
    model.dispose()
    expect(await messageOf(() => model.predict(randomArray([1, 8, 9, 3], 1)))).toContain('was disposed of')
  })

  test('weights of unknown size', async () => {
    const x = input([null, 4, 1])
    const net = graph({ name: 'open', inputs: { x }, outputs: { y: pipe(x, flatten(), dense({ units: 2 })) } })
    expect(await messageOf(() => createModel(net))).toContain('dense/kernel: its shape ?×2 depends on an input size that is not known')
    const model = await createModel(net, { input: [3, 4, 1] })
    expect(model.predict(randomArray([1, 3, 4, 1], 1)).shape).toEqual([1, 2])
    expect(await messageOf(() => model.predict(randomArray([1, 5, 4, 1], 1)))).toContain('the weight is 12×2, but for these inputs it would have to be 20×2')
    model.dispose()
  })

  test('an own layer that does other than it says', async () => {
    const liar = defineLayer({
      kind: 'liar', category: 'activation', summary: 'Says one thing.', config: z.strictObject({}), examples: [],
      infer: () => ({ outputs: [[7]] }), macs: () => 0, field: () => ({ rule: 'opaque' }), forward: (_op, _site, [x]) => x!,
    })
    const x = input([3])
    const model = await createModel(graph({ name: 'lies', inputs: { x }, outputs: { y: liar()(x) } }))
    expect(await messageOf(() => model.predict(randomArray([2, 3], 1)))).toContain('infer announced 7, but forward gave [2,3]')
    model.dispose()
  })

  test('something that is no graph', async () => {
    expect(await messageOf(() => createModel({} as never))).toContain('takes a graph, but gets object')
  })
})

describe('weights', () => {
  test('start from the seed alone, each from its name', async () => {
    const [a, b, c] = [await createModel(small, { seed: 3 }), await createModel(small, { seed: 3 }), await createModel(small, { seed: 4 })]
    expect(a.weights()).toEqual(b.weights())
    expect(a.weights()['dense/kernel']).not.toEqual(c.weights()['dense/kernel'])
    expect(Object.keys(a.weights())).toEqual(['conv2d/kernel', 'conv2d/bias', 'dense/kernel', 'dense/bias'])
    for (const model of [a, b, c]) model.dispose()
  })

  test('have the spread of their initializer', async () => {
    const x = input([400])
    const model = await createModel(graph({
      name: 'wide', inputs: { x },
      outputs: { a: dense({ units: 200, kernelInitializer: 'glorotUniform' })(x), b: dense({ units: 200, kernelInitializer: 'heNormal' })(x) },
    }))
    const spread = (name: string): number => {
      const { data } = model.weights()[name]!
      return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length)
    }
    expect(spread('dense/kernel')).toBeCloseTo(Math.sqrt(2 / 600), 3)
    expect(spread('dense_1/kernel')).toBeCloseTo(Math.sqrt(2 / 400), 3)
    model.dispose()
  })

  test.each([[2, 1], [3, 1], [2, 3]])('of a transposed convolution may enlarge by blending: ×%i, %i groups', async (factor, groups) => {
    const kernelSize = 2 * factor - (factor % 2)
    const place = input([4, 5, 3])
    const model = await createModel(graph({
      name: 'enlarge', inputs: { place },
      outputs: {
        learned: conv2dTranspose({
          filters: 3, kernelSize, strides: factor, padding: (kernelSize - factor) / 2, groups, useBias: false, kernelInitializer: 'bilinear',
        })(place),
        fixed: upsample2d({ size: factor, interpolation: 'bilinear' })(place),
      },
    }))
    const { learned, fixed } = model.predict(randomArray([1, 4, 5, 3], 4))
    expect(learned.shape).toEqual([1, 4 * factor, 5 * factor, 3])
    // Beyond the edges one has zeros, the other the edge itself.
    const [height, width] = [4 * factor, 5 * factor]
    for (let y = factor; y < height - factor; y++) {
      const row = (values: Float32Array): Float32Array => values.slice((y * width + factor) * 3, ((y + 1) * width - factor) * 3)
      expectNear(row(learned.data), row(fixed.data))
    }
    model.dispose()
  })

  test('are copies: changing one changes nothing', async () => {
    const model = await createModel(small)
    const copy = model.weights()
    copy['dense/bias']!.data.fill(7)
    expect(model.weights()['dense/bias']!.data).toEqual(new Float32Array(5))
    model.setWeights(copy)
    copy['dense/bias']!.data.fill(8)
    expect(model.weights()['dense/bias']!.data).toEqual(new Float32Array(5).fill(7))
    model.dispose()
  })
})

describe('training', () => {
  const data = (count: number) => ({
    inputs: { left: randomArray([count, 8, 8, 2], 5), right: randomArray([count, 8, 8, 2], 6) },
    labels: { same: { data: Uint8Array.from({ length: count }, (_, index) => index % 2), shape: [count] } },
  })

  test('agrees on wasm and cpu, weight by weight', async () => {
    const trained = []
    for (const backend of ['wasm', 'cpu'] as const) {
      const model = await createModel(twins(), { seed: 4, backend })
      await model.fit(data(12), { epochs: 2, batchSize: 4, optimizer: sgd(0.1, { momentum: 0.9 }) })
      trained.push(model.weights())
      model.dispose()
    }
    const [wasm, cpu] = trained as [(typeof trained)[0], (typeof trained)[0]]
    for (const [name, { data: values }] of Object.entries(wasm!)) expectNear(values, cpu![name]!.data, { relative: 1e-3, absolute: 1e-4 })
  })

  test('leaves no tensors behind, whether it ends, is left, or fails', async () => {
    const model = await createModel(twins())
    const before = tf.memory().numTensors
    await model.fit(data(12), { batchSize: 4 })
    expect(tf.memory().numTensors).toBe(before)
    for await (const step of model.train(data(12), { batchSize: 4 })) if (step.step === 2) break
    expect(tf.memory().numTensors).toBe(before)
    await expect(model.fit(data(12), { batchSize: 4, optimizer: sgd(1e30) })).rejects.toThrow('train/nan-loss')
    expect(tf.memory().numTensors).toBe(before)
    // The first one folds batch norm into weights, which are kept until the weights change.
    await model.evaluate(data(6))
    const folded = tf.memory().numTensors
    await model.evaluate(data(6))
    expect(tf.memory().numTensors).toBe(folded)
    model.setWeights(model.weights())
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })

  test('moves the statistics of shared batch normalisation once for each use', async () => {
    const x = input([2])
    const norm = shared(batchNorm({ momentum: 0.5 }))
    const net = graph({ name: 'twice', inputs: { x }, outputs: { y: pipe(norm(norm(x)), dense({ units: 2 })) } })
    const model = await createModel(net)
    const inputs = { data: Float32Array.of(1, 2, 3, 6), shape: [2, 2] }
    await model.fit({ inputs, labels: { data: Uint8Array.of(0, 1), shape: [2] } }, { batchSize: 2, shuffle: false })
    // First use: 0.5·0 + 0.5·[2, 4]; the second sees means of zero: 0.5·[1, 2].
    expectNear(model.weights()['batchNorm/movingMean']!.data, [0.5, 1], { relative: 1e-5, absolute: 1e-5 })
    model.dispose()
  })
})
