type Shape4 = readonly [batch: number, height: number, width: number, channels: number]
type Pads = readonly [readonly [number, number], readonly [number, number]]

/**
 * Calls `visit` with the index of each pixel of the small image and of the same pixel inside the frame of the
 * large one.
 */
function eachFramed(
  [batch, height, width, channels]: Shape4,
  [[top, bottom], [left, right]]: Pads,
  visit: (small: number, large: number) => void,
): void {
  const largeHeight = top + height + bottom
  const largeWidth = left + width + right
  let small = 0
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          visit(small++, ((b * largeHeight + y + top) * largeWidth + x + left) * channels + c)
        }
      }
    }
  }
}

/** `shape` is that of x. */
export function zeroPad2d(x: Float32Array, shape: Shape4, pads: Pads): Float32Array {
  const [batch, height, width, channels] = shape
  const [[top, bottom], [left, right]] = pads
  const y = new Float32Array(batch * (top + height + bottom) * (left + width + right) * channels)
  eachFramed(shape, pads, (small, large) => (y[large] = x[small]!))
  return y
}

/** `shape` is that of the result. */
export function crop2d(x: Float32Array, shape: Shape4, pads: Pads): Float32Array {
  const y = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3])
  eachFramed(shape, pads, (small, large) => (y[small] = x[large]!))
  return y
}

/** Joins arrays [outer, blockᵢ] to [outer, Σ block]. */
export function concat(xs: readonly Float32Array[], blocks: readonly number[], outer: number): Float32Array {
  const values: number[] = []
  for (let o = 0; o < outer; o++) {
    xs.forEach((x, i) => values.push(...x.subarray(o * blocks[i]!, (o + 1) * blocks[i]!)))
  }
  return Float32Array.from(values)
}

/** Parts [outer, Σ block] into arrays [outer, blockᵢ]. */
export function split(x: Float32Array, blocks: readonly number[], outer: number): Float32Array[] {
  const parts: number[][] = blocks.map(() => [])
  let start = 0
  for (let o = 0; o < outer; o++) {
    blocks.forEach((block, i) => {
      parts[i]!.push(...x.subarray(start, start + block))
      start += block
    })
  }
  return parts.map((part) => Float32Array.from(part))
}
