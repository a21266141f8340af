/**
 * FusedBatchNorm with statistics per channel: y = (x − mean)·scale/√(variance + ε) + offset.
 *
 * Statistics per value, which tfjs-core allows too, are left to the backend.
 */

import { FusedBatchNorm } from '@tensorflow/tfjs-core'
import type { FusedBatchNormAttrs, FusedBatchNormInputs, TensorInfo } from '@tensorflow/tfjs-core'
import { batchNormKernel } from '../batchNorm.ts'
import { lastOf } from '../shapes.ts'
import { areFloats, defineStandard } from './define.ts'

/** Whether all but x have one value for each channel of x. */
export function isPerChannel({ x, ...others }: FusedBatchNormInputs): boolean {
  const isRow = ({ shape }: TensorInfo): boolean => shape.length === 1 && shape[0] === lastOf(x!.shape)
  return Object.values(others).every(tensor => tensor == null || isRow(tensor))
}

export const batchNormStandards = [
  defineStandard<FusedBatchNormInputs, FusedBatchNormAttrs>({
    name: FusedBatchNorm,
    covers: inputs => areFloats(inputs) && isPerChannel(inputs),
    run: ({ context }, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
      const inputs = { x: x!, mean: mean!, variance: variance!, gamma: scale ?? null, beta: offset ?? null }
      return batchNormKernel.wasm(context, inputs, { epsilon: varianceEpsilon, activation: 'linear' })
    },
  }),
]
