// convBatchNorm: a convolution without bias and the batch norm whose shift takes the bias' place.
import { type BatchNorm, batchNorm } from '../layers/batchNorm.ts'
import { type Conv2d, conv2d, type Conv2dConfig } from '../layers/conv2d.ts'
import { sequence } from '../src/graph/compose.ts'
import type { Op, Sequence } from '../src/types/layer.ts'
import type { Padding2d, Size2d } from '../src/types/shape.ts'

/**
 * conv2d then batchNorm with PyTorch's settings: epsilon 1e-5, and a tenth of each batch into the moving statistics.
 *
 * Takes what conv2d takes, but for `useBias`, and gives the shape that conv2d gives.
 * Paper: Ioffe, Szegedy, "Batch normalization", 2015, https://arxiv.org/abs/1502.03167.
 */
export function convBatchNorm<
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
  const D extends Size2d = 1, const G extends number = 1,
>(config: Omit<Conv2dConfig<F, K, S, P, D, G>, 'useBias'>): Sequence<[Conv2d<F, K, S, P, D, G>, BatchNorm]> {
  // As a list of any layers, since the check of one against the next cannot be done before F, K … are known.
  const layers: readonly Op[] = [
    conv2d({ ...config, useBias: false } as Conv2dConfig),
    batchNorm({ momentum: 0.9, epsilon: 1e-5 }),
  ]
  return sequence(...layers) as unknown as Sequence<[Conv2d<F, K, S, P, D, G>, BatchNorm]>
}
