import { FLOAT, VECTOR, clamp, floats, multiplyAdd } from './lanes'
import { SLOT, inSlot, rowsAsOne, setInSlots } from './columns'

/**
 * y = clamp(z, least, most)        z = (x − mean)·factor + shift        factor = gamma / √(variance + ε), shift = beta
 *
 * Bounds of 0 and ∞ make it relu, of 0 and 6 relu6, of −∞ and ∞ none. Matrices [rows, channels] are walked as columns.ts
 * explains, with mean, factor and shift in vectors 0, 1 and 2 of each slot.
 */

/** 1 / √(variance + ε) of channel c. */
export function inverseDeviation(variance: usize, c: i32, epsilon: f64): f64 {
  return 1.0 / sqrt<f64>(<f64>load<f32>(variance + floats(c)) + epsilon)
}

/** gamma or beta of channel c, or what stands for a missing one (pointer 0). */
function channelValue(values: usize, c: i32, missing: f64): f64 {
  return values == 0 ? missing : <f64>load<f32>(values + floats(c))
}

/** Writes mean, factor and shift into the slots. */
export function writeCoefficients(
  channels: i32,
  folds: i32,
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  slots: usize,
): void {
  for (let c = 0; c < channels; c++) {
    const factor = channelValue(gamma, c, 1) * inverseDeviation(variance, c, epsilon)
    setInSlots(slots, channels, folds, c, 0, <f64>load<f32>(mean + floats(c)))
    setInSlots(slots, channels, folds, c, 1, factor)
    setInSlots(slots, channels, folds, c, 2, channelValue(beta, c, 0))
  }
}

/** y of four numbers. */
// @ts-ignore: decorators of AssemblyScript
@inline
function applyFour(x: v128, mean: v128, factor: v128, shift: v128, floor: v128, ceiling: v128): v128 {
  const z = multiplyAdd(f32x4.sub(x, mean), factor, shift)
  return clamp(z, floor, ceiling)
}

/** y of two wide rows. */
function applyRows(width: i32, x: usize, y: usize, slots: usize, floor: v128, ceiling: v128): void {
  const step = floats(width)
  const end = x + step
  while (x < end) {
    const mean = v128.load(slots)
    const factor = v128.load(slots, 16)
    const shift = v128.load(slots, 32)
    v128.store(y, applyFour(v128.load(x), mean, factor, shift, floor, ceiling))
    v128.store(y + step, applyFour(v128.load(x + step), mean, factor, shift, floor, ceiling))
    slots += SLOT
    x += VECTOR
    y += VECTOR
  }
}

/** y of `count` numbers, channel after channel. */
function applySingly(channels: i32, count: i32, x: usize, y: usize, slots: usize, least: f32, most: f32): void {
  for (let i = 0; i < count; i++) {
    const slot = inSlot(slots, i % channels, 0)
    const z = (load<f32>(x) - load<f32>(slot)) * load<f32>(slot, 16) + load<f32>(slot, 32)
    store<f32>(y, min<f32>(max<f32>(z, least), most))
    x += FLOAT
    y += FLOAT
  }
}

/** y of x[rows, channels]. Scratch: columnScratch. */
export function batchNormApply(
  rows: i32,
  channels: i32,
  x: usize,
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  least: f32,
  most: f32,
  y: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  writeCoefficients(channels, folds, mean, variance, gamma, beta, epsilon, scratch)
  while (rows >= 2 * folds) {
    applyRows(width, x, y, scratch, floor, ceiling)
    x += 2 * floats(width)
    y += 2 * floats(width)
    rows -= 2 * folds
  }
  applySingly(channels, rows * channels, x, y, scratch, least, most)
}
