import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { expect, test } from 'vitest'
import { installKernels, matMul } from '../../src/kernels/index.ts'

test('smoke', async () => {
  installKernels()
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend)
    const y = matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([1, -20]), { transposeA: false, transposeB: true, activation: 'relu' })
    expect(y.arraySync()).toEqual([[6, 0], [12, 5]])
  }
})
