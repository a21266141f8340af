/** One to four lanes of a vector: the last ones of a pixel may be fewer. */

/** The first `count` of four floats, zeros behind them. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function loadSome(source: usize, count: i32): v128 {
  if (count >= 4) return v128.load(source)
  let value = v128.load32_zero(source)
  if (count > 1) value = f32x4.replace_lane(value, 1, load<f32>(source, 4))
  if (count > 2) value = f32x4.replace_lane(value, 2, load<f32>(source, 8))
  return value
}

/** Stores the first `count` of four floats. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function storeSome(target: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(target, value)
    return
  }
  store<f32>(target, f32x4.extract_lane(value, 0))
  if (count > 1) store<f32>(target, f32x4.extract_lane(value, 1), 4)
  if (count > 2) store<f32>(target, f32x4.extract_lane(value, 2), 8)
}
