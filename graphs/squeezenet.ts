// squeezenet: eight Fire blocks.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'
import { fire } from './fire.ts'

const pool = () => maxPool2d({ poolSize: 3, strides: 2, ceilMode: true })

/**
 * SqueezeNet 1.0 as in torchvision, with pools that round up: 1,248,424 parameters, 818,924,576 MACs, receptive field 155.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels), `dropout` 0.5.
 * Paper: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016,
 * https://arxiv.org/abs/1602.07360.
 */
export const squeezenet = defineGraph({
  name: 'squeezenet',
  summary: 'SqueezeNet 1.0, eight Fire blocks and no dense layer (Iandola et al. 2016).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('conv1', conv2d({ filters: wide(96), kernelSize: 7, strides: 2, activation: 'relu' })),
      pool(),
      named('fire2', fire({ squeeze: wide(16), expand: wide(64) })),
      named('fire3', fire({ squeeze: wide(16), expand: wide(64) })),
      named('fire4', fire({ squeeze: wide(32), expand: wide(128) })),
      pool(),
      named('fire5', fire({ squeeze: wide(32), expand: wide(128) })),
      named('fire6', fire({ squeeze: wide(48), expand: wide(192) })),
      named('fire7', fire({ squeeze: wide(48), expand: wide(192) })),
      named('fire8', fire({ squeeze: wide(64), expand: wide(256) })),
      pool(),
      named('fire9', fire({ squeeze: wide(64), expand: wide(256) })),
      dropout({ rate: config.dropout }),
      named('conv10', conv2d({ filters: config.classes, kernelSize: 1, activation: 'relu' })),
      globalAvgPool2d())
    return graph({ name: 'squeezenet', inputs: { image }, outputs: { logits } })
  },
})
