/**
 * Activations, value by value. σ is the sigmoid, Φ and φ are share and density of the normal distribution:
 *
 *     relu         max(x, 0)                           1 where y > 0, else 0
 *     relu6        min(max(x, 0), 6)                   1 where 0 < y < 6, else 0
 *     leakyRelu    x, or α·x where x ≤ 0               1, or α where y ≤ 0         (α ≥ 0)
 *     elu          x, or α·(eˣ − 1) where x ≤ 0        1, or y + α where y ≤ 0     (α ≥ 0)
 *     selu         λ·elu(x) with α = 1.673…            λ, or y + λ·α where y ≤ 0   (λ = 1.050…)
 *     sigmoid      1 / (1 + e^−x)                      y·(1 − y)
 *     hardSigmoid  min(max(x + 3, 0), 6) / 6           1/6 where 0 < y < 1, else 0
 *     tanh         tanh x                              1 − y²
 *     softplus     log(1 + eˣ)                         1 − e^−y
 *     silu         x·σ(x)                              σ(x)·(1 + x·(1 − σ(x)))
 *     hardSwish    x·hardSigmoid(x)                    x/3 + 1/2 between −3 and 3, else 0 or 1
 *     gelu         x·Φ(x)                              Φ(x) + x·φ(x)
 *     geluTanh     x·(1 + t)/2, t = tanh(√(2/π)·(x + 0.044715·x³)), which is nearly gelu
 *
 * Tensors of any shape, read as one row. Where the slope on the right can be had from y, the gradient needs the output
 * only, so that x may be given back early; where it cannot, it needs x. `gradientReads` says which.
 * The exponential is taken of −|x| alone and never overflows; NaN in, NaN out.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/activation.ts'
import { expectShape, sizeOf } from './shapes.ts'

export type ActivationKind =
  | 'relu' | 'sigmoid' | 'tanh' | 'relu6' | 'leakyRelu' | 'elu' | 'selu' | 'softplus' | 'silu' | 'gelu' | 'geluTanh'
  | 'hardSigmoid' | 'hardSwish'

type Rule = {
  /** The number by which assembly/activation.ts knows the function. */
  readonly code: number
  /** What its gradient reads, beside dy. */
  readonly reads: 'x' | 'y'
  /** α where none is given. */
  readonly alpha?: number
  /** Factor of the whole. */
  readonly scale?: number
}

/** Of self-normalising networks: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515. */
const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }

const rules: Readonly<Record<ActivationKind, Rule>> = {
  relu: { code: 0, reads: 'y' },
  sigmoid: { code: 1, reads: 'y' },
  tanh: { code: 2, reads: 'y' },
  relu6: { code: 3, reads: 'y' },
  leakyRelu: { code: 4, reads: 'y', alpha: 0.01 },
  elu: { code: 5, reads: 'y' },
  selu: { code: 5, reads: 'y', ...SELU },
  softplus: { code: 6, reads: 'y' },
  silu: { code: 7, reads: 'x' },
  gelu: { code: 8, reads: 'x' },
  geluTanh: { code: 9, reads: 'x' },
  hardSigmoid: { code: 10, reads: 'y' },
  hardSwish: { code: 11, reads: 'x' },
}

type Attrs = { readonly kind: ActivationKind; readonly alpha: number; readonly scale: number }

const activationKernel = defineKernel<{ x: TensorInfo }, Attrs>({
  name: 'LayergraphActivation',
  wasm({ asm, pointer, output }, { x }, { kind, alpha, scale }) {
    const y = output(x.shape)
    asm.activate(sizeOf(x.shape), pointer(x), pointer(y), rules[kind].code, alpha, scale)
    return y
  },
  reference: ({ x }, { kind, alpha, scale }) =>
    ({ shape: x.shape, values: reference.activate(x.values, kind, alpha, scale) }),
})

const activationGradientKernel = defineKernel<{ dy: TensorInfo; read: TensorInfo }, Attrs>({
  name: 'LayergraphActivationGradient',
  wasm({ asm, pointer, output }, { dy, read }, { kind, alpha, scale }) {
    const dx = output(read.shape)
    asm.activationGradient(sizeOf(read.shape), pointer(dy), pointer(read), pointer(dx), rules[kind].code, alpha, scale)
    return dx
  },
  reference: ({ dy, read }, { kind, alpha, scale }) => ({
    shape: read.shape,
    values: reference.activationGradient(dy.values, read.values, kind, alpha, scale),
  }),
})

/** What the gradient of an activation reads beside dy: its input or its output. */
export function gradientReads(kind: ActivationKind): 'x' | 'y' {
  return rules[kind].reads
}

function attrsOf(kind: ActivationKind, alpha: number | undefined): Attrs {
  const { alpha: standard = 1, scale = 1 } = rules[kind]
  const chosen = alpha ?? standard
  if (!(chosen >= 0)) throw new RangeError(`${kind}: alpha is ${chosen}, but must not be negative.`)
  return { kind, alpha: chosen, scale }
}

/** y of x. `alpha`: that of leakyRelu (default 0.01) or elu (default 1). Throws when it is negative. */
export function activate<T extends Tensor>(x: T, kind: ActivationKind, alpha?: number): T {
  return runKernel(activationKernel, { x }, attrsOf(kind, alpha))
}

/**
 * dx from the gradient dy of the output and the tensor named by `gradientReads(kind)`. Throws when their shapes differ.
 */
export function activationGradient<T extends Tensor>(dy: T, read: T, kind: ActivationKind, alpha?: number): T {
  expectShape('activationGradient: dy', dy, read.shape)
  return runKernel(activationGradientKernel, { dy, read }, attrsOf(kind, alpha))
}

export const activationKernels = [activationKernel, activationGradientKernel]
