// Layers that only name other axes copy nothing: what is made is counted by its size.
import * as tf from '@tensorflow/tfjs-core'
import { dense, dropout, flatten, graph, input, pipe, reshape } from 'layergraph'
import { createModel } from 'layergraph/runtime'
import { expect, it } from 'vitest'

const BATCH = 4
const WIDTH = 36

/** Runs a task, and counts the tensors that kernels made of so many numbers. */
async function countMade(size: number, task: () => unknown): Promise<number> {
  const backend = tf.backend() as unknown as { makeOutput(shape: number[], ...rest: unknown[]): tf.TensorInfo }
  const { makeOutput } = backend
  let made = 0
  backend.makeOutput = function counted(this: typeof backend, shape, ...rest) {
    if (shape.reduce((product, one) => product * one, 1) === size) made++
    return makeOutput.call(this, shape, ...rest)
  }
  try {
    await task()
  } finally {
    backend.makeOutput = makeOutput
  }
  return made
}

it.each([true, false])('reshape, flatten and dropout at rest copy nothing (fuse: %s)', async (fuse) => {
  const numbers = input([5])
  const y = pipe(numbers, dense({ units: WIDTH }), reshape({ shape: [6, 6, 1] }), dropout({ rate: 0 }), flatten(), dense({ units: 3 }))
  const model = await createModel(graph({ name: 'views', inputs: { numbers }, outputs: { y } }), { fuse })
  const inputs = { data: new Float32Array(BATCH * 5).fill(0.5), shape: [BATCH, 5] }
  const labels = { data: Int32Array.of(0, 1, 2, 0), shape: [BATCH] }
  // The output of the first layer alone; in training also the gradient by it.
  expect(await countMade(BATCH * WIDTH, () => model.predict(inputs))).toBe(1)
  expect(await countMade(BATCH * WIDTH, () => model.fit({ inputs, labels }, { batchSize: BATCH }))).toBe(2)
  model.dispose()
})
