import { FLOAT, VECTOR, floats, multiplyAdd } from './lanes'
import { BLOCK_ROWS, DOUBLE, SLOT, flushSlots, foldedTotal, inSlot, rowsAsOne, setInSlots, slotBytes } from './columns'
import { inverseDeviation, writeCoefficients } from './batchNorm'

/**
 * The gradient of batchNorm.ts, in two passes over dy and x.
 *
 *     dz = dy where least < z < most, else 0        z = (x − mean)·factor + shift, as in the forward pass
 *     dbeta = Σ dz        dgamma = i·Σ dz·(x − mean)        i = 1 / √(variance + ε)
 *     dx = factor·(dz − dbeta/rows − (x − mean)·i·dgamma/rows)
 *
 * z is computed again, since that takes less time than to read y. Without bounds dz is dy, and z is not needed: each
 * function that walks a row is compiled twice, for `bounded` true and false.
 */

function isBounded(least: f32, most: f32): bool {
  return least > -Infinity || most < Infinity
}

/** dz of four numbers; the slot holds factor and shift. */
// @ts-ignore: decorators of AssemblyScript
@inline
function withinBounds(bounded: bool, dy: v128, distance: v128, slot: usize, floor: v128, ceiling: v128): v128 {
  if (!bounded) return dy
  const z = multiplyAdd(distance, v128.load(slot, 16), v128.load(slot, 32))
  return v128.and(dy, v128.and(f32x4.gt(z, floor), f32x4.lt(z, ceiling)))
}

/** dz of one number; `slot` is the address of its lane. */
function oneWithinBounds(dy: f32, distance: f32, slot: usize, least: f32, most: f32): f32 {
  if (!isBounded(least, most)) return dy
  const z = distance * load<f32>(slot, 16) + load<f32>(slot, 32)
  return z > least && z < most ? dy : 0
}

/** Adds dz and dz·(x − mean) of two wide rows to vectors 3 and 4 of the slots. */
// @ts-ignore: decorators of AssemblyScript
@inline
function addRows(bounded: bool, width: i32, dy: usize, x: usize, slots: usize, floor: v128, ceiling: v128): void {
  const step = floats(width)
  const end = x + step
  while (x < end) {
    const mean = v128.load(slots)
    const distance = f32x4.sub(v128.load(x), mean)
    const below = f32x4.sub(v128.load(x + step), mean)
    const dz = withinBounds(bounded, v128.load(dy), distance, slots, floor, ceiling)
    const dzBelow = withinBounds(bounded, v128.load(dy + step), below, slots, floor, ceiling)
    const product = multiplyAdd(dzBelow, below, f32x4.mul(dz, distance))
    v128.store(slots, f32x4.add(v128.load(slots, 48), f32x4.add(dz, dzBelow)), 48)
    v128.store(slots, f32x4.add(v128.load(slots, 64), product), 64)
    slots += SLOT
    x += VECTOR
    dy += VECTOR
  }
}

/** dgamma[channels] and dbeta[channels] of dy and x[rows, channels]. Scratch: columnScratch. */
export function batchNormSums(
  rows: i32,
  channels: i32,
  dy: usize,
  x: usize,
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  least: f32,
  most: f32,
  dgamma: usize,
  dbeta: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const slots = scratch + 2 * <usize>width * DOUBLE
  const sums = scratch
  const products = sums + <usize>width * DOUBLE
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const pairs = rows / (2 * folds)
  memory.fill(scratch, 0, 2 * <usize>width * DOUBLE + slotBytes(width))
  writeCoefficients(channels, folds, mean, variance, gamma, beta, epsilon, slots)
  for (let pair = 1; pair <= pairs; pair++) {
    if (isBounded(least, most)) addRows(true, width, dy, x, slots, floor, ceiling)
    else addRows(false, width, dy, x, slots, floor, ceiling)
    dy += 2 * floats(width)
    x += 2 * floats(width)
    if (pair % (BLOCK_ROWS / 2) == 0 || pair == pairs) {
      flushSlots(width, slots, 3, sums)
      flushSlots(width, slots, 4, products)
    }
  }
  const rest = rows - 2 * pairs * folds
  for (let c = 0; c < channels; c++) {
    const slot = inSlot(slots, c, 0)
    let sum = foldedTotal(sums, channels, c, folds)
    let product = foldedTotal(products, channels, c, folds)
    for (let i = 0; i < rest; i++) {
      const distance = load<f32>(x + floats(i * channels + c)) - load<f32>(slot)
      const dz = oneWithinBounds(load<f32>(dy + floats(i * channels + c)), distance, slot, least, most)
      sum += <f64>dz
      product += <f64>dz * <f64>distance
    }
    store<f32>(dbeta + floats(c), <f32>sum)
    store<f32>(dgamma + floats(c), <f32>(product * inverseDeviation(variance, c, epsilon)))
  }
}

