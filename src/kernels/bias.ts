/**
 * A number per channel added, and an activation, in one pass: y[…, c] = activation(x[…, c] + bias[c]). For operations
 * whose kernel has no bias of its own; its gradient by the bias is `channelSum`.
 */

import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import { boundsOf, type FusedActivation } from './fused.ts'
import * as reference from './reference/bias.ts'
import { expectShape, lastOf, rowsOf } from './shapes.ts'

type Attrs = { readonly activation: FusedActivation }

const addBiasKernel = defineKernel<{ x: TensorInfo; bias: TensorInfo }, Attrs>({
  name: 'LayergraphAddBias',
  wasm({ asm, pointer, output }, { x, bias }, { activation }) {
    const y = output(x.shape)
    asm.addBias(rowsOf(x.shape), lastOf(x.shape), pointer(x), pointer(bias), ...boundsOf(activation), pointer(y))
    return y
  },
  reference: ({ x, bias }, { activation }) =>
    ({ shape: x.shape, values: reference.addBias(x.values, bias.values, activation) }),
})

/** y of the shape of x; the bias is [channels]. Throws when it is not. */
export function addBias<T extends Tensor>(x: T, bias: Tensor1D, activation: FusedActivation): T {
  expectShape('addBias: the bias', bias, [lastOf(x.shape)])
  return runKernel(addBiasKernel, { x, bias }, { activation })
}

export const biasKernels = [addBiasKernel]
