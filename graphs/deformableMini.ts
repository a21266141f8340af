// deformableMini: a small network for MNIST with deformable convolutions in its last stage.
import { z } from 'zod'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { size } from '../src/spec/config.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { deformableResidual } from './deformableResidual.ts'

/**
 * Two convolutions, two halvings, then a residual block whose second convolution is deformable.
 *
 * Config: `classes` 10, `inputShape` [28, 28, 1], `width` 16 filters at first, `modulated` true (version 2).
 */
export const deformableMini = defineGraph({
  name: 'deformableMini',
  summary: 'A small network with a deformable residual block, for MNIST.',
  config: z.strictObject({
    classes: classes(10), inputShape: imageShape([28, 28, 1]), width: size.default(16), modulated: z.boolean().default(true),
  }),
  build: ({ classes, inputShape, width, modulated }) => {
    const image = input(inputShape)
    const logits = pipe(image,
      conv2d({ filters: width, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' }),
      maxPool2d({ poolSize: 2 }),
      convBatchNorm({ filters: 2 * width, kernelSize: 3, padding: 1, kernelInitializer: 'heNormal' }), relu(),
      maxPool2d({ poolSize: 2 }),
      named('block', deformableResidual({ filters: 2 * width, modulated })),
      globalAvgPool2d(),
      dense({ units: classes }))
    return graph({ name: 'deformableMini', inputs: { image }, outputs: { logits } })
  },
})
