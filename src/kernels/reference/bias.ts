export function addBias(x: Float32Array, bias: Float32Array, relu: boolean): Float32Array {
  return x.map((value, index) => {
    const sum = value + bias[index % bias.length]!
    return relu ? Math.max(sum, 0) : sum
  })
}
