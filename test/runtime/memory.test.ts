// What a run holds: the plan's own promises, the plan beside what the backend really held, and no growth.
import * as tf from '@tensorflow/tfjs-core'
import { conv2d, batchNorm, dense, dropout, flatten, graph, input, maxPool2d, pipe, relu } from 'layergraph'
import { kerasMnist, mnistNet, resnet18 } from 'layergraph/graphs'
import { adam, createModel } from 'layergraph/runtime'
import { describe, expect, it } from 'vitest'
import { type MemoryPlan, planMemory } from '../../src/analysis/buffers.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import { randomGraph } from '../support/randomGraph.ts'

/** Walks the plan again, keeping book of what lies where. */
function checkBuffers({ steps, buffers, peak }: MemoryPlan, net: AnyGraph): void {
  const lies = new Map<number, Set<string>>()
  const put = (buffer: number, name: string): void => { lies.set(buffer, new Set([...lies.get(buffer) ?? [], name])) }
  for (const { id } of net.inputs) put(steps.flatMap(({ inputs }) => inputs).find(({ name }) => name === id)?.buffer ?? 0, id)
  for (const { step, inputs, outputs, view } of steps) {
    for (const { name, buffer } of inputs) expect(lies.get(buffer!), `${name} is where it was put`).toContain(name)
    for (const { name, buffer, bytes } of outputs) {
      if (view) expect(buffer).toBe(inputs[0]!.buffer)
      else expect([...lies.get(buffer!) ?? []], `${name} overwrites nothing that is needed`).toEqual([])
      expect(buffers[buffer! - 1]).toBeGreaterThanOrEqual(bytes!)
      put(buffer!, name)
    }
    for (const name of step.release.filter((one) => net.inputs.every(({ id }) => id !== one))) {
      for (const names of lies.values()) names.delete(name)
    }
  }
  expect(peak).toBeLessThanOrEqual(buffers.reduce((sum, size) => sum + size, 0))
}

/** The most bytes that tensors of the wasm backend took while the task ran, beyond those there before. */
function mostBytes(task: () => void): number {
  type Backend = {
    makeOutput(shape: number[], dtype: string, offset?: number): tf.TensorInfo
    disposeData(dataId: object, force?: boolean): boolean
  }
  const backend = tf.backend() as unknown as Backend
  const { makeOutput, disposeData } = backend
  const sizes = new Map<object, number>()
  let held = 0
  let most = 0
  backend.makeOutput = function made(this: Backend, ...args) {
    const info = makeOutput.apply(this, args)
    sizes.set(info.dataId, info.shape.reduce((product, size) => product * size, 4))
    held += sizes.get(info.dataId)!
    most = Math.max(most, held)
    return info
  }
  backend.disposeData = function disposed(this: Backend, ...args) {
    const gone = disposeData.apply(this, args)
    if (gone) {
      held -= sizes.get(args[0]) ?? 0
      sizes.delete(args[0])
    }
    return gone
  }
  try {
    task()
  } finally {
    Object.assign(backend, { makeOutput, disposeData })
  }
  return most
}

/** Starts the backend. Its `_malloc` and `_free` put themselves in place when they are called for the first time. */
async function startBackend(): Promise<void> {
  (await createModel(kerasMnist())).dispose()
}

/** The most bytes that anything took of the backend's memory while the task ran: tensors, and what kernels work in. */
async function mostAllocated(task: () => Promise<void>): Promise<number> {
  const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number; _free(address: number): void } }
  const { _malloc, _free } = wasm
  const sizes = new Map<number, number>()
  let [held, most] = [0, 0]
  wasm._malloc = (bytes) => {
    const address = _malloc(bytes) >>> 0
    sizes.set(address, bytes)
    held += bytes
    most = Math.max(most, held)
    return address
  }
  wasm._free = (address) => {
    held -= sizes.get(address >>> 0) ?? 0
    sizes.delete(address >>> 0)
    _free(address)
  }
  try {
    await task()
  } finally {
    Object.assign(wasm, { _malloc, _free })
  }
  return most
}

