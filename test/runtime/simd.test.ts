// Where WebAssembly has no SIMD: models run on the cpu backend and say so once, kernels leave the wasm backend alone.
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { conv2d, dense, flatten, graph, input, pipe } from 'layergraph'
import { createModel, loadModel } from 'layergraph/runtime'
import { activate, installKernels } from 'layergraph/kernels'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const warnings = vi.fn()
beforeEach(() => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  vi.spyOn(console, 'warn').mockImplementation(warnings)
})
afterEach(() => {
  vi.restoreAllMocks()
  warnings.mockClear()
})

const image = input([6, 6, 1])
const net = graph({
  name: 'small', inputs: { image },
  outputs: { y: pipe(image, conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }), flatten(), dense({ units: 3 })) },
})
const pixels = { data: Float32Array.from({ length: 4 * 36 }, (_, i) => Math.sin(i)), shape: [4, 6, 6, 1] }

it('kernels are installed for the cpu alone, with a warning, and one on wasm says why it is not there', async () => {
  await tf.setBackend('wasm')
  const { registered, replaced, gradients, uninstall } = installKernels({ replace: true })
  expect(registered).toContain('cpu/LayergraphConv2d')
  expect(registered.filter((name) => !name.startsWith('cpu/'))).toEqual([])
  expect([replaced, gradients]).toEqual([[], []])
  expect(warnings.mock.calls).toEqual([[expect.stringMatching(/no SIMD here.*cannot train.*"cpu"/)]])
  const x = tf.ones([2])
  expect(() => activate(x, 'relu')).toThrow(/no SIMD here.*backend "cpu"/)
  x.dispose()
  uninstall()
})

it('models predict and learn on the cpu, as they do on wasm, with one warning', async () => {
  const model = await createModel(net, { seed: 3 })
  expect(model.backend).toBe('cpu')
  const labels = { data: Int32Array.of(0, 1, 2, 0), shape: [4] }
  await model.fit({ inputs: pixels, labels }, { epochs: 2, batchSize: 2 })
  const again = await loadModel(model.encode())
  expect(again.backend).toBe('cpu')
  expect(warnings.mock.calls).toEqual([[expect.stringMatching(/no SIMD here.*"cpu" instead.*a hundred times slower/)]])
  vi.restoreAllMocks()
  const onWasm = await createModel(net, { seed: 3 })
  expect(onWasm.backend).toBe('wasm')
  await onWasm.fit({ inputs: pixels, labels }, { epochs: 2, batchSize: 2 })
  const [slow, fast] = [again, onWasm].map((one) => (one.predict(pixels) as unknown as { data: Float32Array }).data)
  for (const [i, value] of fast!.entries()) expect(slow![i]).toBeCloseTo(value, 5)
  for (const one of [model, again, onWasm]) one.dispose()
})
