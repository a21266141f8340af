// Deformable convolution: y = f(Σ mask · x(where the offsets say) · kernel + bias), with the gradients by all five.
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { deformConv2dForward, deformConv2dGradients } from '../kernels/deformConv2d.ts'
import { channelSum } from '../kernels/sum.ts'
import type { DeformableOptions } from '../spec/ops.ts'
import { activation, fusable, remaining, unfuse } from './activation.ts'
import { record } from './gradient.ts'

/** x [batch, h, w, in], offsets and mask per tap, kernel [kh, kw, in / groups, out], bias [out]. */
export function deformConv2d(
  x: Tensor4D, offsets: Tensor4D, mask: Tensor4D | null, kernel: Tensor4D, bias: Tensor1D | null,
  { activation: kind, ...attrs }: DeformableOptions,
): Tensor4D {
  const fused = fusable(kind)
  const inputs = { x, offsets, kernel, ...(mask === null ? {} : { mask }), ...(bias === null ? {} : { bias }) }
  const y = record<Record<string, Tensor>, Tensor4D>(inputs, {
    forward: () => deformConv2dForward(x, offsets, mask, kernel, bias, { ...attrs, activation: fused }),
    save: (output) => [x, offsets, kernel, ...(mask === null ? [] : [mask]), ...(fused === 'linear' ? [] : [output])],
    gradients: (dy, [savedX, savedOffsets, savedKernel, ...rest]) => {
      const dz = fused === 'linear' ? dy : unfuse(dy, rest.at(-1) as Tensor4D, fused)
      // All at once: the kernel makes them in one pass.
      const [dx, doffsets, dkernel, dmask] = deformConv2dGradients(
        savedX as Tensor4D, savedOffsets as Tensor4D, mask === null ? null : rest[0] as Tensor4D, savedKernel as Tensor4D, dz, attrs)
      return {
        x: () => dx, offsets: () => doffsets, kernel: () => dkernel, mask: () => dmask as Tensor4D, bias: () => channelSum(dz),
      }
    },
  })
  return activation(y, remaining(kind)) as Tensor4D
}