describe('the memory of a plan', () => {
  it('never puts two tensors that are needed into one buffer, for random graphs', () => {
    for (let seed = 0; seed < 80; seed++) {
      const net = randomGraph(seed)
      for (const fuse of [true, false]) {
        for (const training of [true, false]) checkBuffers(planMemory(net, { training, batch: 3, fuse }), net)
      }
    }
  })

  it('is what a training holds, to a factor of two, with weights, the two slots of adam, and what kernels work in', async () => {
    await startBackend()
    const nets = [kerasMnist(), mnistNet(), resnet18({ classes: 10, inputShape: [32, 32, 3] })] as unknown as readonly AnyGraph[]
    for (const [net, batch] of nets.flatMap((one) => [16, 64].map((size) => [one, size] as const))) {
      const shape = [batch, ...net.inputs[0]!.shape as number[]]
      const data = {
        inputs: { data: new Float32Array(shape.reduce((product, size) => product * size)).fill(0.5), shape },
        labels: { data: Int32Array.from({ length: batch }, (_, i) => i % 10), shape: [batch] },
      }
      const most = await mostAllocated(async () => {
        const model = await createModel(net)
        await model.fit(data, { epochs: 2, batchSize: batch, optimizer: adam() })
        model.dispose()
      })
      const { peak, weights } = planMemory(net, { training: true, batch })
      const planned = peak! + 3 * weights!
      expect(most, `${net.name}, ${batch} at a time`).toBeLessThanOrEqual(2 * planned)
      expect(most, `${net.name}, ${batch} at a time`).toBeGreaterThan(planned / 2)
    }
  })

  it('is what a run holds, to a factor of two', async () => {
    const nets = [kerasMnist(), mnistNet(), resnet18({ classes: 10, inputShape: [64, 64, 3] })] as unknown as readonly AnyGraph[]
    for (const net of nets) {
      const model = await createModel(net)
      const shape = [4, ...net.inputs[0]!.shape as number[]]
      const image = tf.ones(shape)
      const run = (): void => (model.predict(image) as unknown as tf.Tensor).dispose()
      run()
      const { peak } = planMemory(net, { training: false, batch: 4 })
      const ours = mostBytes(run) + image.size * 4
      expect(ours, net.name).toBeLessThanOrEqual(2 * peak!)
      expect(ours, net.name).toBeGreaterThan(peak! / 2)
      image.dispose()
      model.dispose()
    }
  })

  it('is not known where a size is not known', () => {
    const image = input([null, 8, 1])
    const net = graph({ name: 'open', inputs: { image }, outputs: { y: conv2d({ filters: 2, kernelSize: 3 })(image) } })
    expect(planMemory(net as never, { training: false })).toMatchObject({ peak: null, weights: 80, steps: [{ held: null }] })
  })
})

describe('1,000 steps', () => {
  it('leave as many tensors, and as much memory, as the first fifty', async () => {
    const image = input([8, 8, 1])
    const logits = pipe(image,
      conv2d({ filters: 4, kernelSize: 3 }), batchNorm(), relu(), maxPool2d({ poolSize: 2 }), dropout({ rate: 0.2 }), flatten(),
      dense({ units: 3 }))
    const model = await createModel(graph({ name: 'small', inputs: { image }, outputs: { logits } }))
    const data = {
      inputs: { data: Float32Array.from({ length: 16 * 64 }, (_, i) => Math.sin(i)), shape: [16, 8, 8, 1] },
      labels: { data: Int32Array.from({ length: 16 }, (_, i) => i % 3), shape: [16] },
    }
    const { wasm } = tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } }
    const seen: { tensors: number; buffers: number; bytes: number }[] = []
    for await (const { epoch, step } of model.train(data, { epochs: 500, batchSize: 8, optimizer: adam() })) {
      if (epoch % 25 !== 0 || step !== 2) continue
      const { numTensors, numDataBuffers } = tf.memory()
      seen.push({ tensors: numTensors, buffers: numDataBuffers, bytes: wasm.asm.memory.buffer.byteLength })
    }
    expect(seen).toHaveLength(20)
    expect(seen.at(-1)).toEqual(seen[0])
    model.dispose()
  })
})
