import { FLOAT, VECTOR, clamp } from './lanes'

/** y[row, c] = x[row, c] + bias[c], cut to what lies between `least` and `most`. */
export function addBias(rows: i32, channels: i32, x: usize, bias: usize, least: f32, most: f32, y: usize): void {
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  for (let row = 0; row < rows; row++) {
    let shift = bias
    let left = channels
    while (left >= 4) {
      v128.store(y, clamp(f32x4.add(v128.load(x), v128.load(shift)), floor, ceiling))
      x += VECTOR
      y += VECTOR
      shift += VECTOR
      left -= 4
    }
    while (left > 0) {
      store<f32>(y, min<f32>(max<f32>(load<f32>(x) + load<f32>(shift), least), most))
      x += FLOAT
      y += FLOAT
      shift += FLOAT
      left--
    }
  }
}
