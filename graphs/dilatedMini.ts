// dilatedMini: dilated convolutions without gridding, for MNIST.
import { z } from 'zod'
import { batchNorm } from '../layers/batchNorm.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'
import { hybridDilated } from './hybridDilated.ts'

/**
 * A small network for digits that looks far without pooling twice: after one halving, 3×3 convolutions dilated by 1, 2
 * and 5 see 36×36 pixels of the image, and miss none of them.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 1 (a factor of all channels).
 */
export const dilatedMini = defineGraph({
  name: 'dilatedMini',
  summary: 'A small network of dilated convolutions in a sawtooth, for MNIST.',
  config: z.strictObject({ classes: classes(10), inputShape: imageShape([28, 28, 1]), width: widthFactor() }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      conv2d({ filters: wide(16), kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' }),
      maxPool2d({ poolSize: 2 }),
      batchNorm({ momentum: 0.9 }),
      named('dilated', hybridDilated({ filters: wide(32), activation: 'relu', kernelInitializer: 'heNormal' })),
      batchNorm({ momentum: 0.9 }),
      conv2d({ filters: wide(64), kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' }),
      globalAvgPool2d(),
      dense({ units: config.classes }))
    return graph({ name: 'dilatedMini', inputs: { image }, outputs: { logits } })
  },
})
