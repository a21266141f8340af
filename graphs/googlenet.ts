// googlenet: nine Inception blocks.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { localResponseNorm } from '../layers/localResponseNorm.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'
import { inception } from './inception.ts'

const pool = () => maxPool2d({ poolSize: 3, strides: 2, ceilMode: true })

/**
 * GoogLeNet as in its paper: 5×5 convolutions, local response normalisation, no batch normalisation; without the two heads
 * that helped to train it. 6,998,552 parameters, 1,582,671,872 MACs, receptive field 715.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels), `dropout` 0.4.
 * Paper: Szegedy et al., "Going deeper with convolutions", 2015, https://arxiv.org/abs/1409.4842.
 */
export const googlenet = defineGraph({
  name: 'googlenet',
  summary: 'GoogLeNet, nine Inception blocks (Szegedy et al. 2015).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(), dropout: dropoutRate(0.4),
  }),
  build: (config) => {
    const wide = widened(config.width)
    const both = ([reduced, filters]: readonly [number, number]) => [wide(reduced), wide(filters)] as const
    const block = (name: string, conv1: number, conv3: readonly [number, number], conv5: readonly [number, number], pooled: number) =>
      named(name, inception({ conv1: wide(conv1), conv3: both(conv3), conv5: both(conv5), pool: wide(pooled) }))
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('stem', sequence(
        conv2d({ filters: wide(64), kernelSize: 7, strides: 2, padding: 3, activation: 'relu' }), pool(), localResponseNorm(),
        conv2d({ filters: wide(64), kernelSize: 1, activation: 'relu' }),
        conv2d({ filters: wide(192), kernelSize: 3, padding: 1, activation: 'relu' }), localResponseNorm(), pool())),
      block('inception3a', 64, [96, 128], [16, 32], 32),
      block('inception3b', 128, [128, 192], [32, 96], 64),
      pool(),
      block('inception4a', 192, [96, 208], [16, 48], 64),
      block('inception4b', 160, [112, 224], [24, 64], 64),
      block('inception4c', 128, [128, 256], [24, 64], 64),
      block('inception4d', 112, [144, 288], [32, 64], 64),
      block('inception4e', 256, [160, 320], [32, 128], 128),
      pool(),
      block('inception5a', 256, [160, 320], [32, 128], 128),
      block('inception5b', 384, [192, 384], [48, 128], 128),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }))
    return graph({ name: 'googlenet', inputs: { image }, outputs: { logits } })
  },
})