/** dx of four numbers; the slot holds all five coefficients. */
// @ts-ignore: decorators of AssemblyScript
@inline
function gradientOfFour(bounded: bool, dy: v128, x: v128, slot: usize, floor: v128, ceiling: v128): v128 {
  const distance = f32x4.sub(x, v128.load(slot))
  const dz = withinBounds(bounded, dy, distance, slot, floor, ceiling)
  const through = multiplyAdd(distance, v128.load(slot, 64), v128.load(slot, 48))
  return f32x4.mul(f32x4.sub(dz, through), v128.load(slot, 16))
}

/** dx of two wide rows. */
// @ts-ignore: decorators of AssemblyScript
@inline
function gradientRows(
  bounded: bool, width: i32, dy: usize, x: usize, dx: usize, slots: usize, floor: v128, ceiling: v128,
): void {
  const step = floats(width)
  const end = x + step
  while (x < end) {
    v128.store(dx, gradientOfFour(bounded, v128.load(dy), v128.load(x), slots, floor, ceiling))
    v128.store(dx + step, gradientOfFour(bounded, v128.load(dy + step), v128.load(x + step), slots, floor, ceiling))
    slots += SLOT
    x += VECTOR
    dy += VECTOR
    dx += VECTOR
  }
}

/** dx of `count` numbers, channel after channel. */
function gradientSingly(
  channels: i32, count: i32, dy: usize, x: usize, dx: usize, slots: usize, least: f32, most: f32,
): void {
  for (let i = 0; i < count; i++) {
    const slot = inSlot(slots, i % channels, 0)
    const distance = load<f32>(x) - load<f32>(slot)
    const dz = oneWithinBounds(load<f32>(dy), distance, slot, least, most)
    store<f32>(dx, (dz - (load<f32>(slot, 48) + distance * load<f32>(slot, 64))) * load<f32>(slot, 16))
    x += FLOAT
    dy += FLOAT
    dx += FLOAT
  }
}

/**
 * dx of dy and x[rows, channels], mean and variance those of x, or constants: then only dz·factor is left. Scratch:
 * columnScratch.
 */
export function batchNormGradient(
  rows: i32,
  channels: i32,
  dy: usize,
  x: usize,
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  least: f32,
  most: f32,
  dgamma: usize,
  dbeta: usize,
  constantStatistics: bool,
  dx: usize,
  scratch: usize,
): void {
  const folds = rowsAsOne(channels)
  const width = channels * folds
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  const through: f64 = constantStatistics ? 0 : 1.0 / <f64>rows
  writeCoefficients(channels, folds, mean, variance, gamma, beta, epsilon, scratch)
  for (let c = 0; c < channels; c++) {
    const slope = through * inverseDeviation(variance, c, epsilon) * <f64>load<f32>(dgamma + floats(c))
    setInSlots(scratch, channels, folds, c, 3, through * <f64>load<f32>(dbeta + floats(c)))
    setInSlots(scratch, channels, folds, c, 4, slope)
  }
  while (rows >= 2 * folds) {
    if (isBounded(least, most)) gradientRows(true, width, dy, x, dx, scratch, floor, ceiling)
    else gradientRows(false, width, dy, x, dx, scratch, floor, ceiling)
    dy += 2 * floats(width)
    x += 2 * floats(width)
    dx += 2 * floats(width)
    rows -= 2 * folds
  }
  gradientSingly(channels, rows * channels, dy, x, dx, scratch, least, most)
}
