// shuffleMini: the units of ShuffleNet for MNIST.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { shuffleUnit } from './shuffleUnit.ts'

/**
 * A small network for digits of ShuffleNet's units: 1×1 convolutions in 4 groups, their channels shuffled.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1].
 */
export const shuffleMini = defineGraph({
  name: 'shuffleMini',
  summary: 'A small network of grouped convolutions and shuffled channels, for MNIST.',
  config: z.strictObject({ classes: classes(10), inputShape: imageShape([28, 28, 1]) }),
  build: (config) => {
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('stem', sequence(
        convBatchNorm({ filters: 24, kernelSize: 3, padding: 1, kernelInitializer: 'heNormal' }), relu(),
        maxPool2d({ poolSize: 2 }))),
      named('unit1', shuffleUnit({ filters: 96, channels: 24, groups: 4, firstGroups: 1, strides: 2 })),
      named('unit2', shuffleUnit({ filters: 96, groups: 4 })),
      named('unit3', shuffleUnit({ filters: 96, groups: 4 })),
      named('unit4', shuffleUnit({ filters: 192, channels: 96, groups: 4, strides: 2 })),
      named('unit5', shuffleUnit({ filters: 192, groups: 4 })),
      globalAvgPool2d(),
      dense({ units: config.classes }))
    return graph({ name: 'shuffleMini', inputs: { image }, outputs: { logits } })
  },
})
