import { floats } from './lanes'

/** c[m, n] = Σₖ a·b + bias, element (i, k) of a at i·aRow + k·aColumn, element (k, j) of b at k·bRow + j·bColumn. */
export function matMul(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  bias: usize,
  relu: bool,
  c: usize,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f32 = bias != 0 ? load<f32>(bias + floats(j)) : 0
      for (let q = 0; q < k; q++) {
        sum += load<f32>(a + floats(i * aRow + q * aColumn)) * load<f32>(b + floats(q * bRow + j * bColumn))
      }
      store<f32>(c + floats(i * n + j), relu ? max<f32>(sum, 0) : sum)
    }
  }
}
