/**
 * Products whose left factor has few rows, as for a single image: y[m, n] = clamp(a·b + bias, least, most).
 *
 * Each number of b is used m times only, so that packing b would cost more than the product. Instead b is read once,
 * row by row as it lies in memory, eight rows at a time:
 *
 *     y[i, …] += a[i, k]·b[k, …] + … + a[i, k + 7]·b[k + 7, …]
 *
 * The eight rows of b stay in the first-level cache while the rows of a pass by, and so does y.
 */

import { FLOAT, VECTOR, clamp, clearFloats, copyFloats, floats, multiplyAdd } from './lanes'

/** The most rows for which this is the faster way. */
export const FEW_ROWS = 4

/** Rows of b at a time. */
const STEP = 8

/** y[…] += x·b[…]. */
function addRow(n: i32, x: f32, b: usize, y: usize): void {
  const factor = f32x4.splat(x)
  while (n >= 4) {
    v128.store(y, multiplyAdd(factor, v128.load(b), v128.load(y)))
    y += VECTOR
    b += VECTOR
    n -= 4
  }
  while (n > 0) {
    store<f32>(y, load<f32>(y) + x * load<f32>(b))
    y += FLOAT
    b += FLOAT
    n--
  }
}

/** y[…] += Σ a[k]·b[k, …] over eight rows of b, `row` bytes apart. */
function addEightRows(n: i32, a: usize, b: usize, row: usize, y: usize): void {
  const x0 = v128.load32_splat(a)
  const x1 = v128.load32_splat(a, 4)
  const x2 = v128.load32_splat(a, 8)
  const x3 = v128.load32_splat(a, 12)
  const x4 = v128.load32_splat(a, 16)
  const x5 = v128.load32_splat(a, 20)
  const x6 = v128.load32_splat(a, 24)
  const x7 = v128.load32_splat(a, 28)
  let j = 0
  while (j + 4 <= n) {
    let p = b
    // Two sums, so that one addition need not wait for the other.
    let even = f32x4.mul(x0, v128.load(p))
    p += row
    let odd = f32x4.mul(x1, v128.load(p))
    p += row
    even = multiplyAdd(x2, v128.load(p), even)
    p += row
    odd = multiplyAdd(x3, v128.load(p), odd)
    p += row
    even = multiplyAdd(x4, v128.load(p), even)
    p += row
    odd = multiplyAdd(x5, v128.load(p), odd)
    p += row
    even = multiplyAdd(x6, v128.load(p), even)
    p += row
    odd = multiplyAdd(x7, v128.load(p), odd)
    v128.store(y, f32x4.add(v128.load(y), f32x4.add(even, odd)))
    y += VECTOR
    b += VECTOR
    j += 4
  }
  while (j < n) {
    let sum: f32 = 0
    for (let k = 0; k < STEP; k++) sum += load<f32>(a + floats(k)) * load<f32>(b + <usize>k * row)
    store<f32>(y, load<f32>(y) + sum)
    y += FLOAT
    b += FLOAT
    j++
  }
}

function clampFloats(count: i32, y: usize, least: f32, most: f32): void {
  const floor = f32x4.splat(least)
  const ceiling = f32x4.splat(most)
  while (count >= 4) {
    v128.store(y, clamp(v128.load(y), floor, ceiling))
    y += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(y, min<f32>(max<f32>(load<f32>(y), least), most))
    y += FLOAT
    count--
  }
}

/** y[m, n] = clamp(a·b + bias, least, most). Rows of a lie aRow floats apart, those of b bRow; the bias is 0 for none. */
export function multiplyFewRows(
  m: i32, n: i32, depth: i32, a: usize, aRow: i32, b: usize, bRow: i32, bias: usize,
  least: f32, most: f32, y: usize,
): void {
  for (let i = 0; i < m; i++) {
    if (bias == 0) clearFloats(y + <usize>i * floats(n), n)
    else copyFloats(y + <usize>i * floats(n), bias, n)
  }
  const row = floats(bRow)
  let k = 0
  while (k + STEP <= depth) {
    for (let i = 0; i < m; i++) addEightRows(n, a + <usize>i * floats(aRow) + floats(k), b, row, y + <usize>i * floats(n))
    b += row * STEP
    k += STEP
  }
  while (k < depth) {
    for (let i = 0; i < m; i++) addRow(n, load<f32>(a + <usize>i * floats(aRow) + floats(k)), b, y + <usize>i * floats(n))
    b += row
    k++
  }
  if (least > -Infinity || most < Infinity) clampFloats(m * n, y, least, most)
}
