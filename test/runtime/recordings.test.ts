// Predictions that are recorded give what predictions through TensorFlow.js give, also when weights have changed.
import * as tf from '@tensorflow/tfjs-core'
import {
  add, batchNorm, conv2d, defineLayer, dense, depthwiseConv2d, flatten, graph, input, maxPool2d, pipe, relu, relu6,
} from 'layergraph'
import { createModel, type Model, sgd } from 'layergraph/runtime'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { expectScaled } from '../kernels/scaled.ts'
import { randomGraph } from '../support/randomGraph.ts'
import { randomArray } from '../support/runLayer.ts'

type Arrays = Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>

/** Outputs by name, however many there are. */
function outputsOf(model: Model, inputs: unknown): Arrays {
  const outputs = model.predict(inputs as never) as unknown
  return (model.graph.outputs.length === 1 ? { [model.graph.outputs[0]!.name]: outputs } : outputs) as Arrays
}

function expectAlike(got: Arrays, expected: Arrays): void {
  expect(Object.keys(got)).toEqual(Object.keys(expected))
  for (const [name, { data, shape }] of Object.entries(expected)) {
    expect(got[name]!.shape).toEqual(shape)
    expectScaled(got[name]!.data, data, 2e-5)
  }
}

/** A prediction as the very first one is made. */
function unrecorded(model: Model, inputs: unknown): Arrays {
  model.setWeights({}, { partial: true })
  return outputsOf(model, inputs)
}

/** How many kernels TensorFlow.js runs. */
function kernelsRun(task: () => void): number {
  const spy = vi.spyOn(tf.engine(), 'runKernel')
  task()
  const { length } = spy.mock.calls
  spy.mockRestore()
  return length
}

const image = input([12, 13, 3])
const net = () => graph({
  name: 'net', inputs: { image },
  outputs: {
    logits: pipe(image,
      conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false }), batchNorm(), relu(),
      depthwiseConv2d({ kernelSize: 3, padding: 'same' }), relu6(), maxPool2d({ poolSize: 2 }),
      conv2d({ filters: 12, kernelSize: 1 }), conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
      flatten(), dense({ units: 7, activation: 'relu' }), dense({ units: 3 })),
  },
})
const pictures = (seed: number, batch = 1) => randomArray([batch, 12, 13, 3], seed)
const netModel = async (): Promise<Model> => await createModel(net(), { seed: 3 }) as unknown as Model

