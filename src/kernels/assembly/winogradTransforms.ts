import { VECTOR, clamp, multiplyAdd } from './lanes'

/**
 * The transforms of Winograd's convolution F(4×4, 3×3): sixteen outputs of a 3×3 filter from 36 products, where
 * the plain sum takes 144. A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2015.
 *
 *     U = G g Gᵀ        V = Bᵀ d B        M = Σ over the channels of U·V, value by value        y = Aᵀ M A
 *
 * g is a filter of 3×3, d a tile of 6×6 pixels of the image, y the 4×4 outputs it gives. Tiles lie 4 pixels apart.
 * The gradients are the same chain backwards, each transform replaced by its transpose:
 *
 *     dM = A dy Aᵀ        dV = dM·U        dd = B dV Bᵀ, added where tiles overlap        dU = V·dM        dg = Gᵀ dU G
 *
 * With a = √½ and b = √2, A holds the powers of the points 0, ±a, ±b and ∞ at which polynomials are multiplied:
 *
 *          ⎡ 1    0   −5/2   0   1   0 ⎤         ⎡  1      0     0  ⎤         ⎡ 1   1    1    1    1   0 ⎤
 *          ⎢ 0   −b   −2     a   1   0 ⎥         ⎢ −2/3  −b/3  −1/3 ⎥    Aᵀ = ⎢ 0   a   −a    b   −b   0 ⎥
 *     Bᵀ = ⎢ 0    b   −2    −a   1   0 ⎥     G = ⎢ −2/3   b/3  −1/3 ⎥         ⎢ 0   a²   a²   b²   b²  0 ⎥
 *          ⎢ 0   −a   −1/2   b   1   0 ⎥         ⎢  1/6   b/6   1/3 ⎥         ⎣ 0   a³  −a³   b³  −b³  1 ⎦
 *          ⎢ 0    a   −1/2  −b   1   0 ⎥         ⎢  1/6  −b/6   1/3 ⎥
 *          ⎣ 0    1    0   −5/2  0   1 ⎦         ⎣  0      0     1  ⎦
 *
 * These points, which ncnn uses too, round better than the paper's 0, ±1, ±2 and ∞: their powers are smaller.
 *
 * A matrix on each side means: one pass down the columns, one along the rows. A line function below does one line
 * of a pass: it reads vectors (four channels each) `step` bytes apart and writes vectors `toStep` bytes apart. A tile
 * function makes both passes, with the result of the first in `between`.
 */

/** Pixels of a tile of the image in one direction; the transformed tile has PLANES values. */
export const TILE: usize = 6

/** Outputs of a tile in one direction. */
export const OUT_TILE: usize = 4

/** Values of a transformed tile. Value p of all tiles and channels together is "plane" p. */
export const PLANES: usize = 36

/** Values of a filter. */
export const FILTER_TAPS: usize = 9

/** Bytes of scratch between the two passes. */
export const BETWEEN_BYTES: usize = 36 * 16

const TILE_LINE: usize = 6 * 16
const OUT_TILE_LINE: usize = 4 * 16
const FILTER_LINE: usize = 3 * 16

/** √½ and √2 */
const A: f32 = 0.70710678118654752
const B: f32 = 1.4142135623730951

// @ts-ignore: decorators of AssemblyScript
@inline
function times(factor: f32, x: v128): v128 {
  return f32x4.mul(f32x4.splat(factor), x)
}

/** sum + factor·x */
// @ts-ignore: decorators of AssemblyScript
@inline
function plus(sum: v128, factor: f32, x: v128): v128 {
  return multiplyAdd(f32x4.splat(factor), x, sum)
}

/** Bᵀ d */
// @ts-ignore: decorators of AssemblyScript
@inline
function inputLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from)
  const d1 = v128.load(from + step)
  const d2 = v128.load(from + 2 * step)
  const d3 = v128.load(from + 3 * step)
  const d4 = v128.load(from + 4 * step)
  const d5 = v128.load(from + 5 * step)
  const evenA = plus(d4, -2, d2)
  const oddA = times(A, plus(d3, -2, d1))
  const evenB = plus(d4, -0.5, d2)
  const oddB = times(B, plus(d3, -0.5, d1))
  v128.store(to, f32x4.add(plus(d0, -2.5, d2), d4))
  v128.store(to + toStep, f32x4.add(evenA, oddA))
  v128.store(to + 2 * toStep, f32x4.sub(evenA, oddA))
  v128.store(to + 3 * toStep, f32x4.add(evenB, oddB))
  v128.store(to + 4 * toStep, f32x4.sub(evenB, oddB))
  v128.store(to + 5 * toStep, f32x4.add(plus(d1, -2.5, d3), d5))
}

