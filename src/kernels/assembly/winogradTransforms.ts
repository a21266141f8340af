import { VECTOR } from './lanes'

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
 *          ⎡ 4   0  −5   0   1   0 ⎤        ⎡  1/4     0      0  ⎤         ⎡ 1   1   1   1   1   0 ⎤
 *          ⎢ 0  −4  −4   1   1   0 ⎥        ⎢ −1/6   −1/6   −1/6 ⎥    Aᵀ = ⎢ 0   1  −1   2  −2   0 ⎥
 *     Bᵀ = ⎢ 0   4  −4  −1   1   0 ⎥    G = ⎢ −1/6    1/6   −1/6 ⎥         ⎢ 0   1   1   4   4   0 ⎥
 *          ⎢ 0  −2  −1   2   1   0 ⎥        ⎢  1/24   1/12   1/6 ⎥         ⎣ 0   1  −1   8  −8   1 ⎦
 *          ⎢ 0   2  −1  −2   1   0 ⎥        ⎢  1/24  −1/12   1/6 ⎥
 *          ⎣ 0   4   0  −5   0   1 ⎦        ⎣   0      0      1  ⎦
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

/** Bytes of scratch between the two passes. */
export const BETWEEN_BYTES: usize = 36 * 16

const TILE_LINE: usize = 6 * 16
const OUT_TILE_LINE: usize = 4 * 16
const FILTER_LINE: usize = 3 * 16

// @ts-ignore: decorators of AssemblyScript
@inline
function times(factor: f32, x: v128): v128 {
  return f32x4.mul(f32x4.splat(factor), x)
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
  const even = f32x4.sub(d4, times(4, d2))
  const odd = f32x4.sub(d3, times(4, d1))
  const evenHalf = f32x4.sub(d4, d2)
  const oddHalf = times(2, f32x4.sub(d3, d1))
  v128.store(to, f32x4.add(f32x4.sub(times(4, d0), times(5, d2)), d4))
  v128.store(to + toStep, f32x4.add(even, odd))
  v128.store(to + 2 * toStep, f32x4.sub(even, odd))
  v128.store(to + 3 * toStep, f32x4.add(evenHalf, oddHalf))
  v128.store(to + 4 * toStep, f32x4.sub(evenHalf, oddHalf))
  v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(times(4, d1), times(5, d3)), d5))
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
  const near = f32x4.add(v1, v2)
  const far = f32x4.add(v3, v4)
  const nearSlope = f32x4.sub(v2, v1)
  const farSlope = times(2, f32x4.sub(v4, v3))
  v128.store(to, times(4, v0))
  v128.store(to + toStep, f32x4.add(times(4, f32x4.add(nearSlope, v5)), farSlope))
  v128.store(to + 2 * toStep, f32x4.sub(times(-5, v0), f32x4.add(times(4, near), far)))
  v128.store(to + 3 * toStep, f32x4.sub(times(-5, v5), f32x4.add(nearSlope, farSlope)))
  v128.store(to + 4 * toStep, f32x4.add(f32x4.add(v0, near), far))
  v128.store(to + 5 * toStep, v5)
}

/** max(floor, Aᵀ m + bias) */
// @ts-ignore: decorators of AssemblyScript
@inline
function outputLine(from: usize, step: usize, to: usize, toStep: usize, bias: v128, floor: v128): void {
  const m0 = v128.load(from)
  const m1 = v128.load(from + step)
  const m2 = v128.load(from + 2 * step)
  const m3 = v128.load(from + 3 * step)
  const m4 = v128.load(from + 4 * step)
  const m5 = f32x4.add(v128.load(from + 5 * step), bias)
  const near = f32x4.add(f32x4.add(m1, m2), bias)
  const far = f32x4.add(m3, m4)
  const nearSlope = f32x4.sub(m1, m2)
  const farSlope = f32x4.sub(m3, m4)
  v128.store(to, f32x4.max(floor, f32x4.add(f32x4.add(m0, near), far)))
  v128.store(to + toStep, f32x4.max(floor, f32x4.add(f32x4.add(nearSlope, bias), times(2, farSlope))))
  v128.store(to + 2 * toStep, f32x4.max(floor, f32x4.add(near, times(4, far))))
  v128.store(to + 3 * toStep, f32x4.max(floor, f32x4.add(f32x4.add(nearSlope, m5), times(8, farSlope))))
}

