import { FLOAT, VECTOR, addToDoubles, floats, multiplyAdd, sumOfDoubles } from './lanes'
import { expOfNegative, log1pOfFour, logOfDouble, sigmoidOfFour } from './exponential'
import { exponentials, rowMaximum } from './softmax'

/**
 * Softmax cross-entropy of rows: loss = Σ t·(max + log Σ exp(x − max)) − Σ t·x, gradient = softmax(x)·Σ t −
 * t. A class with target 0 adds nothing to Σ t·x, whatever its logit, so that a logit of −∞ can mask a class.
 */
export function softmaxCrossEntropy(
  rows: i32,
  width: i32,
  logits: usize,
  labels: usize,
  loss: usize,
  gradient: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const shift = rowMaximum(logits, width)
    const total = exponentials(logits, width, shift, gradient)
    let weight: f64 = 0
    let hit: f64 = 0
    for (let i = 0; i < width; i++) {
      const target = <f64>load<f32>(labels + floats(i))
      weight += target
      if (target != 0) hit += target * <f64>load<f32>(logits + floats(i))
    }
    store<f32>(loss, <f32>(weight * (<f64>shift + logOfDouble(total)) - hit))
    const factor = weight / total
    for (let i = 0; i < width; i++) {
      const slot = gradient + floats(i)
      store<f32>(slot, <f32>(<f64>load<f32>(slot) * factor - <f64>load<f32>(labels + floats(i))))
    }
    logits += floats(width)
    labels += floats(width)
    gradient += floats(width)
    loss += FLOAT
  }
}

/**
 * max(x, 0) − x·t + log(1 + exp(−|x|)) of four logits and targets. The first two terms are |x|·t for negative
 * x and |x|·(1 − t) for others: written so, nothing cancels.
 */
function sigmoidLossOfFour(x: v128, target: v128): v128 {
  const size = f32x4.abs(x)
  const miss = v128.bitselect(target, f32x4.sub(f32x4.splat(1), target), f32x4.lt(x, f32x4.splat(0)))
  return multiplyAdd(size, miss, log1pOfFour(expOfNegative(f32x4.neg(size))))
}

/** Sigmoid cross-entropy, the mean over each row: gradient = (sigmoid(x) − t) / width. */
export function sigmoidCrossEntropy(
  rows: i32,
  width: i32,
  logits: usize,
  labels: usize,
  loss: usize,
  gradient: usize,
): void {
  const share = <f32>(1.0 / <f64>width)
  const shares = f32x4.splat(share)
  for (let row = 0; row < rows; row++) {
    let totals = f64x2.splat(0)
    let rest: f64 = 0
    let left = width
    while (left >= 4) {
      const x = v128.load(logits)
      const target = v128.load(labels)
      totals = addToDoubles(totals, sigmoidLossOfFour(x, target))
      v128.store(gradient, f32x4.mul(f32x4.sub(sigmoidOfFour(x), target), shares))
      logits += VECTOR
      labels += VECTOR
      gradient += VECTOR
      left -= 4
    }
    while (left > 0) {
      const x = v128.load32_splat(logits)
      const target = v128.load32_splat(labels)
      rest += <f64>f32x4.extract_lane(sigmoidLossOfFour(x, target), 0)
      store<f32>(gradient, f32x4.extract_lane(f32x4.sub(sigmoidOfFour(x), target), 0) * share)
      logits += FLOAT
      labels += FLOAT
      gradient += FLOAT
      left--
    }
    store<f32>(loss, <f32>((sumOfDoubles(totals) + rest) / <f64>width))
    loss += FLOAT
  }
}

/** Mean squared error of each row: gradient = 2·(prediction − target) / width. */
export function meanSquaredError(
  rows: i32,
  width: i32,
  prediction: usize,
  target: usize,
  loss: usize,
  gradient: usize,
): void {
  const factor = <f32>(2.0 / <f64>width)
  for (let row = 0; row < rows; row++) {
    let total: f64 = 0
    for (let i = 0; i < width; i++) {
      const difference = load<f32>(prediction + floats(i)) - load<f32>(target + floats(i))
      total += <f64>difference * <f64>difference
      store<f32>(gradient + floats(i), difference * factor)
    }
    store<f32>(loss, <f32>(total / <f64>width))
    prediction += floats(width)
    target += floats(width)
    gradient += floats(width)
    loss += FLOAT
  }
}
