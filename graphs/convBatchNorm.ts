// convBatchNorm: a convolution without bias and the batch norm whose shift takes the bias' place.
import { batchNorm } from '../layers/batchNorm.ts'
import { conv2d, type Conv2dConfig } from '../layers/conv2d.ts'
import { sequence } from '../src/graph/compose.ts'
import type { Padding2d, Size2d } from '../src/types/shape.ts'

/**
 * conv2d then batchNorm with PyTorch's settings: epsilon 1e-5, and a tenth of each batch into the moving statistics.
 *
 * Paper: Ioffe, Szegedy, "Batch normalization", 2015, https://arxiv.org/abs/1502.03167.
 */
export const convBatchNorm = <
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
>(config: Conv2dConfig<F, K, S, P, 1, 1>) => sequence(
  conv2d<F, K, S, P>({ ...config, useBias: false }),
  batchNorm({ momentum: 0.9, epsilon: 1e-5 }))
