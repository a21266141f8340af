// denseBlock: every layer sees what all layers before it made.
import { avgPool2d } from '../layers/avgPool2d.ts'
import { batchNorm } from '../layers/batchNorm.ts'
import { concat } from '../layers/concat.ts'
import { conv2d } from '../layers/conv2d.ts'
import { relu } from '../layers/relu.ts'
import { named, parallel, sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'

const norm = () => batchNorm({ momentum: 0.9, epsilon: 1e-5 })
const conv = (filters: number, kernelSize: 1 | 3): Op =>
  conv2d({ filters, kernelSize, padding: kernelSize === 3 ? 1 : 0, useBias: false, kernelInitializer: 'heNormal' })
const inRow = (...layers: readonly Op[]): Op => sequence(...layers)

/** What denseBlock takes. */
export interface DenseBlockConfig {
  /** Number of layers. */
  layers: number
  /** Channels that each layer adds. */
  growth: number
  /** How many times `growth` channels the 1×1 convolution in front of the 3×3 one has, default 4. */
  bottleneck?: number
}

/**
 * Layers of batch norm, relu, 1×1 convolution, batch norm, relu, 3×3 convolution, each put beside what came into it.
 *
 * Takes [h, w, c], gives [h, w, c + layers · growth].
 * Paper: Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional networks", 2017,
 * https://arxiv.org/abs/1608.06993.
 */
export function denseBlock({ layers, growth, bottleneck = 4 }: DenseBlockConfig): Op {
  const layer = (): Op => parallel(
    [inRow(), inRow(norm(), relu(), conv(bottleneck * growth, 1), norm(), relu(), conv(growth, 3))], concat())
  return inRow(...Array.from({ length: layers }, (_, at) => named(`layer${at + 1}`, layer())))
}

/**
 * What stands between dense blocks: batch norm, relu, a 1×1 convolution to `filters`, and an average over 2×2.
 *
 * Takes [h, w, c], gives [h / 2, w / 2, filters], rounded down.
 */
export const denseTransition = ({ filters }: { readonly filters: number }): Op =>
  inRow(norm(), relu(), conv(filters, 1), avgPool2d({ poolSize: 2 }))
