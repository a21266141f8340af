import { FLOAT, floats } from './lanes'
import { copyBlocks } from './shape'

/** The same for blocks of one float: each row of the source becomes a column. */
function swapFloats(rows: i32, columns: i32, x: usize, y: usize): void {
  const step = floats(rows)
  for (let row = 0; row < rows; row++) {
    let target = y + floats(row)
    for (let column = 0; column < columns; column++) {
      store<f32>(target, load<f32>(x))
      x += FLOAT
      target += step
    }
  }
}

/** y[outer, columns, rows, block] from x[outer, rows, columns, block]. */
export function swapBlocks(outer: i32, rows: i32, columns: i32, block: i32, x: usize, y: usize): void {
  const row = floats(columns * block)
  for (let o = 0; o < outer; o++) {
    if (block == 1) swapFloats(rows, columns, x, y)
    else {
      for (let r = 0; r < rows; r++) {
        copyBlocks(columns, block, x + <usize>r * row, block, y + floats(r * block), rows * block)
      }
    }
    x += <usize>rows * row
    y += <usize>rows * row
  }
}
