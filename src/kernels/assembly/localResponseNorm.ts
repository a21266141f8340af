import { FLOAT, VECTOR, clearFloats, floats } from './lanes'
import { expOfNegative, logOfDouble } from './exponential'

/** The most common exponent, which two roots give. */
const THREE_QUARTERS: f32 = 0.75

/** s^−β of one positive float. */
function powerOfOne(s: f32, beta: f32): f32 {
  const exponent = -beta * <f32>logOfDouble(<f64>s)
  const power = f32x4.extract_lane(expOfNegative(f32x4.splat(-abs<f32>(exponent))), 0)
  return exponent > 0 ? 1 / power : power
}

/** s^−β of four positive floats. */
function powerOfFour(s: v128, beta: f32): v128 {
  if (beta == THREE_QUARTERS) {
    const root = f32x4.sqrt(s)
    return f32x4.div(f32x4.splat(1), f32x4.mul(root, f32x4.sqrt(root)))
  }
  let powers = f32x4.splat(powerOfOne(f32x4.extract_lane(s, 0), beta))
  powers = f32x4.replace_lane(powers, 1, powerOfOne(f32x4.extract_lane(s, 1), beta))
  powers = f32x4.replace_lane(powers, 2, powerOfOne(f32x4.extract_lane(s, 2), beta))
  return f32x4.replace_lane(powers, 3, powerOfOne(f32x4.extract_lane(s, 3), beta))
}

/** Σ of `size` neighbours of four floats, the first of them at `from`. */
function windowSum(from: usize, size: i32): v128 {
  let sum = v128.load(from)
  for (let i = 1; i < size; i++) sum = f32x4.add(sum, v128.load(from + floats(i)))
  return sum
}

/** Loads up to four floats; zeros follow. */
function loadSome(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from)
  let four = v128.load32_zero(from)
  if (count > 1) four = f32x4.replace_lane(four, 1, load<f32>(from + FLOAT))
  if (count > 2) four = f32x4.replace_lane(four, 2, load<f32>(from + floats(2)))
  return four
}

function storeSome(to: usize, four: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, four)
    return
  }
  store<f32>(to, f32x4.extract_lane(four, 0))
  if (count > 1) store<f32>(to + FLOAT, f32x4.extract_lane(four, 1))
  if (count > 2) store<f32>(to + floats(2), f32x4.extract_lane(four, 2))
}

/** The squares of a row with `before` zeros in front of it; the rest of the room is zero already. */
function squares(channels: i32, x: usize, before: i32, room: usize): void {
  for (let c = 0; c < channels; c += 4) {
    const four = loadSome(x + floats(c), channels - c)
    v128.store(room + floats(before + c), f32x4.mul(four, four))
  }
}

/**
 * y[rows, channels] = x · (k + α·Σ x²)^−β, the sum over `size` channels from `before` channels below. `room`: floats for the
 * channels and the window and eight more.
 */
export function localResponseNorm(
  rows: i32,
  channels: i32,
  x: usize,
  y: usize,
  room: usize,
  size: i32,
  before: i32,
  k: f32,
  alpha: f32,
  beta: f32,
): void {
  clearFloats(room, channels + size + 8)
  for (let row = 0; row < rows; row++) {
    squares(channels, x, before, room)
    for (let c = 0; c < channels; c += 4) {
      const sum = f32x4.mul(windowSum(room + floats(c), size), f32x4.splat(alpha))
      const power = powerOfFour(f32x4.add(sum, f32x4.splat(k)), beta)
      storeSome(y + floats(c), f32x4.mul(loadSome(x + floats(c), channels - c), power), channels - c)
    }
    x += floats(channels)
    y += floats(channels)
  }
}

/**
 * dx[rows, channels] = dy · s^−β − 2·α·β·x · Σ dy·x·s^(−β−1), s the number of each channel that is raised, the sum over the
 * channels whose window has this one. `room` as above, twice.
 */
export function localResponseNormGradient(
  rows: i32,
  channels: i32,
  dy: usize,
  x: usize,
  dx: usize,
  room: usize,
  size: i32,
  before: i32,
  k: f32,
  alpha: f32,
  beta: f32,
): void {
  const width = channels + size + 8
  const shares = room + floats(width)
  const after = size - 1 - before
  clearFloats(room, 2 * width)
  for (let row = 0; row < rows; row++) {
    squares(channels, x, before, room)
    for (let c = 0; c < channels; c += 4) {
      const left = channels - c
      const sum = f32x4.mul(windowSum(room + floats(c), size), f32x4.splat(alpha))
      const s = f32x4.add(sum, f32x4.splat(k))
      const direct = f32x4.mul(loadSome(dy + floats(c), left), powerOfFour(s, beta))
      storeSome(dx + floats(c), direct, left)
      v128.store(shares + floats(after + c), f32x4.div(f32x4.mul(direct, loadSome(x + floats(c), left)), s))
    }
    for (let c = 0; c < channels; c += 4) {
      const left = channels - c
      const sum = f32x4.mul(windowSum(shares + floats(c), size), f32x4.splat(-2 * alpha * beta))
      const spread = f32x4.mul(loadSome(x + floats(c), left), sum)
      storeSome(dx + floats(c), f32x4.add(loadSome(dx + floats(c), left), spread), left)
    }
    dy += floats(channels)
    x += floats(channels)
    dx += floats(channels)
  }
}
