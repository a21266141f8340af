// efficientnetB0: inverted residuals with squeeze-and-excitation.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { silu } from '../layers/silu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, dropoutRate, imageShape, scaledTo8, widthFactor } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { invertedResidual } from './invertedResidual.ts'

/** The stages of the paper's table 1: expansion, kernel, strides of the first block, channels, blocks. */
const STAGES = [
  [1, 3, 1, 16, 1], [6, 3, 2, 24, 2], [6, 5, 2, 40, 2], [6, 3, 2, 80, 3], [6, 5, 1, 112, 3], [6, 5, 2, 192, 4], [6, 3, 1, 320, 1],
] as const

const STEM = 32
const BLOCKS = STAGES.reduce((sum, [, , , , blocks]) => sum + blocks, 0)

/** All blocks; those further in are left out more often. */
function blocksOf(width: number, dropPath: number): readonly Op[] {
  let channels = scaledTo8(STEM, width)
  let index = 0
  return STAGES.flatMap(([expansion, kernelSize, strides, wanted, blocks]) => Array.from({ length: blocks }, (_, at) => {
    const filters = scaledTo8(wanted, width)
    const block = invertedResidual({
      channels, filters, expansion, kernelSize, strides: at === 0 ? strides : 1, activation: 'silu',
      squeezed: Math.max(1, Math.floor(channels / 4)), dropPath: (dropPath * index) / BLOCKS,
    })
    channels = filters
    return named(`block${++index}`, block)
  }))
}

/**
 * EfficientNet-B0 as in torchvision: 5,288,548 trainable parameters, 385,814,752 MACs.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels, rounded to multiples of 8),
 * `dropout` 0.2, `dropPath` 0.2 (for the last block, less before).
 * Paper: Tan, Le, "EfficientNet: rethinking model scaling for convolutional neural networks", 2019,
 * https://arxiv.org/abs/1905.11946.
 */
export const efficientnetB0 = defineGraph({
  name: 'efficientnetB0',
  summary: 'EfficientNet-B0, inverted residuals with squeeze-and-excitation (Tan, Le 2019).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(), dropout: dropoutRate(0.2), dropPath: dropoutRate(0.2),
  }),
  build: (config) => {
    const image = input(config.inputShape)
    const layers: readonly Op[] = [
      named('stem', sequence(convBatchNorm({ filters: scaledTo8(STEM, config.width), kernelSize: 3, strides: 2, padding: 1 }), silu())),
      ...blocksOf(config.width, config.dropPath),
      named('head', sequence(convBatchNorm({ filters: scaledTo8(1280, config.width), kernelSize: 1 }), silu())),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }),
    ]
    return graph({ name: 'efficientnetB0', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
