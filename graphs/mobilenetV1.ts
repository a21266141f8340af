// mobilenetV1: depthwise separable convolutions all the way.
import { z } from 'zod'
import { batchNorm } from '../layers/batchNorm.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { depthwiseConv2d } from '../layers/depthwiseConv2d.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { relu6 } from '../layers/relu6.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, dropoutRate, imageShape } from './config.ts'

const conv = (filters: number, kernelSize: number, strides: number) => sequence(
  conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }), batchNorm(), relu6())

/** 3×3 depthwise and 1×1, batch norm and relu6 after each. */
const block = (filters: number, strides: number) => sequence(
  depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }), batchNorm(), relu6(),
  conv(filters, 1, 1))

/** Filters and strides of the thirteen blocks. */
const BLOCKS = [
  [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], [512, 1], [512, 1], [512, 1], [512, 1], [512, 1], [1024, 2],
  [1024, 1],
] as const

/**
 * MobileNet v1 as in Keras: 4,231,976 trainable parameters, 568,740,352 MACs, receptive field 315.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (the paper's α, a factor of all channels), `dropout` 0.001.
 * Paper: Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017,
 * https://arxiv.org/abs/1704.04861.
 */
export const mobilenetV1 = defineGraph({
  name: 'mobilenetV1',
  summary: 'MobileNet v1, thirteen depthwise separable blocks (Howard et al. 2017).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: z.number().positive().default(1),
    dropout: dropoutRate(0.001),
  }),
  build: (config) => {
    const wide = (filters: number): number => Math.max(1, Math.floor(filters * config.width))
    const image = input(config.inputShape)
    const body: readonly Op[] = [
      named('stem', conv(wide(32), 3, 2)),
      ...BLOCKS.map(([filters, strides], index) => named(`block${index + 1}`, block(wide(filters), strides))),
    ]
    const features: Op = sequence(...body)
    const logits = pipe(image, features, globalAvgPool2d(), dropout({ rate: config.dropout }), dense({ units: config.classes }))
    return graph({ name: 'mobilenetV1', inputs: { image }, outputs: { logits } })
  },
})
