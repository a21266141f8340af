import { clearFloats, copyFloats, floats } from './lanes'

/** Copies `count` blocks of `block` floats, from one every `sourceStep` to one every `targetStep` floats. */
export function copyBlocks(
  count: i32,
  block: i32,
  source: usize,
  sourceStep: i32,
  target: usize,
  targetStep: i32,
): void {
  for (let i = 0; i < count; i++) {
    copyFloats(target, source, block)
    source += floats(sourceStep)
    target += floats(targetStep)
  }
}

/**
 * y[b, top + h + bottom, left + w + right, c]: x with a frame of zeros. `row` = w·c, `left` and `right` count
 * floats.
 */
export function zeroPad2d(
  batch: i32,
  height: i32,
  row: i32,
  x: usize,
  y: usize,
  top: i32,
  bottom: i32,
  left: i32,
  right: i32,
): void {
  const width = left + row + right
  for (let b = 0; b < batch; b++) {
    clearFloats(y, top * width)
    y += floats(top * width)
    for (let i = 0; i < height; i++) {
      clearFloats(y, left)
      copyFloats(y + floats(left), x, row)
      clearFloats(y + floats(left + row), right)
      x += floats(row)
      y += floats(width)
    }
    clearFloats(y, bottom * width)
    y += floats(bottom * width)
  }
}

/** y[b, h, w, c]: what is left of x without its frame. `row` = w·c of y, `left` and `right` count floats. */
export function crop2d(
  batch: i32,
  height: i32,
  row: i32,
  x: usize,
  y: usize,
  top: i32,
  bottom: i32,
  left: i32,
  right: i32,
): void {
  const width = left + row + right
  for (let b = 0; b < batch; b++) {
    copyBlocks(height, row, x + floats(top * width + left), width, y, row)
    x += floats((top + height + bottom) * width)
    y += floats(height * row)
  }
}
