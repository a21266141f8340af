// An unchanged tfjs-layers network on the wasm backend: what fails without the kernels works with them, and as on cpu.
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, test } from 'vitest'
import { installKernels } from '../../src/kernels/index.ts'
import type { Installation } from '../../src/kernels/index.ts'
import { scaledError } from '../kernels/scaled.ts'
import { makeBatch, makeNetwork } from './network.ts'

let installation: Installation | undefined
afterEach(() => {
  installation?.uninstall()
  installation = undefined
})

/** Runs on the cpu backend once, whoever asks. */
function onceOnCpu<Result>(compute: (backend: string) => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => (result ??= compute('cpu'))
}

/** The gradients of the loss by every weight, from the same weights on any backend. */
async function gradients(backend: string): Promise<Record<string, Float32Array>> {
  await tf.setBackend(backend)
  const network = makeNetwork()
  const { x, y } = makeBatch(6)
  const loss = () => tf.losses.softmaxCrossEntropy(y, network.apply(x, { training: true }) as tf.Tensor) as tf.Scalar
  const { grads, value } = tf.variableGrads(loss)
  const values = network.trainableWeights.map((weight, i) => {
    // Without the number that counts the layers of all networks.
    const name = `${i} ${weight.originalName.replace(/\d+\//, '/')}`
    return [name, grads[weight.name]!.dataSync() as Float32Array] as const
  })
  tf.dispose([value, grads, x, y])
  network.dispose()
  return Object.fromEntries(values)
}

/** The losses of a few epochs of `fit`, the weights after them, and how many tensors were held before and after. */
async function fit(backend: string) {
  await tf.setBackend(backend)
  const network = makeNetwork()
  network.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const { x, y } = makeBatch(20)
  const once = () => network.fit(x, y, { epochs: 1, batchSize: 10, shuffle: false, verbose: 0 })
  await once()
  const held = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()]
  const before = held()
  const losses: number[] = []
  for (let epoch = 0; epoch < 5; epoch++) losses.push((await once()).history['loss']![0] as number)
  const after = held()
  const weights = network.getWeights().map(weight => weight.dataSync() as Float32Array)
  tf.dispose([x, y])
  network.dispose()
  return { losses, weights, before, after }
}

const expectedGradients = onceOnCpu(gradients)
const expectedFit = onceOnCpu(fit)

describe('a tfjs-layers network on wasm', () => {
  test('cannot be trained without the kernels', async () => {
    await expect(gradients('wasm')).rejects.toThrow("Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'")
  })

  describe.each([false, true])('with the kernels, replace: %s', replace => {
    test('has the gradients of the cpu backend', async () => {
      const expected = await expectedGradients()
      installation = installKernels({ replace })
      const found = await gradients('wasm')
      expect(Object.keys(found)).toEqual(Object.keys(expected))
      for (const [name, values] of Object.entries(found)) {
        expect.soft(scaledError(values, expected[name]!), name).toBeLessThan(2e-5)
      }
    })

    test('learns as on the cpu backend, and leaks no tensor', async () => {
      const expected = await expectedFit()
      installation = installKernels({ replace })
      const found = await fit('wasm')
      expect(found.losses.at(-1)).toBeLessThan(0.8 * found.losses[0]!)
      expect(scaledError(found.losses, expected.losses)).toBeLessThan(1e-3)
      found.weights.forEach((values, i) => expect(scaledError(values, expected.weights[i]!)).toBeLessThan(2e-2))
      expect(found.after).toEqual(found.before)
    })
  })
})
