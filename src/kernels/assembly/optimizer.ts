import { FLOAT, VECTOR, multiplyAdd, multiplySubtract } from './lanes'

/** What one step adds to four parameters before the learning rate; keeps the velocity when there is one. */
function sgdStepOfFour(step: v128, velocity: v128, momentum: v128, nesterov: bool): v128 {
  return nesterov ? multiplyAdd(velocity, momentum, step) : velocity
}

/** parameter −= learningRate · (gradient + weightDecay·parameter), without momentum. */
export function sgdPlain(
  count: i32,
  parameter: usize,
  gradient: usize,
  learningRate: f32,
  weightDecay: f32,
): void {
  const rates = f32x4.splat(learningRate)
  const decays = f32x4.splat(weightDecay)
  while (count >= 4) {
    const p = v128.load(parameter)
    const step = multiplyAdd(p, decays, v128.load(gradient))
    v128.store(parameter, multiplySubtract(step, rates, p))
    parameter += VECTOR
    gradient += VECTOR
    count -= 4
  }
  while (count > 0) {
    const p = load<f32>(parameter)
    store<f32>(parameter, p - (load<f32>(gradient) + p * weightDecay) * learningRate)
    parameter += FLOAT
    gradient += FLOAT
    count--
  }
}

/**
 * The same with velocity = momentum·velocity + step; the step taken is the velocity, or step +
 * momentum·velocity (Nesterov).
 */
export function sgdMomentum(
  count: i32,
  parameter: usize,
  gradient: usize,
  velocity: usize,
  learningRate: f32,
  momentum: f32,
  nesterov: bool,
  weightDecay: f32,
): void {
  const rates = f32x4.splat(learningRate)
  const momenta = f32x4.splat(momentum)
  const decays = f32x4.splat(weightDecay)
  while (count >= 4) {
    const p = v128.load(parameter)
    const step = multiplyAdd(p, decays, v128.load(gradient))
    const v = multiplyAdd(v128.load(velocity), momenta, step)
    v128.store(velocity, v)
    v128.store(parameter, multiplySubtract(sgdStepOfFour(step, v, momenta, nesterov), rates, p))
    parameter += VECTOR
    gradient += VECTOR
    velocity += VECTOR
    count -= 4
  }
  while (count > 0) {
    const p = load<f32>(parameter)
    const step = load<f32>(gradient) + p * weightDecay
    const v = load<f32>(velocity) * momentum + step
    store<f32>(velocity, v)
    store<f32>(parameter, p - (nesterov ? step + v * momentum : v) * learningRate)
    parameter += FLOAT
    gradient += FLOAT
    velocity += FLOAT
    count--
  }
}

/**
 * One Adam step in one pass: m += (g − m)·(1 − β₁), v = β₂·v + (1 − β₂)·g², then p = p·keep − m·stepSize /
 * (√v·rootScale + ε) with stepSize = rate / (1 − β₁ᵗ), rootScale = 1 / √(1 − β₂ᵗ), keep = 1 − rate·decay.
 */
export function adam(
  count: i32,
  parameter: usize,
  gradient: usize,
  first: usize,
  second: usize,
  firstShare: f32,
  beta2: f32,
  secondShare: f32,
  stepSize: f32,
  rootScale: f32,
  epsilon: f32,
  keep: f32,
): void {
  const firstShares = f32x4.splat(firstShare)
  const betas = f32x4.splat(beta2)
  const secondShares = f32x4.splat(secondShare)
  const stepSizes = f32x4.splat(stepSize)
  const rootScales = f32x4.splat(rootScale)
  const epsilons = f32x4.splat(epsilon)
  const keeps = f32x4.splat(keep)
  while (count >= 4) {
    const g = v128.load(gradient)
    const old = v128.load(first)
    const m = multiplyAdd(f32x4.sub(g, old), firstShares, old)
    const v = multiplyAdd(f32x4.mul(g, g), secondShares, f32x4.mul(v128.load(second), betas))
    const root = multiplyAdd(f32x4.sqrt(v), rootScales, epsilons)
    const p = f32x4.mul(v128.load(parameter), keeps)
    v128.store(first, m)
    v128.store(second, v)
    v128.store(parameter, f32x4.sub(p, f32x4.div(f32x4.mul(m, stepSizes), root)))
    parameter += VECTOR
    gradient += VECTOR
    first += VECTOR
    second += VECTOR
    count -= 4
  }
  while (count > 0) {
    const g = load<f32>(gradient)
    const old = load<f32>(first)
    const m = old + (g - old) * firstShare
    const v = load<f32>(second) * beta2 + g * g * secondShare
    store<f32>(first, m)
    store<f32>(second, v)
    store<f32>(parameter, load<f32>(parameter) * keep - (m * stepSize) / (sqrt<f32>(v) * rootScale + epsilon))
    parameter += FLOAT
    gradient += FLOAT
    first += FLOAT
    second += FLOAT
    count--
  }
}
