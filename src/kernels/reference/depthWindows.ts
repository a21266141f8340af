import type { DepthWindowSizes } from '../depthWindows.ts'

/** Calls `visit` with the index of every value of the windows and of the value of the volume it holds; −1 for zeros. */
function eachValue(sizes: DepthWindowSizes, visit: (window: number, value: number) => void): void {
  const { batch, depth, count, block, taps, stride, dilation, front, outDepth } = sizes
  let window = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outDepth; i++) {
      for (let n = 0; n < count; n++) {
        for (let p = 0; p < taps; p++) {
          const plane = i * stride + p * dilation - front
          const inside = plane >= 0 && plane < depth
          for (let c = 0; c < block; c++) {
            visit(window++, inside ? ((b * depth + plane) * count + n) * block + c : -1)
          }
        }
      }
    }
  }
}

export function depthWindows(x: Float32Array, sizes: DepthWindowSizes): Float32Array {
  const y = new Float32Array(sizes.batch * sizes.outDepth * sizes.count * sizes.taps * sizes.block)
  eachValue(sizes, (window, value) => (y[window] = value < 0 ? 0 : x[value]!))
  return y
}

export function depthWindowsGradient(dy: Float32Array, sizes: DepthWindowSizes): Float32Array {
  const dx = new Float64Array(sizes.batch * sizes.depth * sizes.count * sizes.block)
  eachValue(sizes, (window, value) => {
    if (value >= 0) dx[value]! += dy[window]!
  })
  return Float32Array.from(dx)
}
