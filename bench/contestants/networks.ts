// The networks that are trained here and by others.
import { batchNorm, conv2d, dense, depthwiseConv2d, flatten, globalAvgPool2d, graph, input, maxPool2d, pipe, relu } from 'layergraph'
import { mobilenetV1, resnet18 } from 'layergraph/graphs'
import { adam, type createModel, type Optimizer, sgd } from 'layergraph/runtime'

export const CLASSES = 10

export type Shape = readonly [height: number, width: number, channels: number]

/** How a network is trained. */
export interface Training {
  readonly net: () => Parameters<typeof createModel>[0]
  readonly shape: Shape
  readonly batchSize: number
  readonly optimizer: () => Optimizer
}

/** conv32-3×3, pool, conv64-3×3, pool, dense128, dense10. */
export function lenet() {
  const image = input([28, 28, 1])
  const logits = pipe(image,
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
    conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
    flatten(), dense({ units: 128, activation: 'relu' }), dense({ units: CLASSES }))
  return graph({ name: 'lenet', inputs: { image }, outputs: { logits } })
}

/** Depthwise 3×3, then 1×1, each with batch norm and relu: twice, so that the first one's output needs a gradient. */
function separable() {
  const image = input([28, 28, 64])
  const logits = pipe(image,
    depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }), batchNorm(), relu(),
    conv2d({ filters: 64, kernelSize: 1, useBias: false }), batchNorm(), relu(),
    depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }), batchNorm(), relu(),
    conv2d({ filters: 64, kernelSize: 1, useBias: false }), batchNorm(), relu(),
    globalAvgPool2d(), dense({ units: CLASSES }))
  return graph({ name: 'separable', inputs: { image }, outputs: { logits } })
}

const small = { classes: CLASSES, inputShape: [64, 64, 3] as [number, number, number] }
const momentum = (): Optimizer => sgd(0.01, { momentum: 0.9 })

/** By the names of the works. */
export const trainings = {
  'lenet-train': { net: lenet, shape: [28, 28, 1], batchSize: 128, optimizer: () => adam(1e-3) },
  'separable-train': { net: separable, shape: [28, 28, 64], batchSize: 32, optimizer: () => adam(1e-3) },
  'resnet18-train': { net: () => resnet18(small), shape: [64, 64, 3], batchSize: 16, optimizer: momentum },
  'mobilenet-train': { net: () => mobilenetV1({ ...small, dropout: 0 }), shape: [64, 64, 3], batchSize: 16, optimizer: momentum },
} satisfies Readonly<Record<string, Training>>
