// convMini: three convolutions and a global average, the smallest network here that reads digits well.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { size } from '../src/spec/config.ts'
import { graph } from '../src/graph/build.ts'
import { input, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'

/**
 * Three convolutions with batch norm, two halvings, and a dense layer behind a global average, so that the last feature
 * maps say where in the image each class is seen (Zhou et al. 2016, https://arxiv.org/abs/1512.04150).
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 8 filters at first.
 */
export const convMini = defineGraph({
  name: 'convMini',
  summary: 'Three convolutions and a global average, for MNIST.',
  config: z.strictObject({ classes: classes(10), inputShape: imageShape([28, 28, 1]), width: size.default(8) }),
  build: ({ classes, inputShape, width }) => {
    const image = input(inputShape)
    const logits = pipe(image,
      convBatchNorm({ filters: width, kernelSize: 3, padding: 'same', kernelInitializer: 'heNormal' }), relu(),
      maxPool2d({ poolSize: 2 }),
      convBatchNorm({ filters: 2 * width, kernelSize: 3, padding: 'same', kernelInitializer: 'heNormal' }), relu(),
      maxPool2d({ poolSize: 2 }),
      convBatchNorm({ filters: 4 * width, kernelSize: 3, padding: 'same', kernelInitializer: 'heNormal' }), relu(),
      globalAvgPool2d(),
      dense({ units: classes }))
    return graph({ name: 'convMini', inputs: { image }, outputs: { logits } })
  },
})
