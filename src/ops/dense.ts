// dense: y = f(x · kernel + bias) along the last axis.
import { reshape, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'
import { matMul } from '../kernels/matMul.ts'
import { channelSum } from '../kernels/sum.ts'
import type { Activation } from '../spec/config.ts'
import { activation, fusable, remaining, unfuse } from './activation.ts'
import { record } from './gradient.ts'
import { asMatrix } from './tensor.ts'

const plain = { transposeA: false, transposeB: false, activation: 'linear' } as const

/** x [..., in], kernel [in, units], bias [units]. */
export function dense(x: Tensor, kernel: Tensor2D, bias: Tensor1D | null, kind: Activation): Tensor {
  const fused = fusable(kind)
  const shape = [...x.shape.slice(0, -1), kernel.shape[1]]
  const y = record<Record<string, Tensor>, Tensor>({ x, kernel, ...(bias === null ? {} : { bias }) }, {
    forward: () => reshape(matMul(asMatrix(x), kernel, bias, { ...plain, activation: fused }), shape),
    save: (output) => (fused === 'linear' ? [x, kernel] : [x, kernel, output]),
    gradients: (dy, [savedX, savedKernel, output]) => {
      const dz = asMatrix(fused === 'linear' ? dy : unfuse(dy, output!, fused))
      return {
        x: () => reshape(matMul(dz, savedKernel as Tensor2D, null, { ...plain, transposeB: true }), x.shape),
        kernel: () => matMul(asMatrix(savedX!), dz, null, { ...plain, transposeA: true }),
        bias: () => channelSum(dz),
      }
    },
  })
  return activation(y, remaining(kind))
}
