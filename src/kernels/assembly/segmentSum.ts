import { FLOAT, VECTOR, clearFloats, floats } from './lanes'

/** Bytes of one whole number. */
const INTEGER: usize = 4

/** target += source for `count` floats. */
function addInto(target: usize, source: usize, count: i32): void {
  while (count >= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)))
    target += VECTOR
    source += VECTOR
    count -= 4
  }
  while (count > 0) {
    store<f32>(target, load<f32>(target) + load<f32>(source))
    target += FLOAT
    source += FLOAT
    count--
  }
}

/**
 * y[s, width] = Σ of the rows x[i, width] with ids[i] = s, s below `segments`. Rows with another id are left out: ids come
 * from the program, and must not lead out of y.
 */
export function segmentSum(rows: i32, width: i32, x: usize, ids: usize, segments: i32, y: usize): void {
  clearFloats(y, segments * width)
  while (rows > 0) {
    const id = load<i32>(ids)
    if (id >= 0 && id < segments) addInto(y + floats(id * width), x, width)
    x += floats(width)
    ids += INTEGER
    rows--
  }
}
