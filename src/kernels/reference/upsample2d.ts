import { type Shape4, sizeOf } from '../shapes.ts'
import type { UpsampleAttrs } from '../upsample2d.ts'

/** An input place and its share of the output. */
type Source = readonly [place: number, share: number]

function sourcesOf(i: number, scale: number, size: number, interpolation: UpsampleAttrs['interpolation']): readonly Source[] {
  if (interpolation === 'nearest') return [[Math.floor(i / scale), 1]]
  const place = Math.max(0, Math.min((i + 0.5) / scale - 0.5, size - 1))
  const first = Math.floor(place)
  return [[first, 1 - (place - first)], [Math.min(first + 1, size - 1), place - first]]
}

/** Calls `visit` with the indices of every output value and of an input value it is made of, and that one's share. */
function eachShare(
  [batch, height, width, channels]: Shape4,
  { size: [scaleHeight, scaleWidth], interpolation }: UpsampleAttrs,
  visit: (output: number, input: number, share: number) => void,
): void {
  const [outHeight, outWidth] = [height * scaleHeight, width * scaleWidth]
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (const [row, down] of sourcesOf(i, scaleHeight, height, interpolation)) {
          for (const [column, across] of sourcesOf(j, scaleWidth, width, interpolation)) {
            for (let c = 0; c < channels; c++) {
              visit(((b * outHeight + i) * outWidth + j) * channels + c, ((b * height + row) * width + column) * channels + c,
                down * across)
            }
          }
        }
      }
    }
  }
}

export function upsample2d(x: Float32Array, shape: Shape4, attrs: UpsampleAttrs): Float32Array {
  const y = new Float64Array(sizeOf(shape) * attrs.size[0] * attrs.size[1])
  eachShare(shape, attrs, (output, input, share) => (y[output]! += share * x[input]!))
  return Float32Array.from(y)
}

export function upsample2dGradient(dy: Float32Array, shape: Shape4, attrs: UpsampleAttrs): Float32Array {
  const dx = new Float64Array(sizeOf(shape))
  eachShare(shape, attrs, (output, input, share) => (dx[input]! += share * dy[output]!))
  return Float32Array.from(dx)
}
