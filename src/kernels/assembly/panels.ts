import { FLOAT, VECTOR, floats } from './lanes'

/**
 * Panels: how the two factors of a product are laid out before they are multiplied.
 *
 * The left factor [rows, depth] is cut into panels of five rows, the right one [depth, columns] into panels of
 * eight columns; a last one of up to four columns is four wide. A panel is stored depth by depth (its five, or
 * eight, values of depth 0, then those of depth 1, …), so that the innermost loop reads both panels straight on.
 * Missing rows and columns of a last panel are zero.
 */

/** Rows in a panel of the left factor. */
export const LEFT_WIDTH = 5

/** Columns in a panel of the right factor. */
export const RIGHT_WIDTH = 8

/** Columns in a last panel that needs no more. */
export const NARROW_WIDTH = 4

/** How many panels of the left factor hold `rows` rows. */
export function leftPanels(rows: i32): i32 {
  return (rows + LEFT_WIDTH - 1) / LEFT_WIDTH
}

/** Bytes of the panels of a left factor. */
export function leftBytes(rows: i32, depth: i32): usize {
  return floats(leftPanels(rows) * LEFT_WIDTH * depth)
}

/** Bytes of the panels of a right factor. */
export function rightBytes(columns: i32, depth: i32): usize {
  return floats(((columns + NARROW_WIDTH - 1) & ~(NARROW_WIDTH - 1)) * depth)
}

/** Writes four rows of four floats as four columns, `step` bytes apart. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function storeTransposed(target: usize, step: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
  v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5))
  v128.store(target + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7))
  v128.store(target + 2 * step, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5))
  v128.store(target + 3 * step, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7))
}

/** Writes four floats `step` bytes apart. */
// @ts-ignore: decorators of AssemblyScript
@inline
export function storeLanes(target: usize, step: usize, four: v128): void {
  v128.store_lane<f32>(target, four, 0)
  v128.store_lane<f32>(target + step, four, 1)
  v128.store_lane<f32>(target + 2 * step, four, 2)
  v128.store_lane<f32>(target + 3 * step, four, 3)
}

/** One panel, value by value: lane i at `source + i·laneStep`, the next depth `depthStep` on; both in bytes. */
function packSlowly(
  source: usize,
  laneStep: usize,
  depthStep: usize,
  lanes: i32,
  width: i32,
  depth: i32,
  target: usize,
): void {
  for (let k = 0; k < depth; k++) {
    let lane = source
    for (let i = 0; i < width; i++) {
      store<f32>(target, i < lanes ? load<f32>(lane) : 0)
      lane += laneStep
      target += FLOAT
    }
    source += depthStep
  }
}

/** One panel whose lanes lie side by side. */
function copyLanes(source: usize, depthStep: usize, width: i32, depth: i32, target: usize): void {
  if (width == RIGHT_WIDTH) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source))
      v128.store(target, v128.load(source, 16), 16)
      source += depthStep
      target += 2 * VECTOR
    }
  } else if (width == LEFT_WIDTH) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source))
      store<f32>(target, load<f32>(source, 16), 16)
      source += depthStep
      target += VECTOR + FLOAT
    }
  } else {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source))
      source += depthStep
      target += VECTOR
    }
  }
}

/** One panel whose depths lie side by side: transposed four by four. */
function transposeLanes(source: usize, laneStep: usize, width: i32, depth: i32, target: usize): void {
  const step = floats(width)
  let left = depth
  while (left >= 4) {
    let lane = source
    for (let i = 0; i + 4 <= width; i += 4) {
      const r0 = v128.load(lane)
      const r1 = v128.load(lane + laneStep)
      const r2 = v128.load(lane + 2 * laneStep)
      const r3 = v128.load(lane + 3 * laneStep)
      storeTransposed(target + floats(i), step, r0, r1, r2, r3)
      lane += 4 * laneStep
    }
    if (width == LEFT_WIDTH) storeLanes(target + VECTOR, step, v128.load(lane))
    source += VECTOR
    target += 4 * step
    left -= 4
  }
  packSlowly(source, laneStep, FLOAT, width, width, left, target)
}

/** Packs `lanes` rows or columns into panels `width` wide, the last of them `narrow` if that is enough; steps in floats. */
function pack(
  source: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  width: i32,
  narrow: i32,
  depth: i32,
  target: usize,
): void {
  for (let lane = 0; lane < lanes; lane += width) {
    const from = source + (<usize>lane * <usize>laneStep) * FLOAT
    const here = min(width, lanes - lane)
    const wide = here <= narrow ? narrow : width
    if (here == wide && laneStep == 1) copyLanes(from, floats(depthStep), wide, depth, target)
    else if (here == wide && depthStep == 1) transposeLanes(from, floats(laneStep), wide, depth, target)
    else packSlowly(from, floats(laneStep), floats(depthStep), here, wide, depth, target)
    target += floats(wide * depth)
  }
}

/** Packs the left factor whose element (i, k) lies i·rowStep + k·depthStep floats behind `source`. */
export function packLeft(
  source: usize,
  rowStep: i32,
  depthStep: i32,
  rows: i32,
  depth: i32,
  target: usize,
): void {
  pack(source, rowStep, depthStep, rows, LEFT_WIDTH, LEFT_WIDTH, depth, target)
}

/** Packs the right factor whose element (k, j) lies j·columnStep + k·depthStep floats behind `source`. */
export function packRight(
  source: usize,
  columnStep: i32,
  depthStep: i32,
  columns: i32,
  depth: i32,
  target: usize,
): void {
  pack(source, columnStep, depthStep, columns, RIGHT_WIDTH, NARROW_WIDTH, depth, target)
}
