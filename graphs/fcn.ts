// fcn: VGG16 without dense layers, its scores enlarged to the image by transposed convolutions.
import { z } from 'zod'
import { add } from '../layers/add.ts'
import { conv2d } from '../layers/conv2d.ts'
import { conv2dTranspose } from '../layers/conv2dTranspose.ts'
import { dropout } from '../layers/dropout.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { size } from '../src/spec/config.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, dropoutRate, imageShape } from './config.ts'

/** So many 3×3 convolutions and a pool. */
function block(count: number, filters: number): Op {
  const layers: readonly Op[] = [
    ...Array.from({ length: count }, () => conv2d({ filters, kernelSize: 3, padding: 1, activation: 'relu' })),
    maxPool2d({ poolSize: 2 }),
  ]
  return sequence(...layers)
}

/** Scores, so many times as large, at first by blending; a kernel twice as large as the step overlaps by half. */
const enlarge = (filters: number, times: number): Op =>
  conv2dTranspose({ filters, kernelSize: 2 * times, strides: times, padding: times / 2, useBias: false, kernelInitializer: 'bilinear' })

/**
 * FCN-8s on VGG16 for segmentation: 134,489,759 parameters for 21 classes. The output is as large as the image.
 *
 * The dense layers of VGG16 become convolutions of 7×7 and 1×1. Scores at 1/32, 1/16 and 1/8 of the image are added up on
 * the way back to its size. Images have sizes that 32 divides: maps then fit without the paper's padding by 100 and the
 * cutting that follows it.
 *
 * Config: `classes` 21, `inputShape` [224, 224, 3], `width` 64 (filters of the first block), `units` 4096, `dropout` 0.5.
 * Paper: Long, Shelhamer, Darrell, "Fully convolutional networks for semantic segmentation", 2015,
 * https://arxiv.org/abs/1411.4038.
 */
export const fcn = defineGraph({
  name: 'fcn',
  summary: 'FCN-8s, VGG16 turned into a network that gives every pixel a class (Long et al. 2015).',
  config: z.strictObject({
    classes: classes(21), inputShape: imageShape([224, 224, 3]), width: size.default(64), units: size.default(4096),
    dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const { classes: filters, width } = config
    const score = (at: string): Op => named(`score${at}`, conv2d({ filters, kernelSize: 1 }))
    const image = input(config.inputShape)
    const eighth = pipe(image,
      named('block1', block(2, width)), named('block2', block(2, 2 * width)), named('block3', block(3, 4 * width)))
    const sixteenth = pipe(eighth, named('block4', block(3, 8 * width)))
    const last = pipe(sixteenth,
      named('block5', block(3, 8 * width)),
      named('fc6', conv2d({ filters: config.units, kernelSize: 7, padding: 3, activation: 'relu' })),
      dropout({ rate: config.dropout }),
      named('fc7', conv2d({ filters: config.units, kernelSize: 1, activation: 'relu' })),
      dropout({ rate: config.dropout }),
      score('32'), named('up32', enlarge(filters, 2)))
    const joined16 = pipe(add()([last, pipe(sixteenth, score('16'))]), named('up16', enlarge(filters, 2)))
    const joined8 = add()([joined16, pipe(eighth, score('8'))])
    const logits = pipe(joined8, named('up8', enlarge(filters, 8)))
    return graph({ name: 'fcn', inputs: { image }, outputs: { logits } })
  },
})
