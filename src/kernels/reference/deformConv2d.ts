import type { ConvSizes } from '../conv2d.ts'
import type { DeformAttrs, DeformForwardAttrs } from '../deformConv2d.ts'
import { fused } from '../fused.ts'
import { sizeOf } from '../shapes.ts'

type Values = Float32Array | Float64Array

/** The four pixels around a place: where their first channel lies, or −1 outside the image, and their weights. */
type Sample = {
  readonly pixels: readonly [number, number, number, number]
  readonly weights: readonly [number, number, number, number]
  readonly down: number
  readonly right: number
}

/** One tap of one output pixel. */
type Tap = {
  /** Of the output pixel, of the tap in the filter, and of the tap of its offset group in the mask. */
  readonly pixel: number
  readonly tap: number
  readonly entry: number
  /** The channels of the offset group. */
  readonly channels: readonly [begin: number, end: number]
  /** Null outside the image. */
  readonly sample: Sample | null
}

function sampleAt({ input }: ConvSizes, image: number, y: number, x: number): Sample | null {
  const [, height, width, channels] = input
  if (y < -1 || x < -1 || y >= height || x >= width) return null
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const [down, right] = [y - top, x - left]
  const pixelAt = (row: number, column: number): number =>
    row < 0 || row >= height || column < 0 || column >= width ? -1 : ((image * height + row) * width + column) * channels
  return {
    pixels: [pixelAt(top, left), pixelAt(top, left + 1), pixelAt(top + 1, left), pixelAt(top + 1, left + 1)],
    weights: [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right],
    down, right,
  }
}

/** Calls `visit` with every tap of every output pixel. A place is computed in float32, as the kernels do. */
function eachTap(sizes: ConvSizes, offsets: Float32Array, attrs: DeformAttrs, visit: (tap: Tap) => void): void {
  const { strides, pads, dilations, offsetGroups } = attrs
  const [batch, outHeight, outWidth] = sizes.output
  const [filterHeight, filterWidth] = sizes.filter
  const groupChannels = sizes.input[3] / offsetGroups
  let pixel = 0
  let entry = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++, pixel++) {
        for (let group = 0; group < offsetGroups; group++) {
          for (let tap = 0; tap < filterHeight * filterWidth; tap++, entry++) {
            const row = i * strides[0] - pads[0][0] + Math.floor(tap / filterWidth) * dilations[0]
            const column = j * strides[1] - pads[1][0] + (tap % filterWidth) * dilations[1]
            const y = Math.fround(row + offsets[2 * entry]!)
            const x = Math.fround(column + offsets[2 * entry + 1]!)
            const channels = [group * groupChannels, (group + 1) * groupChannels] as const
            visit({ pixel, tap, entry, channels, sample: sampleAt(sizes, b, y, x) })
          }
        }
      }
    }
  }
}

/** Calls `visit` with every weight that channel `channel` of a tap meets, and the output channel it leads to. */
function eachWeight(
  { filter }: ConvSizes, { groups }: DeformAttrs, tap: number, channel: number,
  visit: (weight: number, outChannel: number) => void,
): void {
  const [, , groupChannels, outChannels] = filter
  const group = Math.floor(channel / groupChannels)
  const row = (tap * groupChannels + channel - group * groupChannels) * outChannels
  const groupOut = outChannels / groups
  for (let o = group * groupOut; o < (group + 1) * groupOut; o++) visit(row + o, o)
}

/** The value of pixel `corner` of a sample in a channel. */
const read = (x: Values, { pixels }: Sample, corner: number, channel: number): number =>
  pixels[corner] === -1 ? 0 : x[pixels[corner]! + channel]!

const CORNERS = [0, 1, 2, 3] as const

const valueOf = (x: Values, sample: Sample, channel: number): number =>
  CORNERS.reduce<number>((sum, corner) => sum + sample.weights[corner] * read(x, sample, corner, channel), 0)

export function deformConv2d(
  sizes: ConvSizes,
  x: Float32Array,
  offsets: Float32Array,
  mask: Float32Array | null,
  filter: Float32Array,
  bias: Float32Array | null,
  attrs: DeformForwardAttrs,
): Float32Array {
  const outChannels = sizes.output[3]
  const y = Float64Array.from({ length: sizeOf(sizes.output) }, (_, place) => (bias === null ? 0 : bias[place % outChannels]!))
  eachTap(sizes, offsets, attrs, ({ pixel, tap, entry, channels: [begin, end], sample }) => {
    if (sample === null) return
    for (let channel = begin; channel < end; channel++) {
      const value = valueOf(x, sample, channel) * (mask === null ? 1 : mask[entry]!)
      eachWeight(sizes, attrs, tap, channel, (weight, o) => {
        y[pixel * outChannels + o]! += value * filter[weight]!
      })
    }
  })
  return Float32Array.from(y, (sum) => fused(sum, attrs.activation))
}

/** The gradients of y by everything it is made of but the bias. Without a mask `mask` is null. */
export type DeformGradients = {
  readonly x: Float32Array
  readonly offsets: Float32Array
  readonly mask: Float32Array | null
  readonly filter: Float32Array
}

export function deformConv2dGradients(
  sizes: ConvSizes,
  x: Float32Array,
  offsets: Float32Array,
  mask: Float32Array | null,
  filter: Float32Array,
  dy: Float32Array,
  attrs: DeformAttrs,
): DeformGradients {
  const outChannels = sizes.output[3]
  const dx = new Float64Array(x.length)
  const doffsets = new Float64Array(offsets.length)
  const dmask = new Float64Array(offsets.length / 2)
  const dfilter = new Float64Array(filter.length)
  eachTap(sizes, offsets, attrs, ({ pixel, tap, entry, channels: [begin, end], sample }) => {
    if (sample === null) return
    const factor = mask === null ? 1 : mask[entry]!
    const { pixels, weights, down, right } = sample
    for (let channel = begin; channel < end; channel++) {
      const value = valueOf(x, sample, channel)
      let gradient = 0
      eachWeight(sizes, attrs, tap, channel, (weight, o) => {
        gradient += filter[weight]! * dy[pixel * outChannels + o]!
        dfilter[weight]! += value * factor * dy[pixel * outChannels + o]!
      })
      for (const corner of CORNERS) {
        if (pixels[corner] !== -1) dx[pixels[corner] + channel]! += gradient * factor * weights[corner]
      }
      const at = (corner: 0 | 1 | 2 | 3): number => read(x, sample, corner, channel)
      const downwards = (1 - right) * (at(2) - at(0)) + right * (at(3) - at(1))
      const rightwards = (1 - down) * (at(1) - at(0)) + down * (at(3) - at(2))
      doffsets[2 * entry]! += gradient * factor * downwards
      doffsets[2 * entry + 1]! += gradient * factor * rightwards
      dmask[entry]! += gradient * value
    }
  })
  return {
    x: Float32Array.from(dx),
    offsets: Float32Array.from(doffsets),
    mask: mask === null ? null : Float32Array.from(dmask),
    filter: Float32Array.from(dfilter),
  }
}
