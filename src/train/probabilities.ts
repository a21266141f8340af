// From what a classifier gives to how probable each class is.
import { sigmoidCrossEntropy } from './losses.ts'

/**
 * Outputs that are not yet probabilities are logits: of each class by itself where it was trained so.
 *
 * @param loss The name of the loss that the model was trained with; default softmaxCrossEntropy.
 */
export function toProbabilities(values: Float32Array, loss = 'softmaxCrossEntropy'): readonly number[] {
  if (loss === sigmoidCrossEntropy.name) return [...values].map((value) => 1 / (1 + Math.exp(-value)))
  const sum = values.reduce((total, value) => total + value, 0)
  if (values.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-3) return [...values]
  const largest = Math.max(...values)
  const powers = [...values].map((value) => Math.exp(value - largest))
  const total = powers.reduce((all, power) => all + power, 0)
  return powers.map((power) => power / total)
}
