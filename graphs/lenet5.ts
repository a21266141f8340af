// lenet5: LeCun's network for handwritten digits.
import { z } from 'zod'
import { avgPool2d } from '../layers/avgPool2d.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { flatten } from '../layers/flatten.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'

/**
 * LeNet-5 with tanh, average pooling and C3 connected to all of S2: 61,706 parameters, 416,520 MACs.
 *
 * C5 is a 5×5 convolution over a 5×5 map, as in the paper, so that the receptive field stays exact: 32 pixels.
 * MNIST's 28×28 images fit with `{ inputShape: [28, 28, 1], padding: 2 }`.
 *
 * Config: `classes` 10, `inputShape` [32, 32, 1], `width` 1 (a factor of all channels), `padding` of the
 * first convolution 0.
 * Paper: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998,
 * https://doi.org/10.1109/5.726791.
 */
export const lenet5 = defineGraph({
  name: 'lenet5',
  summary: 'LeNet-5 for 32×32 digits (LeCun et al. 1998).',
  config: z.strictObject({
    classes: classes(10),
    inputShape: imageShape([32, 32, 1]),
    width: widthFactor(),
    padding: z.int().nonnegative().default(0),
  }),
  build: ({ classes, inputShape, width, padding }) => {
    const wide = widened(width)
    const image = input(inputShape)
    const logits = pipe(image,
      named('c1', conv2d({ filters: wide(6), kernelSize: 5, padding, activation: 'tanh' })),
      named('s2', avgPool2d({ poolSize: 2 })),
      named('c3', conv2d({ filters: wide(16), kernelSize: 5, activation: 'tanh' })),
      named('s4', avgPool2d({ poolSize: 2 })),
      named('c5', conv2d({ filters: wide(120), kernelSize: 5, activation: 'tanh' })),
      flatten(),
      named('f6', dense({ units: wide(84), activation: 'tanh' })),
      named('output', dense({ units: classes })))
    return graph({ name: 'lenet5', inputs: { image }, outputs: { logits } })
  },
})
