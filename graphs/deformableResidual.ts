// deformableResidual: a residual block whose second convolution looks where the first one tells it to.
import { batchNorm } from '../layers/batchNorm.ts'
import { deformableConv2d } from '../layers/deformableConv2d.ts'
import { type Relu, relu } from '../layers/relu.ts'
import { named, sequence } from '../src/graph/compose.ts'
import type { Op, Residual, Sequence } from '../src/types/layer.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { residual } from './residual.ts'

export interface DeformableResidualConfig<F extends number, P extends boolean = boolean> {
  /** Output channels; without `project` the input has as many, because it is added. */
  readonly filters: F
  /** A 1×1 convolution with batch norm around the body in place of the identity, where channels change. Default false. */
  readonly project?: P
  /** Offsets for each of so many slices of the channels, default 1. */
  readonly offsetGroups?: number
  /** Version 2, with a factor for each tap; default true. */
  readonly modulated?: boolean
}

/**
 * relu(shortcut(x) + body(x)), the body a 3×3 convolution, then a 3×3 deformable one, each with batch norm.
 *
 * Takes [h, w, channels] and gives [h, w, filters], as many without `project`. The taps start where those of a convolution are, so the block starts as the
 * ordinary one of a ResNet.
 * Paper: Zhu, Hu, Lin, Dai, "Deformable ConvNets v2", 2019, https://arxiv.org/abs/1811.11168, which puts deformable
 * convolutions into the residual blocks of the last stages.
 */
export function deformableResidual<const F extends number, const P extends boolean = false>(
  { filters, offsetGroups = 1, modulated = true, project }: DeformableResidualConfig<F, P>,
) {
  const body = sequence(
    convBatchNorm({ filters, kernelSize: 3, padding: 1, kernelInitializer: 'heNormal' }), relu(),
    named('deformable', deformableConv2d({
      filters, kernelSize: 3, padding: 1, offsetGroups, modulated, useBias: false, kernelInitializer: 'heNormal',
    })),
    batchNorm({ momentum: 0.9, epsilon: 1e-5 }))
  const shortcut = named('shortcut', convBatchNorm({ filters, kernelSize: 1, kernelInitializer: 'heNormal' }))
  const joined: Op = project === true ? residual(body, shortcut) : residual(body)
  const layers: readonly Op[] = [joined, relu()]
  return sequence(...layers) as unknown as Sequence<[Residual<typeof body, P extends true ? typeof shortcut : undefined>, Relu]>
}
