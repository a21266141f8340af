// mobilenetV2: seventeen inverted residuals.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { relu6 } from '../layers/relu6.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, dropoutRate, imageShape, scaledTo8 } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { invertedResidual } from './invertedResidual.ts'

/** The stages of the paper's table 2: expansion, channels, blocks, strides of the first block. */
const STAGES = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]] as const

function blocksOf(width: number): readonly Op[] {
  let channels = scaledTo8(32, width)
  return STAGES.flatMap(([expansion, wanted, blocks, strides]) => Array.from({ length: blocks }, (_, at) => {
    const filters = scaledTo8(wanted, width)
    const block = invertedResidual({ channels, filters, expansion, strides: at === 0 ? strides : 1 })
    channels = filters
    return block
  })).map((block, index) => named(`block${index + 1}`, block))
}

/**
 * MobileNetV2 as in torchvision: 3,504,872 trainable parameters, 300,774,272 MACs.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels, rounded to multiples of 8),
 * `dropout` 0.2.
 * Paper: Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018, https://arxiv.org/abs/1801.04381.
 */
export const mobilenetV2 = defineGraph({
  name: 'mobilenetV2',
  summary: 'MobileNetV2, seventeen inverted residuals (Sandler et al. 2018).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: z.number().positive().default(1),
    dropout: dropoutRate(0.2),
  }),
  build: ({ classes: units, inputShape, width, dropout: rate }) => {
    const image = input(inputShape)
    const layers: readonly Op[] = [
      named('stem', sequence(convBatchNorm({ filters: scaledTo8(32, width), kernelSize: 3, strides: 2, padding: 1 }), relu6())),
      ...blocksOf(width),
      named('head', sequence(convBatchNorm({ filters: scaledTo8(1280, Math.max(1, width)), kernelSize: 1 }), relu6())),
      globalAvgPool2d(),
      dropout({ rate }),
      dense({ units }),
    ]
    return graph({ name: 'mobilenetV2', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
