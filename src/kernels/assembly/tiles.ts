import { FLOAT, floats, multiplyAdd } from './lanes'
import { LEFT_WIDTH } from './panels'

/**
 * Tiles of a product: five rows of eight columns, or of four. Every dense product here is made of them.
 *
 * Where a tile starts from and where it goes is read from two tables of five addresses: so a sum goes on in place, starts
 * from a bias or from zeros, and rows may lie anywhere.
 */

/** Writes five rows of eight floats to rows[i] + offset. */
// @ts-ignore: decorators of AssemblyScript
@inline
function storeWide(
  rows: usize, offset: usize,
  r0a: v128, r0b: v128, r1a: v128, r1b: v128, r2a: v128, r2b: v128, r3a: v128, r3b: v128, r4a: v128, r4b: v128,
): void {
  const to0 = <usize>load<u32>(rows) + offset
  v128.store(to0, r0a)
  v128.store(to0, r0b, 16)
  const to1 = <usize>load<u32>(rows, 4) + offset
  v128.store(to1, r1a)
  v128.store(to1, r1b, 16)
  const to2 = <usize>load<u32>(rows, 8) + offset
  v128.store(to2, r2a)
  v128.store(to2, r2b, 16)
  const to3 = <usize>load<u32>(rows, 12) + offset
  v128.store(to3, r3a)
  v128.store(to3, r3b, 16)
  const to4 = <usize>load<u32>(rows, 16) + offset
  v128.store(to4, r4a)
  v128.store(to4, r4b, 16)
}

/** The same for rows of four floats. */
// @ts-ignore: decorators of AssemblyScript
@inline
function storeNarrow(rows: usize, offset: usize, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128): void {
  const to0 = <usize>load<u32>(rows) + offset
  v128.store(to0, r0)
  const to1 = <usize>load<u32>(rows, 4) + offset
  v128.store(to1, r1)
  const to2 = <usize>load<u32>(rows, 8) + offset
  v128.store(to2, r2)
  const to3 = <usize>load<u32>(rows, 12) + offset
  v128.store(to3, r3)
  const to4 = <usize>load<u32>(rows, 16) + offset
  v128.store(to4, r4)
}

/**
 * A tile of 5 × 8: the values at starts[i] + startOffset, plus left panel · right panel, are written to rows[i] + offset.
 *
 * The form matters more than it seems: ten accumulators and one step per round keep everything in registers, `while`
 * instead of `do`, and plain stores right behind the loop. V8 spills accumulators otherwise, at a third of the speed. Per
 * product this tile reads less than one of 8 × 4, which loads hold up.
 */
export function multiplyTile(
  depth: i32,
  left: usize,
  right: usize,
  starts: usize,
  startOffset: usize,
  rows: usize,
  offset: usize,
): void {
  const from0 = <usize>load<u32>(starts) + startOffset
  let r0a = v128.load(from0)
  let r0b = v128.load(from0, 16)
  const from1 = <usize>load<u32>(starts, 4) + startOffset
  let r1a = v128.load(from1)
  let r1b = v128.load(from1, 16)
  const from2 = <usize>load<u32>(starts, 8) + startOffset
  let r2a = v128.load(from2)
  let r2b = v128.load(from2, 16)
  const from3 = <usize>load<u32>(starts, 12) + startOffset
  let r3a = v128.load(from3)
  let r3b = v128.load(from3, 16)
  const from4 = <usize>load<u32>(starts, 16) + startOffset
  let r4a = v128.load(from4)
  let r4b = v128.load(from4, 16)
  const end = left + floats(LEFT_WIDTH * depth)
  while (left < end) {
    const first = v128.load(right)
    const second = v128.load(right, 16)
    const x0 = v128.load32_splat(left)
    r0a = multiplyAdd(x0, first, r0a)
    r0b = multiplyAdd(x0, second, r0b)
    const x1 = v128.load32_splat(left, 4)
    r1a = multiplyAdd(x1, first, r1a)
    r1b = multiplyAdd(x1, second, r1b)
    const x2 = v128.load32_splat(left, 8)
    r2a = multiplyAdd(x2, first, r2a)
    r2b = multiplyAdd(x2, second, r2b)
    const x3 = v128.load32_splat(left, 12)
    r3a = multiplyAdd(x3, first, r3a)
    r3b = multiplyAdd(x3, second, r3b)
    const x4 = v128.load32_splat(left, 16)
    r4a = multiplyAdd(x4, first, r4a)
    r4b = multiplyAdd(x4, second, r4b)
    left += 20
    right += 32
  }
  storeWide(rows, offset, r0a, r0b, r1a, r1b, r2a, r2b, r3a, r3b, r4a, r4b)
}

