// The LeNet class, which several programs here train.
import { conv2d, dense, flatten, graph, input, maxPool2d, pipe } from 'layergraph'

export const CLASSES = 10

/** conv32-3×3, pool, conv64-3×3, pool, dense128, dense10. */
export function lenet() {
  const image = input([28, 28, 1])
  const logits = pipe(image,
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
    conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
    flatten(), dense({ units: 128, activation: 'relu' }), dense({ units: CLASSES }))
  return graph({ name: 'lenet', inputs: { image }, outputs: { logits } })
}
