// resnet: what the residual networks have in common.
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
import { basicBlock, bottleneckBlock } from './residualBlocks.ts'

/** What tells one residual network from another. */
interface ResnetSpec<Name extends string> {
  readonly name: Name
  readonly summary: string
  readonly block: 'basic' | 'bottleneck'
  /** Blocks of each of the four stages. */
  readonly depths: readonly [number, number, number, number]
}

/** Blocks of one width, named as in torchvision; the first one halves the image, except in the first stage. */
function stage(block: 'basic' | 'bottleneck', filters: number, index: number, depth: number): Op {
  const make = block === 'basic' ? basicBlock : bottleneckBlock
  const blocks: readonly Op[] = Array.from({ length: depth }, (_, at) => named(`block${at + 1}`, make({
    filters, strides: at === 0 && index > 0 ? 2 : 1, project: at === 0 && (index > 0 || block === 'bottleneck'),
  })))
  return named(`layer${index + 1}`, sequence(...blocks))
}

/**
 * A ResNet as in torchvision: a 7×7 convolution, a pool, four stages of blocks, an average, logits.
 *
 * Config of each: `classes` 1000, `inputShape` [224, 224, 3], `width` 1 (a factor of all channels).
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet = <const Name extends string>({ name, summary, block, depths }: ResnetSpec<Name>) => defineGraph({
  name,
  summary,
  config: z.strictObject({ classes: classes(1000), inputShape: imageShape([224, 224, 3]), width: widthFactor() }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const layers: readonly Op[] = [
      named('stem', sequence(
        convBatchNorm({ filters: wide(64), kernelSize: 7, strides: 2, padding: 3, kernelInitializer: 'heNormal' }), relu(),
        maxPool2d({ poolSize: 3, strides: 2, padding: 1 }))),
      ...depths.map((depth, index) => stage(block, wide(64 * 2 ** index), index, depth)),
      globalAvgPool2d(),
      dense({ units: config.classes }),
    ]
    return graph({ name, inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