/** The same for a panel of four columns. */
export function multiplyNarrowTile(
  depth: i32,
  left: usize,
  right: usize,
  starts: usize,
  startOffset: usize,
  rows: usize,
  offset: usize,
): void {
  const from0 = <usize>load<u32>(starts) + startOffset
  let r0 = v128.load(from0)
  const from1 = <usize>load<u32>(starts, 4) + startOffset
  let r1 = v128.load(from1)
  const from2 = <usize>load<u32>(starts, 8) + startOffset
  let r2 = v128.load(from2)
  const from3 = <usize>load<u32>(starts, 12) + startOffset
  let r3 = v128.load(from3)
  const from4 = <usize>load<u32>(starts, 16) + startOffset
  let r4 = v128.load(from4)
  const end = left + floats(LEFT_WIDTH * depth)
  while (left < end) {
    const four = v128.load(right)
    r0 = multiplyAdd(v128.load32_splat(left), four, r0)
    r1 = multiplyAdd(v128.load32_splat(left, 4), four, r1)
    r2 = multiplyAdd(v128.load32_splat(left, 8), four, r2)
    r3 = multiplyAdd(v128.load32_splat(left, 12), four, r3)
    r4 = multiplyAdd(v128.load32_splat(left, 16), four, r4)
    left += 20
    right += 16
  }
  storeNarrow(rows, offset, r0, r1, r2, r3, r4)
}

/** The same for five rows of the left factor that are not packed: row i starts at lefts[i] + shift. */
export function multiplyRowsTile(
  depth: i32,
  lefts: usize,
  shift: usize,
  right: usize,
  starts: usize,
  startOffset: usize,
  rows: usize,
  offset: usize,
): void {
  const from0 = <usize>load<u32>(starts) + startOffset
  let r0a = v128.load(from0)
  let r0b = v128.load(from0, 16)
  const from1 = <usize>load<u32>(starts, 4) + startOffset
  let r1a = v128.load(from1)
  let r1b = v128.load(from1, 16)
  const from2 = <usize>load<u32>(starts, 8) + startOffset
  let r2a = v128.load(from2)
  let r2b = v128.load(from2, 16)
  const from3 = <usize>load<u32>(starts, 12) + startOffset
  let r3a = v128.load(from3)
  let r3b = v128.load(from3, 16)
  const from4 = <usize>load<u32>(starts, 16) + startOffset
  let r4a = v128.load(from4)
  let r4b = v128.load(from4, 16)
  let left0 = <usize>load<u32>(lefts) + shift
  let left1 = <usize>load<u32>(lefts, 4) + shift
  let left2 = <usize>load<u32>(lefts, 8) + shift
  let left3 = <usize>load<u32>(lefts, 12) + shift
  let left4 = <usize>load<u32>(lefts, 16) + shift
  const end = left0 + floats(depth)
  while (left0 < end) {
    const first = v128.load(right)
    const second = v128.load(right, 16)
    const x0 = v128.load32_splat(left0)
    r0a = multiplyAdd(x0, first, r0a)
    r0b = multiplyAdd(x0, second, r0b)
    const x1 = v128.load32_splat(left1)
    r1a = multiplyAdd(x1, first, r1a)
    r1b = multiplyAdd(x1, second, r1b)
    const x2 = v128.load32_splat(left2)
    r2a = multiplyAdd(x2, first, r2a)
    r2b = multiplyAdd(x2, second, r2b)
    const x3 = v128.load32_splat(left3)
    r3a = multiplyAdd(x3, first, r3a)
    r3b = multiplyAdd(x3, second, r3b)
    const x4 = v128.load32_splat(left4)
    r4a = multiplyAdd(x4, first, r4a)
    r4b = multiplyAdd(x4, second, r4b)
    left0 += FLOAT
    left1 += FLOAT
    left2 += FLOAT
    left3 += FLOAT
    left4 += FLOAT
    right += 32
  }
  storeWide(rows, offset, r0a, r0b, r1a, r1b, r2a, r2b, r3a, r3b, r4a, r4b)
}

/** The same for a panel of four columns. */
export function multiplyNarrowRowsTile(
  depth: i32,
  lefts: usize,
  shift: usize,
  right: usize,
  starts: usize,
  startOffset: usize,
  rows: usize,
  offset: usize,
): void {
  const from0 = <usize>load<u32>(starts) + startOffset
  let r0 = v128.load(from0)
  const from1 = <usize>load<u32>(starts, 4) + startOffset
  let r1 = v128.load(from1)
  const from2 = <usize>load<u32>(starts, 8) + startOffset
  let r2 = v128.load(from2)
  const from3 = <usize>load<u32>(starts, 12) + startOffset
  let r3 = v128.load(from3)
  const from4 = <usize>load<u32>(starts, 16) + startOffset
  let r4 = v128.load(from4)
  let left0 = <usize>load<u32>(lefts) + shift
  let left1 = <usize>load<u32>(lefts, 4) + shift
  let left2 = <usize>load<u32>(lefts, 8) + shift
  let left3 = <usize>load<u32>(lefts, 12) + shift
  let left4 = <usize>load<u32>(lefts, 16) + shift
  const end = left0 + floats(depth)
  while (left0 < end) {
    const four = v128.load(right)
    r0 = multiplyAdd(v128.load32_splat(left0), four, r0)
    r1 = multiplyAdd(v128.load32_splat(left1), four, r1)
    r2 = multiplyAdd(v128.load32_splat(left2), four, r2)
    r3 = multiplyAdd(v128.load32_splat(left3), four, r3)
    r4 = multiplyAdd(v128.load32_splat(left4), four, r4)
    left0 += FLOAT
    left1 += FLOAT
    left2 += FLOAT
    left3 += FLOAT
    left4 += FLOAT
    right += 16
  }
  storeNarrow(rows, offset, r0, r1, r2, r3, r4)
}
