import { fused, type FusedActivation } from '../fused.ts'

export function addBias(x: Float32Array, bias: Float32Array, activation: FusedActivation): Float32Array {
  return x.map((value, index) => {
    const sum = value + bias[index % bias.length]!
    return fused(sum, activation)
  })
}
