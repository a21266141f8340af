// depthwiseBatchNorm: a depthwise convolution without bias and the batch norm whose shift takes the bias' place.
import { batchNorm } from '../layers/batchNorm.ts'
import { depthwiseConv2d, type DepthwiseConv2dConfig } from '../layers/depthwiseConv2d.ts'
import { sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'

/** depthwiseConv2d then batchNorm with the settings of convBatchNorm. Takes what depthwiseConv2d takes, but for `useBias`. */
export function depthwiseBatchNorm(config: Omit<DepthwiseConv2dConfig, 'useBias'>) {
  const layers: readonly Op[] = [depthwiseConv2d({ ...config, useBias: false }), batchNorm({ momentum: 0.9, epsilon: 1e-5 })]
  return sequence(...layers)
}
