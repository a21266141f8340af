// alexnet: the network that won ImageNet in 2012, in its one-tower form.
import { z } from 'zod'
import { adaptiveAvgPool2d } from '../layers/adaptiveAvgPool2d.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { flatten } from '../layers/flatten.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'

const conv = (filters: number, kernelSize: number, padding: number, strides = 1) =>
  conv2d({ filters, kernelSize, padding, strides, activation: 'relu' })
const pool = () => maxPool2d({ poolSize: 3, strides: 2 })

/**
 * AlexNet as in torchvision, in one tower and without normalisation: 61,100,840 parameters, 714,188,480 MACs, receptive
 * field 195.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels), `dropout` 0.5.
 * Paper: Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014,
 * https://arxiv.org/abs/1404.5997.
 */
export const alexnet = defineGraph({
  name: 'alexnet',
  summary: 'AlexNet in one tower, five convolutions and three dense layers (Krizhevsky 2014).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const features = pipe(image, named('features', sequence(
      conv(wide(64), 11, 2, 4), pool(),
      conv(wide(192), 5, 2), pool(),
      conv(wide(384), 3, 1), conv(wide(256), 3, 1), conv(wide(256), 3, 1), pool())))
    const logits = pipe(features,
      adaptiveAvgPool2d({ outputSize: 6 }),
      flatten(),
      dropout({ rate: config.dropout }), dense({ units: wide(4096), activation: 'relu' }),
      dropout({ rate: config.dropout }), dense({ units: wide(4096), activation: 'relu' }),
      dense({ units: config.classes }))
    return graph({ name: 'alexnet', inputs: { image }, outputs: { logits } })
  },
})