describe('recorded predictions', () => {
  it('equal the others, for random graphs and batches', async () => {
    let quick = 0
    for (let seed = 0; seed < 40; seed++) {
      const model = await createModel(randomGraph(seed), { seed }) as unknown as Model
      const batches = [1, 2, 3].map((batch) => [5, 6, 7, 8].map((at) => randomArray([batch, 6, 7, 3], seed + at)))
      for (const inputs of batches) {
        const expected = inputs.map((one) => unrecorded(model, one))
        for (const [index, one] of inputs.entries()) expectAlike(outputsOf(model, one), expected[index]!)
        quick += kernelsRun(() => outputsOf(model, inputs[0])) === 0 ? 1 : 0
      }
      model.dispose()
    }
    expect(quick).toBeGreaterThan(60)
  })

  it('run no kernel through TensorFlow.js, for arrays and for tensors', async () => {
    const model = await netModel()
    const [one, tensor] = [pictures(1), tf.tensor(pictures(2).data, [1, 12, 13, 3])]
    const expected = [unrecorded(model, one), unrecorded(model, pictures(2))] as const
    outputsOf(model, one)
    outputsOf(model, one)
    const before = tf.memory().numTensors
    expect(kernelsRun(() => expectAlike(outputsOf(model, one), expected[0]))).toBe(0)
    expect(kernelsRun(() => {
      const logits = model.predict(tensor) as unknown as tf.Tensor
      expectScaled(logits.dataSync(), expected[1]['logits']!.data, 2e-5)
      expect(logits.shape).toEqual([1, 3])
      logits.dispose()
    })).toBe(0)
    expect(tf.memory().numTensors).toBe(before)
    tensor.dispose()
    model.dispose()
  })

  it('give arrays of their own', async () => {
    const model = await netModel()
    const first = [1, 1, 1].map((seed) => outputsOf(model, pictures(seed)))[2]!
    const copy = first['logits']!.data.slice()
    outputsOf(model, pictures(9))
    expect(first['logits']!.data).toEqual(copy)
    model.dispose()
  })

  it('follow the weights: set, and changed in place by training', async () => {
    const [model, other] = [await netModel(), await netModel()]
    const data = { inputs: pictures(4, 8), labels: { data: Int32Array.from({ length: 8 }, (_, i) => i % 3), shape: [8] } }
    for (let round = 0; round < 4; round++) {
      for (let again = 0; again < 3; again++) outputsOf(model, pictures(again))
      if (round % 2 === 0) await model.fit(data, { batchSize: 8, optimizer: sgd(0.1) })
      else model.setWeights(Object.fromEntries(Object.entries(model.weights())
        .map(([name, { data: values, shape }]) => [name, { data: values.map((value) => value * 1.1 + 0.01), shape }])))
      other.setWeights(model.weights())
      for (let again = 0; again < 4; again++) expectAlike(outputsOf(model, pictures(again)), unrecorded(other, pictures(again)))
    }
    model.dispose()
    other.dispose()
  })

  it('are not used where a gradient is asked for', async () => {
    const model = await netModel()
    const x = tf.tensor(pictures(1).data, [1, 12, 13, 3])
    const gradient = () => tf.grad((at) => model.predict(at) as unknown as tf.Tensor)(x)
    const before = gradient()
    for (let again = 0; again < 3; again++) outputsOf(model, pictures(1))
    const after = gradient()
    expectScaled(after.dataSync(), before.dataSync())
    expect(Math.max(...before.dataSync().map(Math.abs))).toBeGreaterThan(0)
    tf.dispose([x, before, after])
    model.dispose()
  })

  it('are not made of layers that compute past the operations', async () => {
    const own = defineLayer({
      kind: 'doubled', category: 'activation', summary: 'Twice its input.', config: z.strictObject({}), examples: [],
      infer: ({ inputs }) => ({ outputs: [inputs[0]!] }), macs: () => 0, field: () => ({ rule: 'opaque' }),
      forward: (_op, _site, [x]) => tf.mul(x as tf.Tensor, 2),
    })
    const y = pipe(image, conv2d({ filters: 4, kernelSize: 3 }), own(), relu())
    const model = await createModel(graph({ name: 'own', inputs: { image }, outputs: { y } })) as unknown as Model
    for (let seed = 0; seed < 5; seed++) expectAlike(outputsOf(model, pictures(seed)), unrecorded(model, pictures(seed)))
    for (let again = 0; again < 3; again++) outputsOf(model, pictures(again))
    expect(kernelsRun(() => outputsOf(model, pictures(1)))).toBeGreaterThan(0)
    model.dispose()
  })

  it('tell two inputs apart, also after they were one tensor', async () => {
    const [left, right] = [input([4]), input([4])]
    const y = pipe(add()([left, right]), dense({ units: 2 }))
    const model = await createModel(graph({ name: 'two', inputs: { left, right }, outputs: { y } })) as unknown as Model
    const same = tf.tensor(randomArray([1, 4], 1).data, [1, 4])
    for (let again = 0; again < 3; again++) tf.dispose(model.predict({ left: same, right: same }) as unknown as tf.Tensor)
    const inputs = { left: randomArray([1, 4], 2), right: randomArray([1, 4], 3) }
    const expected = unrecorded(model, inputs)
    for (let again = 0; again < 3; again++) expectAlike(outputsOf(model, inputs), expected)
    same.dispose()
    model.dispose()
  })

  it('refuse numbers that are not as many as the shape says', async () => {
    const model = await netModel()
    for (let again = 0; again < 3; again++) outputsOf(model, pictures(again))
    expect(() => outputsOf(model, { data: new Float32Array(5), shape: [1, 12, 13, 3] })).toThrow()
    model.dispose()
    expect(() => outputsOf(model, pictures(1))).toThrow('was disposed of')
  })

  it('hold no more memory however often weights and shapes change', async () => {
    const model = await netModel()
    const { wasm } = tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } }
    const round = (): number => {
      for (const batch of [1, 2, 3, 4, 5, 6]) for (let again = 0; again < 3; again++) outputsOf(model, pictures(again, batch))
      model.setWeights(model.weights())
      return wasm.asm.memory.buffer.byteLength
    }
    for (let warm = 0; warm < 5; warm++) round()
    const before = round()
    for (let again = 0; again < 40; again++) round()
    expect(round()).toBe(before)
    model.dispose()
  })
})
