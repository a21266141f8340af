import { VECTOR, FLOAT, clearFloats, floats } from './lanes'
import { copyBlocks } from './shape'

/**
 * A volume is depth planes of `count` blocks of `block` floats; a block is a pixel's channels of one group. Windows
 * along the depth hold `taps` blocks side by side where the plane holds one.
 */

function clearBlocks(count: i32, block: i32, target: usize, step: i32): void {
  for (let i = 0; i < count; i++) {
    clearFloats(target, block)
    target += floats(step)
  }
}

/** Adds `count` blocks of `block` floats, one every `sourceStep` floats, to blocks side by side. */
function addBlocks(count: i32, block: i32, source: usize, sourceStep: i32, target: usize): void {
  for (let i = 0; i < count; i++) {
    let from = source
    let left = block
    while (left >= 4) {
      v128.store(target, f32x4.add(v128.load(target), v128.load(from)))
      target += VECTOR
      from += VECTOR
      left -= 4
    }
    while (left > 0) {
      store<f32>(target, load<f32>(target) + load<f32>(from))
      target += FLOAT
      from += FLOAT
      left--
    }
    source += floats(sourceStep)
  }
}

/** y[batch, outDepth, count, taps, block]: tap p of window i holds plane i·stride + p·dilation − front, or zeros. */
export function depthWindows(
  batch: i32,
  depth: i32,
  count: i32,
  block: i32,
  x: usize,
  taps: i32,
  stride: i32,
  dilation: i32,
  front: i32,
  outDepth: i32,
  y: usize,
): void {
  const plane = floats(count * block)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outDepth; i++) {
      for (let p = 0; p < taps; p++) {
        const from = i * stride + p * dilation - front
        const target = y + floats(p * block)
        if (from < 0 || from >= depth) clearBlocks(count, block, target, taps * block)
        else copyBlocks(count, block, x + <usize>from * plane, block, target, taps * block)
      }
      y += <usize>taps * plane
    }
    x += <usize>depth * plane
  }
}

/** dx[batch, depth, count, block] = the sum of dy over the places where depthWindows put each plane. */
export function depthWindowsGradient(
  batch: i32,
  depth: i32,
  count: i32,
  block: i32,
  dx: usize,
  taps: i32,
  stride: i32,
  dilation: i32,
  front: i32,
  outDepth: i32,
  dy: usize,
): void {
  const plane = floats(count * block)
  clearFloats(dx, batch * depth * count * block)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outDepth; i++) {
      for (let p = 0; p < taps; p++) {
        const to = i * stride + p * dilation - front
        if (to < 0 || to >= depth) continue
        addBlocks(count, block, dy + floats(p * block), taps * block, dx + <usize>to * plane)
      }
      dy += <usize>taps * plane
    }
    dx += <usize>depth * plane
  }
}
