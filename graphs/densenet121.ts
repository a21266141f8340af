// densenet121: four dense blocks.
import { z } from 'zod'
import { batchNorm } from '../layers/batchNorm.ts'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { size } from '../src/spec/config.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { denseBlock, denseTransition } from './denseBlock.ts'

/** Layers of the blocks. */
const DEPTHS = [6, 12, 24, 16] as const

/** Blocks, and between them transitions that halve the channels. */
function blocksOf(growth: number): readonly Op[] {
  let channels = 2 * growth
  return DEPTHS.flatMap((layers, index): readonly Op[] => {
    channels += layers * growth
    const block = named(`block${index + 1}`, denseBlock({ layers, growth }))
    if (index === DEPTHS.length - 1) return [block]
    channels = Math.floor(channels / 2)
    return [block, named(`transition${index + 1}`, denseTransition({ filters: channels }))]
  })
}

/**
 * DenseNet-121 as in torchvision: 7,978,856 trainable parameters, 2,834,161,664 MACs.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3], `growth` 32, `width` 1 (a factor of all channels).
 * Paper: Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional networks", 2017,
 * https://arxiv.org/abs/1608.06993.
 */
export const densenet121 = defineGraph({
  name: 'densenet121',
  summary: 'DenseNet-121, four dense blocks (Huang et al. 2017).',
  config: z.strictObject({ classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor(), growth: size.default(32) }),
  build: (config) => {
    const image = input(config.inputShape)
    const growth = widened(config.width)(config.growth)
    const layers: readonly Op[] = [
      named('stem', sequence(
        convBatchNorm({ filters: 2 * growth, kernelSize: 7, strides: 2, padding: 3, kernelInitializer: 'heNormal' }), relu(),
        maxPool2d({ poolSize: 3, strides: 2, padding: 1 }))),
      ...blocksOf(growth),
      named('norm', batchNorm({ momentum: 0.9, epsilon: 1e-5 })), relu(),
      globalAvgPool2d(),
      dense({ units: config.classes }),
    ]
    return graph({ name: 'densenet121', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
