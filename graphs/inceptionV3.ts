// inceptionV3: Inception blocks of factorised convolutions.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, dropoutRate, imageShape, widened, widthFactor } from './config.ts'
import { inceptionA, inceptionB, inceptionC, inceptionConv, inceptionD, inceptionE } from './inceptionV3Blocks.ts'

const pool = () => maxPool2d({ poolSize: 3, strides: 2 })
const inRow = (...layers: readonly Op[]): Op => sequence(...layers)

const stem = (wide: (filters: number) => number) => inRow(
  inceptionConv(wide(32), 3, { strides: 2 }), inceptionConv(wide(32), 3, { padded: false }), inceptionConv(wide(64), 3), pool(),
  inceptionConv(wide(80), 1), inceptionConv(wide(192), 3, { padded: false }), pool())

const blocksOf = (width: number): Readonly<Record<string, Op>> => ({
  a1: inceptionA({ pool: 32, width }), a2: inceptionA({ pool: 64, width }), a3: inceptionA({ pool: 64, width }),
  b: inceptionB({ width }),
  c1: inceptionC({ filters: 128, width }), c2: inceptionC({ filters: 160, width }), c3: inceptionC({ filters: 160, width }),
  c4: inceptionC({ filters: 192, width }),
  d: inceptionD({ width }), e1: inceptionE({ width }), e2: inceptionE({ width }),
})

/**
 * Inception-v3 as in torchvision, without the auxiliary head: 23,834,568 trainable parameters, 5,713,216,096 MACs at 299×299.
 *
 * Config: `classes` 1000, `inputShape` [299, 299, 3], `width` 1 (a factor of all channels), `dropout` 0.5.
 * Paper: Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016,
 * https://arxiv.org/abs/1512.00567.
 */
export const inceptionV3 = defineGraph({
  name: 'inceptionV3',
  summary: 'Inception-v3, eleven blocks of factorised convolutions (Szegedy et al. 2016).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([299, 299, 3]), width: widthFactor(), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const image = input(config.inputShape)
    const layers: readonly Op[] = [
      named('stem', stem(widened(config.width))),
      ...Object.entries(blocksOf(config.width)).map(([name, block]) => named(name, block)),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }),
    ]
    return graph({ name: 'inceptionV3', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
