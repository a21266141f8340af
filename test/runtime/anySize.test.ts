// One model, one set of weights, images of any size.
import { expect, test } from 'vitest'
import { sppMini } from '../../graphs/index.ts'
import { createModel } from '../../src/runtime/index.ts'
import { randomArray } from '../support/runLayer.ts'

test('spatial pyramid pooling takes images of any size at run time, down to less than its bins', async () => {
  const model = await createModel(sppMini(), { input: [28, 28, 1] })
  for (const [h, w] of [[28, 28], [35, 20], [64, 64], [8, 9], [6, 6], [3, 2]] as const) {
    const { data, shape } = model.predict(randomArray([2, h, w, 1], h + w)) as unknown as { data: Float32Array; shape: number[] }
    expect(shape).toEqual([2, 10])
    expect(data.every(Number.isFinite)).toBe(true)
  }
  model.dispose()
})
