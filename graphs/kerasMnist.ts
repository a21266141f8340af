// kerasMnist: the convolutional network of Keras' MNIST example.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { flatten } from '../layers/flatten.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'

/**
 * Keras' "Simple MNIST convnet": 34,826 parameters, 2,440,960 MACs; about 99 % after 15 epochs.
 *
 * It ends in logits, where the example ends in a softmax.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 1 (a factor of all channels), `dropout` 0.5.
 * Source: François Chollet, https://keras.io/examples/vision/mnist_convnet.
 */
export const kerasMnist = defineGraph({
  name: 'kerasMnist',
  summary: 'The MNIST example of Keras.',
  config: z.strictObject({
    classes: classes(10), inputShape: imageShape([28, 28, 1]), width: widthFactor(), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      conv2d({ filters: wide(32), kernelSize: 3, activation: 'relu' }),
      maxPool2d({ poolSize: 2 }),
      conv2d({ filters: wide(64), kernelSize: 3, activation: 'relu' }),
      maxPool2d({ poolSize: 2 }),
      flatten(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }))
    return graph({ name: 'kerasMnist', inputs: { image }, outputs: { logits } })
  },
})
