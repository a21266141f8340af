import type { Pool2dAttrs } from '../pool2d.ts'

type Shape4 = readonly [batch: number, height: number, width: number, channels: number]

/**
 * Calls `visit` with the index of every output value and the indices of the pixels in its window, in row-
 * major order.
 */
function eachWindow(
  [batch, height, width, channels]: Shape4,
  attrs: Pool2dAttrs,
  visit: (output: number, pixels: readonly number[], row: number, column: number) => void,
): void {
  const [outHeight, outWidth] = attrs.outputSize
  let output = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let c = 0; c < channels; c++) {
          const pixels: number[] = []
          for (let p = 0; p < attrs.poolSize[0]; p++) {
            for (let q = 0; q < attrs.poolSize[1]; q++) {
              const y = i * attrs.strides[0] + p - attrs.pads[0][0]
              const x = j * attrs.strides[1] + q - attrs.pads[1][0]
              const inside = y >= 0 && y < height && x >= 0 && x < width
              if (inside) pixels.push(((b * height + y) * width + x) * channels + c)
            }
          }
          visit(output++, pixels, i, j)
        }
      }
    }
  }
}

const outputLength = ([batch, , , channels]: Shape4, { outputSize }: Pool2dAttrs): number =>
  batch * outputSize[0] * outputSize[1] * channels

/** The index of the first maximum; a NaN counts as larger than anything. −1 for no pixels. */
export function firstMaximum(x: Float32Array, pixels: readonly number[]): number {
  let best = -1
  for (const pixel of pixels) {
    if (Number.isNaN(x[pixel])) return pixel
    if (best < 0 || x[pixel]! > x[best]!) best = pixel
  }
  return best
}

export function maxPool2d(x: Float32Array, shape: Shape4, attrs: Pool2dAttrs): Float32Array {
  const y = new Float32Array(outputLength(shape, attrs))
  eachWindow(shape, attrs, (output, pixels) => {
    const best = firstMaximum(x, pixels)
    y[output] = best < 0 ? -Infinity : x[best]!
  })
  return y
}

export function maxPool2dGradient(
  dy: Float32Array,
  x: Float32Array,
  shape: Shape4,
  attrs: Pool2dAttrs,
): Float32Array {
  const dx = new Float64Array(x.length)
  eachWindow(shape, attrs, (output, pixels) => {
    const best = firstMaximum(x, pixels)
    if (best >= 0) dx[best]! += dy[output]!
  })
  return Float32Array.from(dx)
}

/**
 * How many positions an average divides by: the real pixels, or those of the window inside the padded input.
 */
function divisor(attrs: Pool2dAttrs, shape: Shape4, pixels: number, row: number, column: number): number {
  if (!attrs.includePad) return pixels
  const extent = (axis: 0 | 1, position: number): number => {
    const start = position * attrs.strides[axis] - attrs.pads[axis][0]
    const end = Math.min(start + attrs.poolSize[axis], shape[axis + 1]! + attrs.pads[axis][1])
    return end - start
  }
  return extent(0, row) * extent(1, column)
}

export function avgPool2d(x: Float32Array, shape: Shape4, attrs: Pool2dAttrs): Float32Array {
  const y = new Float32Array(outputLength(shape, attrs))
  eachWindow(shape, attrs, (output, pixels, row, column) => {
    let sum = 0
    for (const pixel of pixels) sum += x[pixel]!
    y[output] = pixels.length === 0 ? 0 : sum / divisor(attrs, shape, pixels.length, row, column)
  })
  return y
}

export function avgPool2dGradient(dy: Float32Array, shape: Shape4, attrs: Pool2dAttrs): Float32Array {
  const [batch, height, width, channels] = shape
  const dx = new Float64Array(batch * height * width * channels)
  eachWindow(shape, attrs, (output, pixels, row, column) => {
    const share = dy[output]! / divisor(attrs, shape, pixels.length, row, column)
    for (const pixel of pixels) dx[pixel]! += share
  })
  return Float32Array.from(dx)
}
