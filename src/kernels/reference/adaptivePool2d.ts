import type { AdaptivePool2dAttrs } from '../adaptivePool2d.ts'
import { firstMaximum } from './pool2d.ts'

type Shape4 = readonly [batch: number, height: number, width: number, channels: number]

/** The pixels of bin `index` of `bins` along an axis of `size`. */
function bin(index: number, size: number, bins: number): number[] {
  const start = Math.floor((index * size) / bins)
  return Array.from({ length: Math.ceil(((index + 1) * size) / bins) - start }, (_, at) => start + at)
}

/** Calls `visit` with the index of every output value and the indices of the pixels in its bin, in row-major order. */
function eachBin(
  [batch, height, width, channels]: Shape4,
  { outputSize: [outHeight, outWidth] }: AdaptivePool2dAttrs,
  visit: (output: number, pixels: readonly number[]) => void,
): void {
  let output = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let c = 0; c < channels; c++) {
          const pixels = bin(i, height, outHeight).flatMap((y) =>
            bin(j, width, outWidth).map((x) => ((b * height + y) * width + x) * channels + c))
          visit(output++, pixels)
        }
      }
    }
  }
}

export function adaptivePool2d(x: Float32Array, shape: Shape4, attrs: AdaptivePool2dAttrs): Float32Array {
  const y = new Float32Array(shape[0] * attrs.outputSize[0] * attrs.outputSize[1] * shape[3])
  eachBin(shape, attrs, (output, pixels) => {
    y[output] = attrs.mode === 'max'
      ? x[firstMaximum(x, pixels)]!
      : pixels.reduce((sum, pixel) => sum + x[pixel]!, 0) / pixels.length
  })
  return y
}

export function adaptivePool2dGradient(
  dy: Float32Array, x: Float32Array, shape: Shape4, attrs: AdaptivePool2dAttrs,
): Float32Array {
  const dx = new Float32Array(x.length)
  eachBin(shape, attrs, (output, pixels) => {
    if (attrs.mode === 'max') dx[firstMaximum(x, pixels)]! += dy[output]!
    else for (const pixel of pixels) dx[pixel]! += dy[output]! / pixels.length
  })
  return dx
}
