// sppMini: a small network for digits of any size.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'
import { sppHead } from './sppHead.ts'

const conv = <const F extends number>(filters: F) =>
  conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' })

/**
 * Three convolutions and a spatial pyramid: one set of weights for images of any size.
 *
 * Config: `classes` 10, `inputShape` [null, null, 1], `width` 1 (a factor of all channels), `dropout` 0.3.
 * Paper: He, Zhang, Ren, Sun, "Spatial pyramid pooling in deep convolutional networks for visual recognition", 2014,
 * https://arxiv.org/abs/1406.4729.
 */
export const sppMini = defineGraph({
  name: 'sppMini',
  summary: 'A small network with spatial pyramid pooling, for digits of any size.',
  config: z.strictObject({
    classes: classes(10), inputShape: imageShape([null, null, 1]), width: widthFactor(), dropout: dropoutRate(0.3),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      conv(wide(16)),
      maxPool2d({ poolSize: 2 }),
      conv(wide(32)),
      conv(wide(48)),
      named('head', sppHead({ classes: config.classes, bins: [4, 2, 1], units: [wide(96)], dropout: config.dropout })))
    return graph({ name: 'sppMini', inputs: { image }, outputs: { logits } })
  },
})