/** B v */
// @ts-ignore: decorators of AssemblyScript
@inline
function inputGradientLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const v0 = v128.load(from)
  const v1 = v128.load(from + step)
  const v2 = v128.load(from + 2 * step)
  const v3 = v128.load(from + 3 * step)
  const v4 = v128.load(from + 4 * step)
  const v5 = v128.load(from + 5 * step)
  const evenA = f32x4.add(v1, v2)
  const evenB = f32x4.add(v3, v4)
  const oddA = f32x4.sub(v1, v2)
  const oddB = f32x4.sub(v3, v4)
  v128.store(to, v0)
  v128.store(to + toStep, plus(plus(v5, -B, oddA), -A, oddB))
  v128.store(to + 2 * toStep, plus(plus(times(-2.5, v0), -2, evenA), -0.5, evenB))
  v128.store(to + 3 * toStep, plus(plus(times(-2.5, v5), A, oddA), B, oddB))
  v128.store(to + 4 * toStep, f32x4.add(f32x4.add(v0, evenA), evenB))
  v128.store(to + 5 * toStep, v5)
}

/** Aᵀ m + bias, between floor and ceiling */
// @ts-ignore: decorators of AssemblyScript
@inline
function outputLine(
  from: usize, step: usize, to: usize, toStep: usize, bias: v128, floor: v128, ceiling: v128,
): void {
  const m0 = v128.load(from)
  const m1 = v128.load(from + step)
  const m2 = v128.load(from + 2 * step)
  const m3 = v128.load(from + 3 * step)
  const m4 = v128.load(from + 4 * step)
  const m5 = v128.load(from + 5 * step)
  const evenA = f32x4.add(m1, m2)
  const evenB = f32x4.add(m3, m4)
  const oddA = f32x4.sub(m1, m2)
  const oddB = f32x4.sub(m3, m4)
  const first = f32x4.add(f32x4.add(m0, evenA), evenB)
  const second = plus(times(A, oddA), B, oddB)
  const third = plus(times(0.5, evenA), 2, evenB)
  const fourth = plus(plus(m5, A / 2, oddA), 2 * B, oddB)
  v128.store(to, clamp(f32x4.add(first, bias), floor, ceiling))
  v128.store(to + toStep, clamp(f32x4.add(second, bias), floor, ceiling))
  v128.store(to + 2 * toStep, clamp(f32x4.add(third, bias), floor, ceiling))
  v128.store(to + 3 * toStep, clamp(f32x4.add(fourth, bias), floor, ceiling))
}

/** A y */
// @ts-ignore: decorators of AssemblyScript
@inline
function outputGradientLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const y0 = v128.load(from)
  const y1 = v128.load(from + step)
  const y2 = v128.load(from + 2 * step)
  const y3 = v128.load(from + 3 * step)
  const evenA = plus(y0, 0.5, y2)
  const oddA = plus(times(A, y1), A / 2, y3)
  const evenB = plus(y0, 2, y2)
  const oddB = plus(times(B, y1), 2 * B, y3)
  v128.store(to, y0)
  v128.store(to + toStep, f32x4.add(evenA, oddA))
  v128.store(to + 2 * toStep, f32x4.sub(evenA, oddA))
  v128.store(to + 3 * toStep, f32x4.add(evenB, oddB))
  v128.store(to + 4 * toStep, f32x4.sub(evenB, oddB))
  v128.store(to + 5 * toStep, y3)
}

/** G g */
// @ts-ignore: decorators of AssemblyScript
@inline
function filterLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from)
  const g1 = v128.load(from + step)
  const g2 = v128.load(from + 2 * step)
  const evenA = plus(times(-2.0 / 3.0, g0), -1.0 / 3.0, g2)
  const oddA = times(-B / 3, g1)
  const evenB = plus(times(1.0 / 6.0, g0), 1.0 / 3.0, g2)
  const oddB = times(B / 6, g1)
  v128.store(to, g0)
  v128.store(to + toStep, f32x4.add(evenA, oddA))
  v128.store(to + 2 * toStep, f32x4.sub(evenA, oddA))
  v128.store(to + 3 * toStep, f32x4.add(evenB, oddB))
  v128.store(to + 4 * toStep, f32x4.sub(evenB, oddB))
  v128.store(to + 5 * toStep, g2)
}

/** Writes values, or adds them. */
// @ts-ignore: decorators of AssemblyScript
@inline
function put(target: usize, values: v128, accumulate: bool): void {
  v128.store(target, accumulate ? f32x4.add(v128.load(target), values) : values)
}

