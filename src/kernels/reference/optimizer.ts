import type { AdamAttrs, SgdAttrs } from '../optimizer.ts'

// Both update the arrays they are given, in place.

/** g = gradient + weightDecay·p; v = momentum·v + g; p −= learningRate · (nesterov ? g + momentum·v : v). */
export function sgdUpdate(
  parameter: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array | null,
  { learningRate, momentum, nesterov, weightDecay }: SgdAttrs,
): void {
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]! + weightDecay * parameter[i]!
    let step = g
    if (velocity !== null) {
      const v = momentum * velocity[i]! + g
      velocity[i] = v
      step = nesterov ? g + momentum * v : v
    }
    parameter[i] = parameter[i]! - learningRate * step
  }
}

/**
 * m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p = p·(1 − rate·decay) − rate · m̂ / (√v̂ + ε) with m̂ = m /
 * (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
 */
export function adamUpdate(
  parameter: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { learningRate, beta1, beta2, epsilon, step, weightDecay }: AdamAttrs,
): void {
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]!
    const first = beta1 * m[i]! + (1 - beta1) * g
    const second = beta2 * v[i]! + (1 - beta2) * g * g
    const direction = first / (1 - beta1 ** step) / (Math.sqrt(second / (1 - beta2 ** step)) + epsilon)
    m[i] = first
    v[i] = second
    parameter[i] = parameter[i]! * (1 - learningRate * weightDecay) - learningRate * direction
  }
}
