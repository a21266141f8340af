// deformableResidual: a residual block whose second convolution looks where the first one tells it to.
import { batchNorm } from '../layers/batchNorm.ts'
import { deformableConv2d } from '../layers/deformableConv2d.ts'
import { relu } from '../layers/relu.ts'
import { named, sequence } from '../src/graph/compose.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { residual } from './residual.ts'

export interface DeformableResidualConfig<F extends number> {
  /** Output channels; the block needs as many input channels, because it adds what came in. */
  readonly filters: F
  /** Offsets for each of so many slices of the channels, default 1. */
  readonly offsetGroups?: number
  /** Version 2, with a factor for each tap; default true. */
  readonly modulated?: boolean
}

/**
 * relu(x + body(x)), the body a 3×3 convolution, then a 3×3 deformable one, each with batch norm.
 *
 * Takes and gives [h, w, filters]. The taps start where those of a convolution are, so the block starts as the
 * ordinary one of a ResNet.
 * Paper: Zhu, Hu, Lin, Dai, "Deformable ConvNets v2", 2019, https://arxiv.org/abs/1811.11168, which puts deformable
 * convolutions into the residual blocks of the last stages.
 */
export const deformableResidual = <const F extends number>(
  { filters, offsetGroups = 1, modulated = true }: DeformableResidualConfig<F>,
) => sequence(
  residual(sequence(
    convBatchNorm({ filters, kernelSize: 3, padding: 1, kernelInitializer: 'heNormal' }), relu(),
    named('deformable', deformableConv2d({
      filters, kernelSize: 3, padding: 1, offsetGroups, modulated, useBias: false, kernelInitializer: 'heNormal',
    })),
    batchNorm({ momentum: 0.9, epsilon: 1e-5 }))),
  relu())
