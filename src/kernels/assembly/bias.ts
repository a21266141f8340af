import { FLOAT, VECTOR } from './lanes'

/** y[row, c] = activation(x[row, c] + bias[c]). Relu is a floor of zero. */
export function addBias(rows: i32, channels: i32, x: usize, bias: usize, relu: bool, y: usize): void {
  const floor: f32 = relu ? 0 : -Infinity
  const floors = f32x4.splat(floor)
  for (let row = 0; row < rows; row++) {
    let shift = bias
    let left = channels
    while (left >= 4) {
      v128.store(y, f32x4.max(f32x4.add(v128.load(x), v128.load(shift)), floors))
      x += VECTOR
      y += VECTOR
      shift += VECTOR
      left -= 4
    }
    while (left > 0) {
      store<f32>(y, max<f32>(load<f32>(x) + load<f32>(shift), floor))
      x += FLOAT
      y += FLOAT
      shift += FLOAT
      left--
    }
  }
}
