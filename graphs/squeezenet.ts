// squeezenet: eight Fire blocks.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape } from './config.ts'
import { fire } from './fire.ts'

const pool = () => maxPool2d({ poolSize: 3, strides: 2, ceilMode: true })

/**
 * SqueezeNet 1.0 as in torchvision, with pools that round up: 1,248,424 parameters, 818,924,576 MACs, receptive field 155.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `dropout` 0.5.
 * Paper: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016,
 * https://arxiv.org/abs/1602.07360.
 */
export const squeezenet = defineGraph({
  name: 'squeezenet',
  summary: 'SqueezeNet 1.0, eight Fire blocks and no dense layer (Iandola et al. 2016).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('conv1', conv2d({ filters: 96, kernelSize: 7, strides: 2, activation: 'relu' })),
      pool(),
      named('fire2', fire({ squeeze: 16, expand: 64 })),
      named('fire3', fire({ squeeze: 16, expand: 64 })),
      named('fire4', fire({ squeeze: 32, expand: 128 })),
      pool(),
      named('fire5', fire({ squeeze: 32, expand: 128 })),
      named('fire6', fire({ squeeze: 48, expand: 192 })),
      named('fire7', fire({ squeeze: 48, expand: 192 })),
      named('fire8', fire({ squeeze: 64, expand: 256 })),
      pool(),
      named('fire9', fire({ squeeze: 64, expand: 256 })),
      dropout({ rate: config.dropout }),
      named('conv10', conv2d({ filters: config.classes, kernelSize: 1, activation: 'relu' })),
      globalAvgPool2d())
    return graph({ name: 'squeezenet', inputs: { image }, outputs: { logits } })
  },
})
