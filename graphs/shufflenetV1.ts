// shufflenetV1: grouped 1×1 convolutions, their channels shuffled.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { shuffleUnit } from './shuffleUnit.ts'

/** Channels of the second stage by the number of groups, so that all have about the same cost; they double twice. */
const CHANNELS = { 1: 144, 2: 200, 3: 240, 4: 272, 8: 384 } as const
const STEM = 24
/** Units of stages 2, 3 and 4. */
const UNITS = [4, 8, 4] as const

/** A unit that halves the image, then units that keep it. */
function stage(count: number, filters: number, channels: number, groups: number): Op {
  const first = { filters, groups, channels, strides: 2 as const, ...(channels === STEM ? { firstGroups: 1 } : {}) }
  const units: readonly Op[] = [
    named('unit1', shuffleUnit(first)),
    ...Array.from({ length: count - 1 }, (_, index) => named(`unit${index + 2}`, shuffleUnit({ filters, groups }))),
  ]
  return sequence(...units)
}

/**
 * ShuffleNet v1, 1×, with 3 groups: 1,865,728 trainable parameters, 137.5 million MACs.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels, rounded to fit the groups),
 * `groups` 3 (1, 2, 3, 4 or 8).
 * Paper: Zhang, Zhou, Lin, Sun, "ShuffleNet: an extremely efficient convolutional neural network for mobile devices",
 * 2018, https://arxiv.org/abs/1707.01083.
 */
export const shufflenetV1 = defineGraph({
  name: 'shufflenetV1',
  summary: 'ShuffleNet v1, grouped 1×1 convolutions with shuffled channels (Zhang et al. 2018).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(),
    groups: z.literal([1, 2, 3, 4, 8]).default(3),
  }),
  build: ({ classes: units, inputShape, width, groups }) => {
    const image = input(inputShape)
    const stem = widened(width, groups)(STEM)
    // A quarter of them is split into groups.
    const wide = widened(width, 4 * groups)
    const channels = [stem, wide(CHANNELS[groups]), wide(2 * CHANNELS[groups]), wide(4 * CHANNELS[groups])]
    const body: readonly Op[] = [
      named('stem', sequence(
        convBatchNorm({ filters: stem, kernelSize: 3, strides: 2, padding: 1, kernelInitializer: 'heNormal' }), relu(),
        maxPool2d({ poolSize: 3, strides: 2, padding: 1 }))),
      ...UNITS.map((count, index) =>
        named(`stage${index + 2}`, stage(count, channels[index + 1] as number, channels[index] as number, groups))),
    ]
    const features: Op = sequence(...body)
    const logits = pipe(image, features, globalAvgPool2d(), dense({ units }))
    return graph({ name: 'shufflenetV1', inputs: { image }, outputs: { logits } })
  },
})
