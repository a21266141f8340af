// residualBlocks: the two blocks of ResNets, around the identity or a 1×1 convolution.
import { relu } from '../layers/relu.ts'
import { named, sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { residual } from './residual.ts'

/** What the blocks take. */
export interface ResidualBlockConfig {
  /** Channels of the 3×3 convolutions. */
  filters: number
  /** Default 1; that of the first 3×3 convolution. */
  strides?: number
  /** A 1×1 convolution around the body in place of the identity: needed where strides or channels change. Default false. */
  project?: boolean
}

const conv = (filters: number, kernelSize: 1 | 3, strides = 1) =>
  convBatchNorm({ filters, kernelSize, strides, padding: kernelSize === 3 ? 1 : 0, kernelInitializer: 'heNormal' })

function around(body: Op, filters: number, { strides = 1, project = false }: ResidualBlockConfig): Op {
  const block: Op = project ? residual(body, named('shortcut', conv(filters, 1, strides))) : residual(body)
  return sequence(...([block, relu()] as readonly Op[]))
}

/**
 * Two 3×3 convolutions with a shortcut: [h, w, c] → [h / strides, w / strides, filters].
 *
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export function basicBlock(config: ResidualBlockConfig): Op {
  const { filters, strides = 1 } = config
  return around(sequence(conv(filters, 3, strides), relu(), conv(filters, 3)), filters, config)
}

/** How many times more channels a bottleneck gives than its 3×3 convolution has. */
export const BOTTLENECK_EXPANSION = 4

/**
 * A 1×1, a 3×3 and a 1×1 convolution with a shortcut: [h, w, c] → [h / strides, w / strides, 4 · filters].
 *
 * The stride is in the 3×3 convolution, as everywhere today; the paper has it in the first.
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export function bottleneckBlock(config: ResidualBlockConfig): Op {
  const { filters, strides = 1 } = config
  const wide = filters * BOTTLENECK_EXPANSION
  return around(sequence(conv(filters, 1), relu(), conv(filters, 3, strides), relu(), conv(wide, 1)), wide, config)
}
