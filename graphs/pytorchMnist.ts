// pytorchMnist: the convolutional network of PyTorch's MNIST example.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { flatten } from '../layers/flatten.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'

/**
 * PyTorch's basic MNIST example: 1,199,882 parameters, 11,992,448 MACs; about 99 %.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 1 (a factor of all channels).
 * Source: https://github.com/pytorch/examples/tree/main/mnist.
 */
export const pytorchMnist = defineGraph({
  name: 'pytorchMnist',
  summary: 'The MNIST example of PyTorch.',
  config: z.strictObject({ classes: classes(10), inputShape: imageShape([28, 28, 1]), width: widthFactor() }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      conv2d({ filters: wide(32), kernelSize: 3, activation: 'relu' }),
      conv2d({ filters: wide(64), kernelSize: 3, activation: 'relu' }),
      maxPool2d({ poolSize: 2 }),
      dropout({ rate: 0.25 }),
      flatten(),
      dense({ units: wide(128), activation: 'relu' }),
      dropout({ rate: 0.5 }),
      dense({ units: config.classes }))
    return graph({ name: 'pytorchMnist', inputs: { image }, outputs: { logits } })
  },
})
