// shufflenetV2: units that split, convolve and shuffle the channels.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, imageShape } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { shuffleUnitV2 } from './shuffleUnitV2.ts'

/** Channels of the three stages and of the last convolution, by width: the paper's table 5. */
const WIDTHS = { 0.5: [48, 96, 192, 1024], 1: [116, 232, 464, 1024], 1.5: [176, 352, 704, 1024], 2: [244, 488, 976, 2048] } as const

/** Units of the stages. */
const DEPTHS = [4, 8, 4] as const

const stage = (filters: number, units: number): Op => sequence(...Array.from({ length: units }, (_, at): Op =>
  named(`unit${at + 1}`, shuffleUnitV2({ filters, strides: at === 0 ? 2 : 1 }))) as readonly Op[])

/**
 * ShuffleNet v2 as in torchvision, at width 1: 2,278,604 trainable parameters, 144,907,992 MACs.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (or 0.5, 1.5, 2).
 * Paper: Ma, Zhang, Zheng, Sun, "ShuffleNet V2: practical guidelines for efficient CNN architecture design", 2018,
 * https://arxiv.org/abs/1807.11164.
 */
export const shufflenetV2 = defineGraph({
  name: 'shufflenetV2',
  summary: 'ShuffleNet v2, units that split and shuffle the channels (Ma et al. 2018).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]),
    width: z.union([z.literal(0.5), z.literal(1), z.literal(1.5), z.literal(2)]).default(1),
  }),
  build: (config) => {
    const [first, second, third, last] = WIDTHS[config.width]
    const image = input(config.inputShape)
    const layers: readonly Op[] = [
      named('stem', sequence(
        convBatchNorm({ filters: 24, kernelSize: 3, strides: 2, padding: 1 }), relu(),
        maxPool2d({ poolSize: 3, strides: 2, padding: 1 }))),
      ...[first, second, third].map((filters, index) => named(`stage${index + 2}`, stage(filters, DEPTHS[index] as number))),
      named('head', sequence(convBatchNorm({ filters: last, kernelSize: 1 }), relu())),
      globalAvgPool2d(),
      dense({ units: config.classes }),
    ]
    return graph({ name: 'shufflenetV2', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