/** A y */
// @ts-ignore: decorators of AssemblyScript
@inline
function outputGradientLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const y0 = v128.load(from)
  const y1 = v128.load(from + step)
  const y2 = v128.load(from + 2 * step)
  const y3 = v128.load(from + 3 * step)
  const even = f32x4.add(y0, y2)
  const odd = f32x4.add(y1, y3)
  const evenFar = f32x4.add(y0, times(4, y2))
  const oddFar = f32x4.add(times(2, y1), times(8, y3))
  v128.store(to, y0)
  v128.store(to + toStep, f32x4.add(even, odd))
  v128.store(to + 2 * toStep, f32x4.sub(even, odd))
  v128.store(to + 3 * toStep, f32x4.add(evenFar, oddFar))
  v128.store(to + 4 * toStep, f32x4.sub(evenFar, oddFar))
  v128.store(to + 5 * toStep, y3)
}

/** G g */
// @ts-ignore: decorators of AssemblyScript
@inline
function filterLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from)
  const g1 = v128.load(from + step)
  const g2 = v128.load(from + 2 * step)
  const outer = times(-1.0 / 6.0, f32x4.add(g0, g2))
  const middle = times(1.0 / 6.0, g1)
  const outerFar = f32x4.add(times(1.0 / 24.0, g0), times(1.0 / 6.0, g2))
  const middleFar = times(1.0 / 12.0, g1)
  v128.store(to, times(0.25, g0))
  v128.store(to + toStep, f32x4.sub(outer, middle))
  v128.store(to + 2 * toStep, f32x4.add(outer, middle))
  v128.store(to + 3 * toStep, f32x4.add(outerFar, middleFar))
  v128.store(to + 4 * toStep, f32x4.sub(outerFar, middleFar))
  v128.store(to + 5 * toStep, g2)
}

/** Gᵀ u */
// @ts-ignore: decorators of AssemblyScript
@inline
function filterGradientLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const u1 = v128.load(from + step)
  const u2 = v128.load(from + 2 * step)
  const u3 = v128.load(from + 3 * step)
  const u4 = v128.load(from + 4 * step)
  const near = times(-1.0 / 6.0, f32x4.add(u1, u2))
  const far = f32x4.add(u3, u4)
  const slopes = f32x4.add(times(1.0 / 6.0, f32x4.sub(u2, u1)), times(1.0 / 12.0, f32x4.sub(u3, u4)))
  v128.store(to, f32x4.add(f32x4.add(times(0.25, v128.load(from)), near), times(1.0 / 24.0, far)))
  v128.store(to + toStep, slopes)
  v128.store(to + 2 * toStep, f32x4.add(f32x4.add(near, times(1.0 / 6.0, far)), v128.load(from + 5 * step)))
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

/** max(floor, y + bias) of a tile from M, value p at from + p·plane. */
export function outputTile(
  from: usize,
  plane: usize,
  to: usize,
  pixel: usize,
  line: usize,
  bias: v128,
  floor: v128,
  between: usize,
): void {
  const zero = f32x4.splat(0)
  const lowest = f32x4.splat(-Infinity)
  for (let x: usize = 0; x < TILE; x++) {
    outputLine(from + x * plane, TILE * plane, between + x * VECTOR, TILE_LINE, zero, lowest)
  }
  for (let y: usize = 0; y < OUT_TILE; y++) {
    outputLine(between + y * TILE_LINE, VECTOR, to + y * line, pixel, bias, floor)
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

/** dg of four filters from dU, value p at from + p·plane. */
export function filterGradientTile(from: usize, plane: usize, to: usize, tap: usize, between: usize): void {
  for (let x: usize = 0; x < TILE; x++) {
    filterGradientLine(from + x * plane, TILE * plane, between + x * VECTOR, TILE_LINE)
  }
  for (let y: usize = 0; y < 3; y++) filterGradientLine(between + y * TILE_LINE, VECTOR, to + 3 * y * tap, tap)
}
