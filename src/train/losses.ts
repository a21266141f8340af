// Losses: how far the outputs are from the labels, and how many are right.
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import {
  meanSquaredError as squaredError, sigmoidCrossEntropy as sigmoidLoss, softmaxCrossEntropy as softmaxLoss,
} from '../kernels/loss.ts'
import { asMatrix } from '../ops/tensor.ts'
import { failure } from '../spec/issue.ts'
import { countOf } from '../spec/tensor.ts'
import type { ArrayTensor } from './data.ts'

/** One value for each case, and the gradient of their sum by the output. */
export interface Compared {
  readonly loss: Tensor1D
  readonly gradient: Tensor
}

export interface Loss {
  readonly name: string
  /** Compares an output with labels of its shape. */
  readonly compare: (output: Tensor, target: Tensor) => Compared
  /** The share of the answers that are right; `null` where right and wrong have no meaning. */
  readonly accuracy: ((output: Float32Array, target: Float32Array, channels: number) => number) | null
  /** What makes this output unfit for this loss, if anything does. Called on the first batch. */
  readonly unfit?: (output: Float32Array, channels: number) => { readonly message: string; readonly hint: string } | null
}

/**
 * Labels in the shape of the output: as they are when they have as many numbers, else class ids along the last axis.
 *
 * @throws LayergraphError `data/labels`.
 */
export function targetOf(labels: ArrayTensor, outputShape: readonly number[], at: string): Float32Array {
  const size = countOf(outputShape)
  const classes = outputShape.at(-1) as number
  if (labels.data.length === size) return labels.data instanceof Float32Array ? labels.data : Float32Array.from(labels.data)
  if (labels.data.length * classes !== size) {
    throw failure(
      'data/labels', at, `labels of [${labels.shape.join(',')}] do not fit an output of [${outputShape.join(',')}]`,
      'give class ids [batch], or numbers in the shape of the output',
    )
  }
  const target = new Float32Array(size)
  for (const [row, id] of labels.data.entries()) {
    if (!Number.isInteger(id) || id < 0 || id >= classes) {
      throw failure('data/labels', at, `a label is ${id}, but the output has ${classes} classes`, `class ids go from 0 to ${classes - 1}`)
    }
    target[row * classes + id] = 1
  }
  return target
}

/** Index of the largest of `count` numbers from `start`; the first one where several are. */
function largest(values: Float32Array, start: number, count: number): number {
  let best = start
  for (let i = start + 1; i < start + count; i++) {
    if ((values[i] as number) > (values[best] as number)) best = i
  }
  return best - start
}

function classAccuracy(output: Float32Array, target: Float32Array, classes: number): number {
  let right = 0
  for (let start = 0; start < output.length; start += classes) {
    if (largest(output, start, classes) === largest(target, start, classes)) right++
  }
  return right / (output.length / classes)
}

function signAccuracy(output: Float32Array, target: Float32Array): number {
  let right = 0
  for (let i = 0; i < output.length; i++) {
    if ((output[i] as number) > 0 === (target[i] as number) > 0.5) right++
  }
  return right / output.length
}

/** Are these rows of numbers from 0 to 1 that add up to 1? */
function areProbabilities(output: Float32Array, classes: number): boolean {
  for (let start = 0; start < output.length; start += classes) {
    let sum = 0
    for (let i = start; i < start + classes; i++) {
      if (!((output[i] as number) >= 0)) return false
      sum += output[i] as number
    }
    if (Math.abs(sum - 1) > 1e-3) return false
  }
  return true
}

/**
 * −Σ label · log softmax(output) along the last axis. The output are logits: a model that is trained with it does not
 * end in softmax. Labels: class ids, or probabilities in the shape of the output.
 */
export const softmaxCrossEntropy: Loss = {
  name: 'softmaxCrossEntropy',
  // Images of logits count each pixel as a case.
  compare: (output, target) => softmaxLoss(asMatrix(output), asMatrix(target) as Tensor2D),
  accuracy: classAccuracy,
  unfit: (output, classes) => {
    if (classes === 1) {
      return { message: 'softmax over a single class is always 1, so that nothing can be learned', hint: 'give the output 2 units, or use sigmoidCrossEntropy' }
    }
    if (!areProbabilities(output, classes)) return null
    return { message: 'the outputs are probabilities already, but softmaxCrossEntropy takes logits', hint: 'leave out the softmax at the end of the model while it is trained' }
  },
}

/** −(label · log σ(output) + (1 − label) · log(1 − σ(output))), mean over the output. Labels from 0 to 1. */
export const sigmoidCrossEntropy: Loss = {
  name: 'sigmoidCrossEntropy',
  compare: (output, target) => sigmoidLoss(output, target),
  accuracy: signAccuracy,
}

/** (output − label)², mean over the output. */
export const meanSquaredError: Loss = {
  name: 'meanSquaredError',
  compare: (output, target) => squaredError(output, target),
  accuracy: null,
}

/** All losses, by name. */
export const losses = { softmaxCrossEntropy, sigmoidCrossEntropy, meanSquaredError } as const
