// xception: depthwise separable convolutions with shortcuts.
import { z } from 'zod'
import { batchNorm } from '../layers/batchNorm.ts'
import { conv2d } from '../layers/conv2d.ts'
import { dense } from '../layers/dense.ts'
import { depthwiseConv2d } from '../layers/depthwiseConv2d.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import type { Op } from '../src/types/layer.ts'
import { classes, imageShape, widened, widthFactor } from './config.ts'
import { residual } from './residual.ts'

const inRow = (...layers: readonly Op[]): Op => sequence(...layers)

const conv = (filters: number, kernelSize: 1 | 3, strides: 1 | 2, padding: 'valid' | 'same'): Op =>
  inRow(conv2d({ filters, kernelSize, strides, padding, useBias: false }), batchNorm())

/** A depthwise and a 1×1 convolution without activation between them, and batch norm with Keras' settings. */
const separable = (filters: number): Op => inRow(
  depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false }),
  conv2d({ filters, kernelSize: 1, useBias: false }),
  batchNorm())

const pool = () => maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })

/** Two separable convolutions and a pool, around them a 1×1 convolution that halves as well. */
const halving = (first: number, second: number, entry: readonly Op[] = [relu()]): Op => residual(
  inRow(...entry, separable(first), relu(), separable(second), pool()),
  named('shortcut', conv(second, 1, 2, 'same')))

const MIDDLE = 8

/** Three separable convolutions around the identity. */
const middle = (filters: number): Op =>
  residual(inRow(relu(), separable(filters), relu(), separable(filters), relu(), separable(filters)))

/**
 * Xception as in Keras: 22,855,952 trainable parameters (22,910,480 in all), 8,357,403,496 MACs at 299×299.
 *
 * Config: `classes` 1000, `inputShape` [299, 299, 3], `width` 1 (a factor of all channels).
 * Paper: Chollet, "Xception: deep learning with depthwise separable convolutions", 2017, https://arxiv.org/abs/1610.02357.
 */
export const xception = defineGraph({
  name: 'xception',
  summary: 'Xception, depthwise separable convolutions with shortcuts (Chollet 2017).',
  config: z.strictObject({ classes: classes(1000), inputShape: imageShape([299, 299, 3]), width: widthFactor() }),
  build: (config) => {
    const wide = widened(config.width)
    const image = input(config.inputShape)
    const layers: readonly Op[] = [
      named('block1', inRow(conv(wide(32), 3, 2, 'valid'), relu(), conv(wide(64), 3, 1, 'valid'), relu())),
      named('block2', halving(wide(128), wide(128), [])),
      named('block3', halving(wide(256), wide(256))),
      named('block4', halving(wide(728), wide(728))),
      ...Array.from({ length: MIDDLE }, (_, at) => named(`block${at + 5}`, middle(wide(728)))),
      named('block13', halving(wide(728), wide(1024))),
      named('block14', inRow(separable(wide(1536)), relu(), separable(wide(2048)), relu())),
      globalAvgPool2d(),
      dense({ units: config.classes }),
    ]
    return graph({ name: 'xception', inputs: { image }, outputs: { logits: pipe(image, ...layers) } })
  },
})
