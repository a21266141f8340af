/**
 * Bias and activation of the fused kernels: what our pages fuse is fused, the rest follows as kernels of their own.
 *
 * tfjs-core allows any bias that broadcasts to the result, our pages one value per channel.
 */

import { Add, Elu, LeakyRelu, Prelu, Relu, Relu6, Sigmoid } from '@tensorflow/tfjs-core'
import type { FusedConv2DAttrs, TensorInfo } from '@tensorflow/tfjs-core'
import type { FusedActivation } from '../fused.ts'
import { sizeOf } from '../shapes.ts'
import type { Call } from './define.ts'

type Activation = FusedConv2DAttrs['activation']

export type Fusion = {
  readonly bias?: TensorInfo | undefined
  readonly preluActivationWeights?: TensorInfo | undefined
  readonly activation: Activation
  readonly leakyreluAlpha?: number
  /** The last axis of the result. */
  readonly channels: number
}

/** Computes the product with what it can fuse. */
type Product = (bias: TensorInfo | null, activation: FusedActivation) => TensorInfo

const isPerChannel = ({ shape }: TensorInfo, channels: number): boolean =>
  shape.at(-1) === channels && sizeOf(shape) === channels

/** The activation as a kernel of its own. */
function activate(call: Call, x: TensorInfo, fusion: Fusion): TensorInfo {
  switch (fusion.activation) {
    case 'relu': return call.run(Relu, { x })
    case 'elu': return call.run(Elu, { x })
    case 'relu6': return call.run(Relu6, { x })
    case 'sigmoid': return call.run(Sigmoid, { x })
    case 'leakyrelu': return call.run(LeakyRelu, { x }, { alpha: fusion.leakyreluAlpha })
    case 'prelu': return call.run(Prelu, { x, alpha: fusion.preluActivationWeights })
    default: throw new Error(`There is no activation ${fusion.activation}.`)
  }
}

/** activation(product + bias). */
export function fuse(call: Call, fusion: Fusion, product: Product): TensorInfo {
  const { bias, channels } = fusion
  const activation = fusion.activation ?? 'linear'
  const fusesBias = bias == null || isPerChannel(bias, channels)
  const fusesActivation = fusesBias && (activation === 'linear' || activation === 'relu' || activation === 'relu6')
  const steps: ((x: TensorInfo) => TensorInfo)[] = []
  if (!fusesBias) steps.push(x => call.run(Add, { a: x, b: bias }))
  if (!fusesActivation && activation !== 'linear') steps.push(x => activate(call, x, fusion))
  const fused = bias != null && fusesBias ? { ...bias, shape: [channels] } : null
  let y = product(fused, fusesActivation ? activation : 'linear')
  for (const step of steps) {
    const next = step(y)
    call.release(y)
    y = next
  }
  return y
}
