// shuffleMini: the units of ShuffleNet for MNIST.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { shuffleUnit } from './shuffleUnit.ts'

/**
 * A small network for digits of ShuffleNet's units: 1×1 convolutions in 4 groups, their channels shuffled.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 1 (a factor of all channels, which are rounded to fit the groups).
 */
export const shuffleMini = defineGraph({
  name: 'shuffleMini',
  summary: 'A small network of grouped convolutions and shuffled channels, for MNIST.',
  config: z.strictObject({ classes: classes(10), inputShape: imageShape([28, 28, 1]), width: widthFactor() }),
  build: (config) => {
    const wide = widened(config.width, 16)
    const stem = widened(config.width, 8)(24)
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('stem', sequence(
        convBatchNorm({ filters: stem, kernelSize: 3, padding: 1, kernelInitializer: 'heNormal' }), relu(),
        maxPool2d({ poolSize: 2 }))),
      named('unit1', shuffleUnit({ filters: wide(96), channels: stem, groups: 4, firstGroups: 1, strides: 2 })),
      named('unit2', shuffleUnit({ filters: wide(96), groups: 4 })),
      named('unit3', shuffleUnit({ filters: wide(96), groups: 4 })),
      named('unit4', shuffleUnit({ filters: wide(192), channels: wide(96), groups: 4, strides: 2 })),
      named('unit5', shuffleUnit({ filters: wide(192), groups: 4 })),
      globalAvgPool2d(),
      dense({ units: config.classes }))
    return graph({ name: 'shuffleMini', inputs: { image }, outputs: { logits } })
  },
})
