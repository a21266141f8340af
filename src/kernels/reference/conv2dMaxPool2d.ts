import { boundsOf, fused, type FusedActivation } from '../fused.ts'
import { sizeOf } from '../shapes.ts'

type Pooled = { readonly y: Float32Array; readonly which: Float32Array }
type Sizes = readonly [batch: number, height: number, width: number, channels: number]

/** Calls `visit` with the index of every pooled value and those of its four pixels. */
function eachWindow(
  [batch, height, width, channels]: Sizes,
  visit: (pooled: number, pixels: readonly [number, number, number, number]) => void,
): void {
  let pooled = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < Math.floor(height / 2); i++) {
      for (let j = 0; j < Math.floor(width / 2); j++) {
        for (let c = 0; c < channels; c++) {
          const first = ((b * height + 2 * i) * width + 2 * j) * channels + c
          const below = first + width * channels
          visit(pooled++, [first, first + channels, below, below + channels])
        }
      }
    }
  }
}

/** The maximum of each window of x, after the activation, and the number of its pixel, −1 where the activation cuts it. */
export function maxPool2x2(x: Float32Array, sizes: Sizes, activation: FusedActivation): Pooled {
  const count = sizes[0] * Math.floor(sizes[1] / 2) * Math.floor(sizes[2] / 2) * sizes[3]
  const [least, greatest] = boundsOf(activation)
  const [y, which] = [new Float32Array(count), new Float32Array(count)]
  eachWindow(sizes, (pooled, pixels) => {
    let winner = 0
    for (const [number, pixel] of pixels.entries()) if (x[pixel]! > x[pixels[winner]!]!) winner = number
    const most = x[pixels[winner]!]!
    y[pooled] = fused(most, activation)
    which[pooled] = most <= least || most >= greatest ? -1 : winner
  })
  return { y, which }
}

/** The gradient of the images before pooling, whose sizes are `sizes`. */
export function unpool2x2(dy: Float32Array, which: Float32Array, sizes: Sizes): Float32Array {
  const dx = new Float32Array(sizeOf(sizes))
  eachWindow(sizes, (pooled, pixels) => {
    const pixel = pixels[which[pooled]!]
    if (pixel !== undefined) dx[pixel] = dy[pooled]!
  })
  return dx
}

/** Σ dy over the rows where which ≥ 0, per channel. */
export function pooledChannelSum(dy: Float32Array, which: Float32Array, channels: number): Float32Array {
  const sum = new Float64Array(channels)
  dy.forEach((value, i) => {
    if (which[i]! >= 0) sum[i % channels]! += value
  })
  return Float32Array.from(sum)
}