/** Gᵀ u */
// @ts-ignore: decorators of AssemblyScript
@inline
function filterGradientLine(from: usize, step: usize, to: usize, toStep: usize, accumulate: bool): void {
  const u0 = v128.load(from)
  const u1 = v128.load(from + step)
  const u2 = v128.load(from + 2 * step)
  const u3 = v128.load(from + 3 * step)
  const u4 = v128.load(from + 4 * step)
  const u5 = v128.load(from + 5 * step)
  const evenA = f32x4.add(u1, u2)
  const evenB = f32x4.add(u3, u4)
  const oddA = f32x4.sub(u2, u1)
  const oddB = f32x4.sub(u3, u4)
  put(to, plus(plus(u0, -2.0 / 3.0, evenA), 1.0 / 6.0, evenB), accumulate)
  put(to + toStep, plus(times(B / 3, oddA), B / 6, oddB), accumulate)
  put(to + 2 * toStep, plus(u5, 1.0 / 3.0, f32x4.sub(evenB, evenA)), accumulate)
}

/** V of a tile of the image, pixels `pixel` and lines `line` bytes apart; value p goes to to + p·plane. */
export function inputTile(from: usize, pixel: usize, line: usize, to: usize, plane: usize, between: usize): void {
  for (let x: usize = 0; x < TILE; x++) inputLine(from + x * pixel, line, between + x * VECTOR, TILE_LINE)
  for (let y: usize = 0; y < TILE; y++) inputLine(between + y * TILE_LINE, VECTOR, to + y * TILE * plane, plane)
}

/** dd of a tile from dV, value p at from + p·plane. */
export function inputGradientTile(from: usize, plane: usize, to: usize, pixel: usize, line: usize, between: usize): void {
  for (let x: usize = 0; x < TILE; x++) {
    inputGradientLine(from + x * plane, TILE * plane, between + x * VECTOR, TILE_LINE)
  }
  for (let y: usize = 0; y < TILE; y++) inputGradientLine(between + y * TILE_LINE, VECTOR, to + y * line, pixel)
}

/** y + bias, between floor and ceiling, of a tile from M, value p at from + p·plane. */
export function outputTile(
  from: usize,
  plane: usize,
  to: usize,
  pixel: usize,
  line: usize,
  bias: v128,
  floor: v128,
  ceiling: v128,
  between: usize,
): void {
  const zero = f32x4.splat(0)
  const lowest = f32x4.splat(-Infinity)
  const highest = f32x4.splat(Infinity)
  for (let x: usize = 0; x < TILE; x++) {
    outputLine(from + x * plane, TILE * plane, between + x * VECTOR, TILE_LINE, zero, lowest, highest)
  }
  for (let y: usize = 0; y < OUT_TILE; y++) {
    outputLine(between + y * TILE_LINE, VECTOR, to + y * line, pixel, bias, floor, ceiling)
  }
}

/** dM of a tile of dy; value p goes to to + p·plane. */
export function outputGradientTile(from: usize, pixel: usize, line: usize, to: usize, plane: usize, between: usize): void {
  for (let x: usize = 0; x < OUT_TILE; x++) {
    outputGradientLine(from + x * pixel, line, between + x * VECTOR, OUT_TILE_LINE)
  }
  for (let y: usize = 0; y < TILE; y++) {
    outputGradientLine(between + y * OUT_TILE_LINE, VECTOR, to + y * TILE * plane, plane)
  }
}

/** U of four filters, whose nine values lie `tap` bytes apart; value p goes to to + p·plane. */
export function filterTile(from: usize, tap: usize, to: usize, plane: usize, between: usize): void {
  for (let x: usize = 0; x < 3; x++) filterLine(from + x * tap, 3 * tap, between + x * VECTOR, FILTER_LINE)
  for (let y: usize = 0; y < TILE; y++) filterLine(between + y * FILTER_LINE, VECTOR, to + y * TILE * plane, plane)
}

/** dg of four filters from dU, value p at from + p·plane; written, or added to what is there. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function filterGradientTile(
  from: usize, plane: usize, to: usize, tap: usize, between: usize, accumulate: bool,
): void {
  for (let x: usize = 0; x < TILE; x++) {
    filterGradientLine(from + x * plane, TILE * plane, between + x * VECTOR, TILE_LINE, false)
  }
  for (let y: usize = 0; y < 3; y++) {
    filterGradientLine(between + y * TILE_LINE, VECTOR, to + 3 * y * tap, tap, accumulate)
  }
}
