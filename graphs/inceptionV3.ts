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
import { classes, dropoutRate, imageShape } from './config.ts'
import { inceptionA, inceptionB, inceptionC, inceptionConv, inceptionD, inceptionE } from './inceptionV3Blocks.ts'

const pool = () => maxPool2d({ poolSize: 3, strides: 2 })
const inRow = (...layers: readonly Op[]): Op => sequence(...layers)

const stem = () => inRow(
  inceptionConv(32, 3, { strides: 2 }), inceptionConv(32, 3, { padded: false }), inceptionConv(64, 3), pool(),
  inceptionConv(80, 1), inceptionConv(192, 3, { padded: false }), pool())

const BLOCKS: Readonly<Record<string, () => Op>> = {
  a1: () => inceptionA({ pool: 32 }), a2: () => inceptionA({ pool: 64 }), a3: () => inceptionA({ pool: 64 }),
  b: inceptionB,
  c1: () => inceptionC({ filters: 128 }), c2: () => inceptionC({ filters: 160 }), c3: () => inceptionC({ filters: 160 }),
  c4: () => inceptionC({ filters: 192 }),
  d: inceptionD, e1: inceptionE, e2: inceptionE,
}

/**
 * Inception-v3 as in torchvision, without the auxiliary head: 23,834,568 trainable parameters, 5,713,216,096 MACs at 299×299.
 *
 * Config: `classes` 1000, `inputShape` [299, 299, 3], `dropout` 0.5.
 * Paper: Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016,
 * https://arxiv.org/abs/1512.00567.
 */
export const inceptionV3 = defineGraph({
  name: 'inceptionV3',
  summary: 'Inception-v3, eleven blocks of factorised convolutions (Szegedy et al. 2016).',
  config: z.strictObject({
    classes: classes(1000), inputShape: imageShape([299, 299, 3]), dropout: dropoutRate(0.5),
  }),
  build: (config) => {
    const image = input(config.inputShape)
    const layers: readonly Op[] = [
      named('stem', stem()),
      ...Object.entries(BLOCKS).map(([name, block]) => named(name, block())),
      globalAvgPool2d(),
      dropout({ rate: config.dropout }),
      dense({ units: config.classes }),
    ]
    return graph({ name: 'inceptionV3', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
