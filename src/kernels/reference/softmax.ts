/** Replaces every row of `width` values by what `row` makes of it. */
function mapRows(
  x: Float32Array,
  width: number,
  row: (values: number[], start: number) => number[],
): Float32Array {
  const y = new Float32Array(x.length)
  for (let start = 0; start < x.length; start += width) {
    y.set(row([...x.subarray(start, start + width)], start), start)
  }
  return y
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** e^(xᵢ − max) / Σ e^(xⱼ − max) of one row. */
export function softmaxRow(values: readonly number[]): number[] {
  const maximum = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = values.map((value) => Math.exp(value - maximum))
  const total = sum(powers)
  return powers.map((power) => power / total)
}

export function softmax(x: Float32Array, width: number): Float32Array {
  return mapRows(x, width, softmaxRow)
}

/** dxᵢ = yᵢ·(dyᵢ − Σ dyⱼ·yⱼ) of each row. */
export function softmaxGradient(dy: Float32Array, y: Float32Array, width: number): Float32Array {
  return mapRows(y, width, (values, start) => {
    const product = sum(values.map((value, i) => value * dy[start + i]!))
    return values.map((value, i) => value * (dy[start + i]! - product))
  })
}

/** (xᵢ − max) − log Σ e^(xⱼ − max) of each row. */
export function logSoftmax(x: Float32Array, width: number): Float32Array {
  return mapRows(x, width, (values) => {
    const maximum = values.reduce((a, b) => Math.max(a, b), -Infinity)
    const logarithm = Math.log(sum(values.map((value) => Math.exp(value - maximum))))
    return values.map((value) => value - maximum - logarithm)
  })
}

/** dxᵢ = dyᵢ − e^yᵢ·Σ dyⱼ of each row. */
export function logSoftmaxGradient(dy: Float32Array, y: Float32Array, width: number): Float32Array {
  return mapRows(y, width, (values, start) => {
    const total = sum([...dy.subarray(start, start + width)])
    return values.map((value, i) => dy[start + i]! - Math.exp(value) * total)
  })
}
