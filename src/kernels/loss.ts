/**
 * Losses of each example, and their gradient in the same pass:
 *
 *     softmax cross-entropy   loss = Σ t · (log Σ e^x − x)                               dx = softmax(x) ·
 * Σ t − t
 *     sigmoid cross-entropy   loss = mean of max(x, 0) − x·t + log(1 + e^−|x|)           dx = (sigmoid(x) −
 * t) / n
 *     mean squared error      loss = mean of (x − t)²                                    dx = 2 · (x − t) / n
 *
 * The first axis counts the examples, all others are one row of n values; x are logits (or predictions), t
 * the
 * targets. `gradient` is that of the SUM of the losses: divide it by the number of examples for their mean.
 * Right for logits of any size; NaN in, NaN out. A logit of −∞ with target 0 masks its class.
 */

import type { Tensor, Tensor1D, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelContext } from './bridge.ts'
import { defineKernel, runKernel } from './define.ts'
import type { PlainTensor } from './define.ts'
import type { LossArrays } from './reference/loss.ts'
import * as reference from './reference/loss.ts'
import { expectShape, sizeOf } from './shapes.ts'

export type Loss<T extends Tensor> = {
  /** One value per example. */
  readonly loss: Tensor1D
  /** Of the sum of `loss`, by the logits or predictions. */
  readonly gradient: T
}

type Inputs = { x: TensorInfo; target: TensorInfo }
type NoAttrs = Readonly<Record<string, never>>
type AssemblyName = 'softmaxCrossEntropy' | 'sigmoidCrossEntropy' | 'meanSquaredError'

const widthOf = (shape: readonly number[]): number => sizeOf(shape.slice(1))

/** All losses are bound alike: rows, width, and four places. */
function bind(name: AssemblyName) {
  return ({ asm, pointer, output }: KernelContext, { x, target }: Inputs): TensorInfo[] => {
    const rows = x.shape[0]!
    const [loss, gradient] = [output([rows]), output(x.shape)] as const
    asm[name](rows, widthOf(x.shape), pointer(x), pointer(target), pointer(loss), pointer(gradient))
    return [loss, gradient]
  }
}

function bindReference(compute: (x: Float32Array, target: Float32Array, width: number) => LossArrays) {
  return ({ x, target }: { readonly x: PlainTensor; readonly target: PlainTensor }): PlainTensor[] => {
    const { loss, gradient } = compute(x.values, target.values, widthOf(x.shape))
    return [
      { shape: [x.shape[0]!], values: loss },
      { shape: x.shape, values: gradient },
    ]
  }
}

const softmaxCrossEntropyKernel = defineKernel<Inputs, NoAttrs>({
  name: 'LayergraphSoftmaxCrossEntropy',
  wasm: bind('softmaxCrossEntropy'),
  reference: bindReference(reference.softmaxCrossEntropy),
})

const sigmoidCrossEntropyKernel = defineKernel<Inputs, NoAttrs>({
  name: 'LayergraphSigmoidCrossEntropy',
  wasm: bind('sigmoidCrossEntropy'),
  reference: bindReference(reference.sigmoidCrossEntropy),
})

const meanSquaredErrorKernel = defineKernel<Inputs, NoAttrs>({
  name: 'LayergraphMeanSquaredError',
  wasm: bind('meanSquaredError'),
  reference: bindReference(reference.meanSquaredError),
})

function run<T extends Tensor>(
  what: string,
  kernel: typeof meanSquaredErrorKernel,
  x: T,
  target: T,
): Loss<T> {
  if (x.rank === 0) throw new RangeError(`${what}: a scalar has no axis of examples.`)
  expectShape(`${what}: the target`, target, x.shape)
  const [loss, gradient] = runKernel<Inputs, NoAttrs, [Tensor1D, T]>(kernel, { x, target }, {})
  return { loss, gradient }
}

/** logits and labels [examples, classes]; labels one-hot or soft. Throws when the shapes differ. */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor2D): Loss<Tensor2D> {
  return run('softmaxCrossEntropy', softmaxCrossEntropyKernel, logits, labels)
}

/** logits and labels [examples, …], labels from 0 to 1. Throws when the shapes differ. */
export function sigmoidCrossEntropy<T extends Tensor>(logits: T, labels: T): Loss<T> {
  return run('sigmoidCrossEntropy', sigmoidCrossEntropyKernel, logits, labels)
}

/** prediction and target [examples, …]. Throws when the shapes differ. */
export function meanSquaredError<T extends Tensor>(prediction: T, target: T): Loss<T> {
  return run('meanSquaredError', meanSquaredErrorKernel, prediction, target)
}

export const lossKernels = [softmaxCrossEntropyKernel, sigmoidCrossEntropyKernel, meanSquaredErrorKernel]
