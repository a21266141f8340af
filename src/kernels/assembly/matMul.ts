import { FEW_ROWS, multiplyFewRows } from './fewRows'
import { FLOAT, floats } from './lanes'
import { leftBytes, packLeft, packRight, rightBytes } from './panels'
import { TILE_BYTES, multiplyPanels, tableBytes, tabulateRows } from './product'

// The blocks in which a product is computed: a slab of the right factor (512 × 512 floats, one megabyte) stays in
// the second-level cache while blocks of the left factor pass by.
const BLOCK_ROWS = 95
const BLOCK_COLUMNS = 512
const BLOCK_DEPTH = 512

/** Bytes of scratch that `matMul` works in. */
export function matMulScratch(m: i32, n: i32, depth: i32): usize {
  const slice = min(depth, BLOCK_DEPTH)
  const rows = min(m, BLOCK_ROWS)
  return TILE_BYTES + tableBytes(rows) + leftBytes(rows, slice) + rightBytes(min(n, BLOCK_COLUMNS), slice)
}

/**
 * y[m, n] = clamp(a·b + bias, least, most). Element (i, k) of a lies i·aRow + k·aDepth floats behind `a`, element (k, j)
 * of b lies k·bDepth + j·bColumn behind `b`; the bias is 0 for none.
 */
export function matMul(
  m: i32,
  n: i32,
  depth: i32,
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bDepth: i32,
  bColumn: i32,
  bias: usize,
  least: f32,
  most: f32,
  y: usize,
  scratch: usize,
): void {
  if (m <= FEW_ROWS && aDepth == 1 && bColumn == 1) {
    multiplyFewRows(m, n, depth, a, aRow, b, bDepth, bias, least, most, y)
    return
  }
  const tile = scratch
  const rows = tile + TILE_BYTES
  const left = rows + tableBytes(min(m, BLOCK_ROWS))
  const right = left + leftBytes(min(m, BLOCK_ROWS), min(depth, BLOCK_DEPTH))
  for (let j = 0; j < n; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, n - j)
    const shift = bias == 0 ? 0 : bias + floats(j)
    let k = 0
    // A depth of 0 still writes the bias.
    do {
      const slice = min(BLOCK_DEPTH, depth - k)
      const last = k + slice >= depth
      packRight(b + <usize>k * <usize>bDepth * FLOAT + <usize>j * <usize>bColumn * FLOAT, bColumn, bDepth,
        columns, slice, right)
      for (let i = 0; i < m; i += BLOCK_ROWS) {
        const count = min(BLOCK_ROWS, m - i)
        packLeft(a + <usize>i * <usize>aRow * FLOAT + <usize>k * <usize>aDepth * FLOAT, aRow, aDepth, count,
          slice, left)
        tabulateRows(rows, y + <usize>i * <usize>n * FLOAT, floats(n), count)
        multiplyPanels(count, columns, slice, left, right, rows, floats(j), k == 0 ? shift : 0, k > 0,
          last ? least : -Infinity, last ? most : Infinity, tile)
      }
      k += slice
    } while (k < depth)
  }
}
