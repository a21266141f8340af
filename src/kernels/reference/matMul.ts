import type { MatMulAttrs } from '../matMul.ts'
import { fused } from '../fused.ts'

/** y[i, j] = activation(Σₖ a[i, k]·b[k, j] + bias[j]), a and b transposed first where asked. */
export function matMul(
  [m, n, depth]: readonly [m: number, n: number, depth: number],
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array | null,
  { transposeA, transposeB, activation }: MatMulAttrs,
): Float32Array {
  const y = new Float32Array(m * n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = bias === null ? 0 : bias[j]!
      for (let k = 0; k < depth; k++) {
        sum += a[transposeA ? k * m + i : i * depth + k]! * b[transposeB ? j * depth + k : k * n + j]!
      }
      y[i * n + j] = fused(sum, activation)
    }
  }
  return y
}
