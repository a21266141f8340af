import type { Grouping } from '../groupNorm.ts'

/** Calls `visit` with the indices of the values that share a sample and a group. */
function eachGroup({ samples, positions, groups, width }: Grouping, visit: (indices: readonly number[], group: number) => void): void {
  for (let group = 0; group < samples * groups; group++) {
    const start = Math.floor(group / groups) * positions * groups * width + (group % groups) * width
    const indices: number[] = []
    for (let position = 0; position < positions; position++) {
      for (let i = 0; i < width; i++) indices.push(start + position * groups * width + i)
    }
    visit(indices, group)
  }
}

function mean(indices: readonly number[], valueAt: (index: number) => number): number {
  return indices.reduce((sum, index) => sum + valueAt(index), 0) / indices.length
}

/** [y, 1 / √(variance + ε) of each sample and group]. */
export function standardize(x: Float32Array, grouping: Grouping, epsilon: number): [Float32Array, Float32Array] {
  const y = new Float32Array(x.length)
  const scales = new Float32Array(grouping.samples * grouping.groups)
  eachGroup(grouping, (indices, group) => {
    const middle = mean(indices, (index) => x[index]!)
    const variance = mean(indices, (index) => (x[index]! - middle) ** 2)
    const scale = 1 / Math.sqrt(variance + epsilon)
    scales[group] = scale
    for (const index of indices) y[index] = (x[index]! - middle) * scale
  })
  return [y, scales]
}

export function standardizeGradient(dy: Float32Array, y: Float32Array, scales: Float32Array, grouping: Grouping): Float32Array {
  const dx = new Float32Array(y.length)
  eachGroup(grouping, (indices, group) => {
    const middle = mean(indices, (index) => dy[index]!)
    const product = mean(indices, (index) => dy[index]! * y[index]!)
    for (const index of indices) dx[index] = scales[group]! * (dy[index]! - middle - y[index]! * product)
  })
  return dx
}
