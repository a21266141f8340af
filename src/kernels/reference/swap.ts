import type { SwapSizes } from '../swap.ts'

export function swapBlocks(x: Float32Array, { outer, rows, columns, block }: SwapSizes): Float32Array {
  const y = new Float32Array(x.length)
  for (let o = 0; o < outer; o++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        for (let i = 0; i < block; i++) {
          y[((o * columns + c) * rows + r) * block + i] = x[((o * rows + r) * columns + c) * block + i]!
        }
      }
    }
  }
  return y
}
