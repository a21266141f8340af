// Which of the two builds runs, seen in the last bits: the plain one rounds each product before it is added, in any browser.
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { hasRelaxedSimd, installKernels, matMul } from '../../src/kernels/index.ts'
import { allowRelaxedSimd } from '../../src/platform/engine.ts'
import { expectNear, random } from './comparison.ts'

const [ROWS, DEPTH, COLUMNS] = [10, 300, 16]

/** a · b, each product and each sum rounded to float32, in the order of the depth. */
function twiceRounded(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS]
    let sum = 0
    for (let k = 0; k < DEPTH; k++) sum = Math.fround(sum + Math.fround(a[row * DEPTH + k]! * b[k * COLUMNS + column]!))
    return sum
  })
}

async function product(options: { readonly relaxedSimd?: boolean }): Promise<{ values: Float32Array; rounded: Float32Array }> {
  const { uninstall } = installKernels(options)
  try {
    await tf.setBackend('wasm')
    return tf.tidy(() => {
      const [a, b] = [random<tf.Tensor2D>([ROWS, DEPTH], 1), random<tf.Tensor2D>([DEPTH, COLUMNS], 2)]
      const y = matMul(a, b, null, { transposeA: false, transposeB: false, activation: 'linear' })
      const [values, left, right] = [y, a, b].map((tensor) => Float32Array.from(tensor.dataSync())) as [Float32Array, Float32Array, Float32Array]
      return { values, rounded: twiceRounded(left, right) } as never
    })
  } finally {
    uninstall()
  }
}

it('the plain build is taken where one asks for it', async () => {
  const { values, rounded } = await product({ relaxedSimd: false })
  expect(values).toEqual(rounded)
})

it('the relaxed one where WebAssembly has it', async () => {
  const { values, rounded } = await product({})
  if (!hasRelaxedSimd()) expect(values).toEqual(rounded)
  expectNear(values, rounded, { relative: 1e-5, absolute: 1e-4 })
})

it('allowing it makes WebAssembly have it, in every Node', async () => {
  allowRelaxedSimd()
  expect(hasRelaxedSimd()).toBe(true)
  expectNear((await product({})).values, (await product({ relaxedSimd: false })).values, { relative: 1e-5, absolute: 1e-4 })
})
