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
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'
import { inception } from './inception.ts'

/**
 * A convolution, two Inception blocks and an average: few parameters, and class activation maps for free. Batch norm before
 * each block and before the average, without which the average learns slowly.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 1 (a factor of all channels), `dropout` 0.2.
 * Paper: Szegedy et al., "Going deeper with convolutions", 2015, https://arxiv.org/abs/1409.4842.
 */
export const inceptionMini = defineGraph({
  name: 'inceptionMini',
  summary: 'A small network of two Inception blocks, for MNIST.',
  config: z.strictObject({
    classes: classes(10), inputShape: imageShape([28, 28, 1]), width: widthFactor(), dropout: dropoutRate(0.2),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      conv2d({ filters: wide(16), kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' }),
      maxPool2d({ poolSize: 2 }),
      batchNorm({ momentum: 0.9 }),
      named('inception1', inception({ conv1: wide(16), conv3: [wide(16), wide(24)], conv5: [wide(8), wide(12)], pool: wide(12) })),
      maxPool2d({ poolSize: 2 }),
      batchNorm({ momentum: 0.9 }),
      named('inception2', inception({ conv1: wide(32), conv3: [wide(24), wide(48)], conv5: [wide(12), wide(24)], pool: wide(24) })),
      batchNorm({ momentum: 0.9 }),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }))
    return graph({ name: 'inceptionMini', inputs: { image }, outputs: { logits } })
  },
})
