// vgg16: thirteen 3×3 convolutions and three dense layers.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { flatten } from '../layers/flatten.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'

const conv = (filters: number) => conv2d({ filters, kernelSize: 3, padding: 1, activation: 'relu' })
const pool = () => maxPool2d({ poolSize: 2 })

/** Two convolutions and a pool. */
const double = (filters: number) => sequence(conv(filters), conv(filters), pool())

/** Three convolutions and a pool. */
const triple = (filters: number) => sequence(conv(filters), conv(filters), conv(filters), pool())

/**
 * VGG16, configuration D: 138,357,544 parameters, 15,470,264,320 MACs, receptive field 212 at the last pool.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels), `dropout` 0.5.
 * Paper: Simonyan, Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015,
 * https://arxiv.org/abs/1409.1556.
 */
export const vgg16 = defineGraph({
  name: 'vgg16',
  summary: 'VGG16, thirteen 3×3 convolutions and three dense layers (Simonyan, Zisserman 2015).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const features = pipe(image,
      named('block1', double(wide(64))),
      named('block2', double(wide(128))),
      named('block3', triple(wide(256))),
      named('block4', triple(wide(512))),
      named('block5', triple(wide(512))))
    const logits = pipe(features,
      flatten(),
      dense({ units: wide(4096), activation: 'relu' }), dropout({ rate: config.dropout }),
      dense({ units: wide(4096), activation: 'relu' }), dropout({ rate: config.dropout }),
      dense({ units: config.classes }))
    return graph({ name: 'vgg16', inputs: { image }, outputs: { logits } })
  },
})
