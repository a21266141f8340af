/**
 * Activations, value by value:
 *
 *     relu     y = max(x, 0)              dx = dy where y > 0, else 0
 *     sigmoid  y = 1 / (1 + e^−x)         dx = dy · y · (1 − y)
 *     tanh     y = tanh x                 dx = dy · (1 − y²)
 *
 * Tensors of any shape, read as one row. The gradients need the output only, so that x may be given back
 * early.
 * The exponential is taken of −|x| alone and never overflows; NaN in, NaN out.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/activation.ts'
import { expectShape, sizeOf } from './shapes.ts'

export type ActivationKind = 'relu' | 'sigmoid' | 'tanh'

type Attrs = { readonly kind: ActivationKind }

/** The numbers by which assembly/activation.ts knows the functions. */
const codes: Readonly<Record<ActivationKind, number>> = { relu: 0, sigmoid: 1, tanh: 2 }

const activationKernel = defineKernel<{ x: TensorInfo }, Attrs>({
  name: 'LayergraphActivation',
  wasm({ asm, pointer, output }, { x }, { kind }) {
    const y = output(x.shape)
    asm.activate(sizeOf(x.shape), pointer(x), pointer(y), codes[kind])
    return y
  },
  reference: ({ x }, { kind }) => ({ shape: x.shape, values: reference.activate(x.values, kind) }),
})

const activationGradientKernel = defineKernel<{ dy: TensorInfo; y: TensorInfo }, Attrs>({
  name: 'LayergraphActivationGradient',
  wasm({ asm, pointer, output }, { dy, y }, { kind }) {
    const dx = output(y.shape)
    asm.activationGradient(sizeOf(y.shape), pointer(dy), pointer(y), pointer(dx), codes[kind])
    return dx
  },
  reference: ({ dy, y }, { kind }) => ({
    shape: y.shape,
    values: reference.activationGradient(dy.values, y.values, kind),
  }),
})

/** y of x. */
export function activate<T extends Tensor>(x: T, kind: ActivationKind): T {
  return runKernel(activationKernel, { x }, { kind })
}

/** dx from the gradient dy of the output and the output y itself. Throws when their shapes differ. */
export function activationGradient<T extends Tensor>(dy: T, y: T, kind: ActivationKind): T {
  expectShape('activationGradient: dy', dy, y.shape)
  return runKernel(activationGradientKernel, { dy, y }, { kind })
}

export const activationKernels = [activationKernel, activationGradientKernel]
