// The memory that training takes, as JSON: node memory.ts
import * as tf from '@tensorflow/tfjs-core'
import { adam, createModel, type Model } from 'layergraph/runtime'
import { planMemory } from '../../src/analysis/buffers.ts'
import type { MemoryFound } from '../memory.ts'
import { classIds, normal } from '../values.ts'
import { CLASSES, lenet } from './networks.ts'

const SLOTS_OF_ADAM = 2

/** The backend's memory, which never shrinks. */
const bytes = (): number =>
  (tf.backend() as unknown as { readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } } }).wasm.asm.memory.buffer.byteLength

/** Updates on random images; `after` sees the number of each. */
async function train(model: Pick<Model, 'train'>, batchSize: number, steps: number, after: (step: number) => void): Promise<void> {
  const perEpoch = 10
  const data = {
    inputs: { data: normal(perEpoch * batchSize * 784), shape: [perEpoch * batchSize, 28, 28, 1] },
    labels: { data: classIds(perEpoch * batchSize, CLASSES), shape: [perEpoch * batchSize] },
  }
  for await (const { epoch, step } of model.train(data, { epochs: steps / perEpoch, batchSize, optimizer: adam() })) {
    after((epoch - 1) * perEpoch + step)
  }
}

const model = await createModel(lenet())
let [early, tensors, grown, more] = [0, 0, 0, 0]
await train(model, 128, 1000, (step) => {
  if (step === 100) [early, tensors] = [bytes(), tf.memory().numTensors]
  if (step === 1000) [grown, more] = [bytes() - early, tf.memory().numTensors - tensors]
})
await train(model, 512, 10, () => undefined)
const { peak, weights } = planMemory(model.graph, { training: true, batch: 512 })
const planned = (peak as number) + (1 + SLOTS_OF_ADAM) * (weights as number)
process.stdout.write(JSON.stringify({ byPlan: bytes() / planned, grown, more } satisfies MemoryFound))
