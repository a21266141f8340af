// inceptionMini: a small network for digits, of two Inception blocks.
import { z } from 'zod'
import { batchNorm } from '../layers/batchNorm.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape } from './config.ts'
import { inception } from './inception.ts'

/**
 * A convolution, two Inception blocks and an average: few parameters, and class activation maps for free. Batch norm before
 * each block and before the average, without which the average learns slowly.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `dropout` 0.2.
 * Paper: Szegedy et al., "Going deeper with convolutions", 2015, https://arxiv.org/abs/1409.4842.
 */
export const inceptionMini = defineGraph({
  name: 'inceptionMini',
  summary: 'A small network of two Inception blocks, for MNIST.',
  config: z.strictObject({
    classes: classes(10), inputShape: imageShape([28, 28, 1]), dropout: dropoutRate(0.2),
  }),
  build: (config) => {
    const image = input(config.inputShape)
    const logits = pipe(image,
      conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' }),
      maxPool2d({ poolSize: 2 }),
      batchNorm({ momentum: 0.9 }),
      named('inception1', inception({ conv1: 16, conv3: [16, 24], conv5: [8, 12], pool: 12 })),
      maxPool2d({ poolSize: 2 }),
      batchNorm({ momentum: 0.9 }),
      named('inception2', inception({ conv1: 32, conv3: [24, 48], conv5: [12, 24], pool: 24 })),
      batchNorm({ momentum: 0.9 }),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }))
    return graph({ name: 'inceptionMini', inputs: { image }, outputs: { logits } })
  },
})
