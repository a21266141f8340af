import { VECTOR, floats } from './lanes'
import { Convolution } from './convolution'
import { storeTransposed } from './panels'
import { RIGHT_STEP, RIGHT_WIDTH } from './planes'
import { FILTER_TAPS, filterTile } from './winogradTransforms'
import { GAP } from './winogradTiles'

/**
 * Transformed filters: 36 planes in right panels (planes.ts), of U [channels, output channels] or, for the input
 * gradient, of its transpose.
 *
 * The nine taps of a filter lie a power of two apart more often than not, and cannot stay in a cache together: so taps of
 * 4 × 16 filters are copied first, whole lines at a time.
 */

/** Output channels whose taps are copied at a time. */
const ACROSS = 16

/** Columns of a filter are best transformed in multiples of so many. */
export const FILTER_COLUMNS = ACROSS

/** Bytes of one tap of 4 × 4 filters, and of all nine. */
const TAP_BYTES: usize = 4 * VECTOR
const TAPS_BYTES: usize = FILTER_TAPS * TAP_BYTES

/** Bytes of scratch for copied taps. */
export const COPIED_BYTES: usize = <usize>(ACROSS / 4) * TAPS_BYTES

/** Bytes of a plane of so many columns. */
export function filterPlane(depth: i32, columns: i32): usize {
  return <usize>((columns + RIGHT_WIDTH - 1) / RIGHT_WIDTH) * <usize>depth * RIGHT_STEP + GAP
}

/**
 * Copies the taps of four channels and `count` output channels: for every four output channels nine blocks, a vector for
 * each of the channels or, when `transposed`, for each of the output channels.
 */
function copyTaps(c: Convolution, filter: usize, count: i32, transposed: bool, target: usize): void {
  const row = floats(c.outChannels)
  const tap = floats(c.channels * c.outChannels)
  for (let k: usize = 0; k < FILTER_TAPS; k++) {
    let from = filter + k * tap
    let to = target + k * TAP_BYTES
    for (let o = 0; o < count; o += 4) {
      const r0 = v128.load(from)
      const r1 = v128.load(from + row)
      const r2 = v128.load(from + 2 * row)
      const r3 = v128.load(from + 3 * row)
      if (transposed) storeTransposed(to, VECTOR, r0, r1, r2, r3)
      else {
        v128.store(to, r0)
        v128.store(to, r1, 16)
        v128.store(to, r2, 32)
        v128.store(to, r3, 48)
      }
      from += VECTOR
      to += TAPS_BYTES
    }
  }
}

/** Where a vector of four columns is in a plane of right panels. */
function vectorAt(depth: i32, k: i32, column: i32): usize {
  return <usize>(column / RIGHT_WIDTH * depth + k) * RIGHT_STEP + floats(column % RIGHT_WIDTH)
}

/**
 * Transforms `count` columns of U from column `first` on, or of Uᵀ when `transposed`, to planes `plane` bytes apart.
 * Scratch: `copied` is COPIED_BYTES, `between` is BETWEEN_BYTES.
 */
export function transformFilter(
  c: Convolution,
  filter: usize,
  transposed: bool,
  first: i32,
  count: i32,
  planes: usize,
  plane: usize,
  copied: usize,
  between: usize,
): void {
  const depth = transposed ? c.outChannels : c.channels
  const channelsFrom = transposed ? first : 0
  const channelsTo = transposed ? first + count : c.channels
  const outFrom = transposed ? 0 : first
  const outTo = transposed ? c.outChannels : first + count
  for (let o = outFrom; o < outTo; o += ACROSS) {
    const across = min(ACROSS, outTo - o)
    for (let i = channelsFrom; i < channelsTo; i += 4) {
      copyTaps(c, filter + floats(i * c.outChannels + o), across, transposed, copied)
      let from = copied
      for (let step = 0; step < across; step += 4) {
        let to = planes + (transposed ? vectorAt(depth, o + step, i - first) : vectorAt(depth, i, o + step - first))
        for (let lane: usize = 0; lane < 4; lane++) {
          filterTile(from + lane * VECTOR, TAP_BYTES, to, plane, between)
          to += RIGHT_STEP
        }
        from += TAPS_BYTES
      }
    }
  }
}
