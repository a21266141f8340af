// A layer that computes past `op` cannot be learned through: better an error than weights that never move.
import * as tf from '@tensorflow/tfjs-core'
import { dense, defineLayer, graph, input, pipe } from 'layergraph'
import { createModel, sgd } from 'layergraph/runtime'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const squares = defineLayer({
  kind: 'squares', category: 'activation', summary: 'Squares, by a tensor library of its own.', config: z.strictObject({}),
  examples: [], infer: ({ inputs }) => ({ outputs: [inputs[0]!] }), macs: () => 0, field: () => ({ rule: 'pointwise' }),
  forward: (_op, _site, [x]) => tf.square(x as tf.Tensor),
})

describe('a layer that computes past op', () => {
  it('predicts, but refuses to be trained through, and says which', async () => {
    const x = input([3])
    const model = await createModel(graph({ name: 'past', inputs: { x }, outputs: { y: pipe(x, dense({ units: 2 }), squares()) as never } }))
    const inputs = { data: new Float32Array(6), shape: [2, 3] }
    expect((model.predict(inputs) as { shape: readonly number[] }).shape).toEqual([2, 2])
    const training = model.fit({ inputs, labels: { data: new Int32Array(2), shape: [2] } }, { optimizer: sgd() })
    await expect(training).rejects.toThrow(/squares.*computes past `op`/s)
    model.dispose()
  })
})
