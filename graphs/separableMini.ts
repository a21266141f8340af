// separableMini: depthwise separable convolutions for MNIST.
import { z } from 'zod'
import { batchNorm } from '../layers/batchNorm.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'
import { separableConv2d } from './separableConv2d.ts'

const separable = (filters: number) => sequence(
  separableConv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, kernelInitializer: 'heNormal' }),
  batchNorm({ momentum: 0.9 }), relu())

/**
 * A small network for digits of depthwise separable convolutions, with three halvings of the image.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 1 (a factor of all channels).
 */
export const separableMini = defineGraph({
  name: 'separableMini',
  summary: 'A small network of depthwise separable convolutions, for MNIST.',
  config: z.strictObject({ classes: classes(10), inputShape: imageShape([28, 28, 1]), width: widthFactor() }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('stem', sequence(
        conv2d({ filters: wide(16), kernelSize: 3, padding: 'same', useBias: false, kernelInitializer: 'heNormal' }),
        batchNorm({ momentum: 0.9 }), relu(), maxPool2d({ poolSize: 2 }))),
      named('block1', sequence(separable(wide(32)), separable(wide(32)), maxPool2d({ poolSize: 2 }))),
      named('block2', sequence(separable(wide(64)), separable(wide(64)), maxPool2d({ poolSize: 2 }))),
      globalAvgPool2d(),
      dense({ units: config.classes }))
    return graph({ name: 'separableMini', inputs: { image }, outputs: { logits } })
  },
})
