import { FLOAT, VECTOR, floats } from './lanes'

/**
 * Panels: how the two factors of a product are laid out before they are multiplied.
 *
 * The left factor [rows, depth] is cut into panels of eight rows, the right one [depth, columns] into panels of
 * four columns. A panel is stored depth by depth (its eight, or four, values of depth 0, then those of depth 1,
 * …), so that the innermost loop reads both panels straight on. Missing rows and columns of a last panel are
 * zero, and the depth is filled with zeros up to an even number, because that loop takes two steps at a time.
 */

/** Rows in a panel of the left factor. */
export const LEFT_WIDTH = 8

/** Columns in a panel of the right factor. */
export const RIGHT_WIDTH = 4

/** The depth of a panel: the next even number. */
export function evenDepth(depth: i32): i32 {
  return (depth + 1) & ~1
}

/** How many panels of the left factor hold `rows` rows. */
export function leftPanels(rows: i32): i32 {
  return (rows + LEFT_WIDTH - 1) / LEFT_WIDTH
}

/** How many panels of the right factor hold `columns` columns. */
export function rightPanels(columns: i32): i32 {
  return (columns + RIGHT_WIDTH - 1) / RIGHT_WIDTH
}

/** Bytes of the panels of a left factor. */
export function leftBytes(rows: i32, depth: i32): usize {
  return floats(leftPanels(rows) * LEFT_WIDTH * evenDepth(depth))
}

/** Bytes of the panels of a right factor. */
export function rightBytes(columns: i32, depth: i32): usize {
  return floats(rightPanels(columns) * RIGHT_WIDTH * evenDepth(depth))
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
  if (width == LEFT_WIDTH) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source))
      v128.store(target, v128.load(source, 16), 16)
      source += depthStep
      target += 2 * VECTOR
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
    for (let i = 0; i < width; i += 4) {
      const r0 = v128.load(lane)
      const r1 = v128.load(lane + laneStep)
      const r2 = v128.load(lane + 2 * laneStep)
      const r3 = v128.load(lane + 3 * laneStep)
      storeTransposed(target + floats(i), step, r0, r1, r2, r3)
      lane += 4 * laneStep
    }
    source += VECTOR
    target += 4 * step
    left -= 4
  }
  packSlowly(source, laneStep, FLOAT, width, width, left, target)
}

/** Packs `lanes` rows or columns into panels `width` wide; steps in floats. */
function pack(
  source: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  width: i32,
  depth: i32,
  target: usize,
): void {
  const panelBytes = floats(width * evenDepth(depth))
  const used = floats(width * depth)
  for (let lane = 0; lane < lanes; lane += width) {
    const from = source + (<usize>lane * <usize>laneStep) * FLOAT
    const here = min(width, lanes - lane)
    if (here == width && laneStep == 1) copyLanes(from, floats(depthStep), width, depth, target)
    else if (here == width && depthStep == 1) transposeLanes(from, floats(laneStep), width, depth, target)
    else packSlowly(from, floats(laneStep), floats(depthStep), here, width, depth, target)
    memory.fill(target + used, 0, panelBytes - used)
    target += panelBytes
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
  pack(source, rowStep, depthStep, rows, LEFT_WIDTH, depth, target)
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
  pack(source, columnStep, depthStep, columns, RIGHT_WIDTH, depth, target)
}
