import type { Conv2dForwardAttrs, ConvAttrs, ConvSizes } from '../conv2d.ts'
import { fused } from '../fused.ts'
import { sizeOf } from '../shapes.ts'

/** Calls `visit` with the three indices of every product x · filter that is part of a y. */
function eachProduct(
  { input, filter, output }: ConvSizes,
  { strides, pads, dilations, groups }: ConvAttrs,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const [batch, height, width, channels] = input
  const [filterHeight, filterWidth, groupChannels, outChannels] = filter
  const [, outHeight, outWidth] = output
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let p = 0; p < filterHeight; p++) {
          for (let q = 0; q < filterWidth; q++) {
            const row = i * strides[0] + p * dilations[0] - pads[0][0]
            const column = j * strides[1] + q * dilations[1] - pads[1][0]
            if (row < 0 || row >= height || column < 0 || column >= width) continue
            const pixel = ((b * height + row) * width + column) * channels
            const position = (p * filterWidth + q) * groupChannels
            const place = ((b * outHeight + i) * outWidth + j) * outChannels
            for (let o = 0; o < outChannels; o++) {
              const first = Math.floor(o / (outChannels / groups)) * groupChannels
              for (let c = 0; c < groupChannels; c++) {
                visit(pixel + first + c, (position + c) * outChannels + o, place + o)
              }
            }
          }
        }
      }
    }
  }
}

export function conv2d(
  sizes: ConvSizes,
  x: Float32Array,
  filter: Float32Array,
  bias: Float32Array | null,
  attrs: Conv2dForwardAttrs,
): Float32Array {
  const y = new Float64Array(sizeOf(sizes.output))
  eachProduct(sizes, attrs, (pixel, weight, place) => {
    y[place]! += x[pixel]! * filter[weight]!
  })
  const outChannels = sizes.output[3]
  const sums = y.map((sum, place) => (bias === null ? sum : sum + bias[place % outChannels]!))
  return Float32Array.from(sums, (sum) => fused(sum, attrs.activation))
}

export function conv2dInputGradient(
  sizes: ConvSizes,
  dy: Float32Array,
  filter: Float32Array,
  attrs: ConvAttrs,
): Float32Array {
  const dx = new Float64Array(sizeOf(sizes.input))
  eachProduct(sizes, attrs, (pixel, weight, place) => {
    dx[pixel]! += dy[place]! * filter[weight]!
  })
  return Float32Array.from(dx)
}

export function conv2dFilterGradient(
  sizes: ConvSizes,
  x: Float32Array,
  dy: Float32Array,
  attrs: ConvAttrs,
): Float32Array {
  const dfilter = new Float64Array(sizeOf(sizes.filter))
  eachProduct(sizes, attrs, (pixel, weight, place) => {
    dfilter[weight]! += dy[place]! * x[pixel]!
  })
  return Float32Array.from(dfilter)
}
