import { sigmoid } from './activation.ts'
import { softmaxRow } from './softmax.ts'

export type LossArrays = { loss: Float32Array; gradient: Float32Array }

/** Asks `row` for loss and gradient of each row of `width` values. */
function eachRow(
  x: Float32Array,
  target: Float32Array,
  width: number,
  row: (x: number[], target: number[]) => { loss: number; gradient: number[] },
): LossArrays {
  const loss = new Float32Array(x.length / width)
  const gradient = new Float32Array(x.length)
  for (let i = 0; i < loss.length; i++) {
    const start = i * width
    const result = row([...x.subarray(start, start + width)], [...target.subarray(start, start + width)])
    loss[i] = result.loss
    gradient.set(result.gradient, start)
  }
  return { loss, gradient }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/**
 * loss = Σ t·(log Σ e^x) − Σ t·x, gradient = softmax(x)·Σ t − t; a class of target 0 adds nothing to Σ t·x.
 */
export function softmaxCrossEntropy(logits: Float32Array, labels: Float32Array, width: number): LossArrays {
  return eachRow(logits, labels, width, (x, t) => {
    const maximum = x.reduce((a, b) => Math.max(a, b), -Infinity)
    const logSum = maximum + Math.log(sum(x.map((value) => Math.exp(value - maximum))))
    const weight = sum(t)
    const hit = sum(x.map((value, i) => (t[i] === 0 ? 0 : t[i]! * value)))
    return { loss: weight * logSum - hit, gradient: softmaxRow(x).map((p, i) => p * weight - t[i]!) }
  })
}

/** The mean of max(x, 0) − x·t + log(1 + e^−|x|), gradient = (sigmoid(x) − t) / width. */
export function sigmoidCrossEntropy(logits: Float32Array, labels: Float32Array, width: number): LossArrays {
  return eachRow(logits, labels, width, (x, t) => {
    const losses = x.map(
      (value, i) => Math.max(value, 0) - value * t[i]! + Math.log1p(Math.exp(-Math.abs(value))),
    )
    return { loss: sum(losses) / width, gradient: x.map((value, i) => (sigmoid(value) - t[i]!) / width) }
  })
}

/** The mean of (x − t)², gradient = 2·(x − t) / width. */
export function meanSquaredError(prediction: Float32Array, target: Float32Array, width: number): LossArrays {
  return eachRow(prediction, target, width, (x, t) => {
    const differences = x.map((value, i) => value - t[i]!)
    const squares = differences.map((difference) => difference * difference)
    return { loss: sum(squares) / width, gradient: differences.map((difference) => (2 * difference) / width) }
  })
}
