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
import { classes, dropoutRate, imageShape } from './config.ts'
import { inception } from './inception.ts'

const pool = () => maxPool2d({ poolSize: 3, strides: 2, ceilMode: true })

/**
 * GoogLeNet as in its paper: 5×5 convolutions, local response normalisation, no batch normalisation; without the two heads
 * that helped to train it. 6,998,552 parameters, 1,582,671,872 MACs, receptive field 715.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `dropout` 0.4.
 * Paper: Szegedy et al., "Going deeper with convolutions", 2015, https://arxiv.org/abs/1409.4842.
 */
export const googlenet = defineGraph({
  name: 'googlenet',
  summary: 'GoogLeNet, nine Inception blocks (Szegedy et al. 2015).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), dropout: dropoutRate(0.4),
  }),
  build: (config) => {
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('stem', sequence(
        conv2d({ filters: 64, kernelSize: 7, strides: 2, padding: 3, activation: 'relu' }), pool(), localResponseNorm(),
        conv2d({ filters: 64, kernelSize: 1, activation: 'relu' }),
        conv2d({ filters: 192, kernelSize: 3, padding: 1, activation: 'relu' }), localResponseNorm(), pool())),
      named('inception3a', inception({ conv1: 64, conv3: [96, 128], conv5: [16, 32], pool: 32 })),
      named('inception3b', inception({ conv1: 128, conv3: [128, 192], conv5: [32, 96], pool: 64 })),
      pool(),
      named('inception4a', inception({ conv1: 192, conv3: [96, 208], conv5: [16, 48], pool: 64 })),
      named('inception4b', inception({ conv1: 160, conv3: [112, 224], conv5: [24, 64], pool: 64 })),
      named('inception4c', inception({ conv1: 128, conv3: [128, 256], conv5: [24, 64], pool: 64 })),
      named('inception4d', inception({ conv1: 112, conv3: [144, 288], conv5: [32, 64], pool: 64 })),
      named('inception4e', inception({ conv1: 256, conv3: [160, 320], conv5: [32, 128], pool: 128 })),
      pool(),
      named('inception5a', inception({ conv1: 256, conv3: [160, 320], conv5: [32, 128], pool: 128 })),
      named('inception5b', inception({ conv1: 384, conv3: [192, 384], conv5: [48, 128], pool: 128 })),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }))
    return graph({ name: 'googlenet', inputs: { image }, outputs: { logits } })
  },
})
