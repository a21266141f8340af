import { FLOAT, VECTOR, clamp } from './lanes'

export { channelSum } from './columns'

/** y = x · factor for `count` floats. */
export function scale(count: i32, x: usize, y: usize, factor: f32): void {
  const factors = f32x4.splat(factor)
  while (count >= 4) {
    v128.store(y, f32x4.mul(v128.load(x), factors))
    x += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, load<f32>(x) * factor)
    x += FLOAT
    y += FLOAT
    count--
  }
}

/** y = clamp(a + b, least, most) for `count` floats; bounds of ±∞ are none. */
export function addPair(count: i32, a: usize, b: usize, least: f32, most: f32, y: usize): void {
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  while (count >= 4) {
    v128.store(y, clamp(f32x4.add(v128.load(a), v128.load(b)), floor, ceiling))
    a += VECTOR
    b += VECTOR
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, min<f32>(max<f32>(load<f32>(a) + load<f32>(b), least), most))
    a += FLOAT
    b += FLOAT
    y += FLOAT
    count--
  }
}
