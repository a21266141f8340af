// The update of a training step: one kernel call, however many weights there are.
import * as tf from '@tensorflow/tfjs-core'
import { batchNorm, conv2d, dense, flatten, graph, input, pipe, relu } from 'layergraph'
import { adam, adamW, createModel, sgd } from 'layergraph/runtime'
import { expect, it } from 'vitest'

it.each([
  ['LayergraphAdam', adam()], ['LayergraphAdam', adamW()], ['LayergraphSgd', sgd(0.1)],
  ['LayergraphSgd', sgd(0.1, { momentum: 0.9, nesterov: true })],
])('%s runs once a step', async (kernel, optimizer) => {
  const image = input([6, 6, 1])
  const logits = pipe(image, conv2d({ filters: 2, kernelSize: 3 }), batchNorm(), relu(), flatten(), dense({ units: 4 }), dense({ units: 3 }))
  const model = await createModel(graph({ name: 'small', inputs: { image }, outputs: { logits } }))
  const data = {
    inputs: { data: Float32Array.from({ length: 8 * 36 }, (_, i) => Math.sin(i)), shape: [8, 6, 6, 1] },
    labels: { data: Int32Array.from({ length: 8 }, (_, i) => i % 3), shape: [8] },
  }
  const before = model.weights()
  const { kernelNames, kernels } = await tf.profile(async () => {
    await model.fit(data, { epochs: 1, batchSize: 4, optimizer })
    return tf.scalar(0)
  })
  expect(kernelNames).toContain(kernel)
  expect(kernels.filter(({ name }) => name === kernel)).toHaveLength(2)
  const changed = Object.entries(model.weights()).filter(([name, { data: now }]) => now.some((value, i) => value !== before[name]!.data[i]))
  expect(changed).toHaveLength(Object.keys(before).length)
  model.dispose()
})
