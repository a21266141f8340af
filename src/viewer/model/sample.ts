// A picture to look at through a receptive field: a digit for small gray images, a landscape for all others.

export interface Sample {
  readonly width: number
  readonly height: number
  /** Red, green, blue, 0 to 255, row by row. */
  readonly data: Uint8ClampedArray
}

type Colour = readonly [number, number, number]
/** The colour at a place from 0 to 1, from the top and from the left. */
type Scene = (y: number, x: number) => Colour

const mix = (a: Colour, b: Colour, share: number): Colour => {
  const t = Math.min(Math.max(share, 0), 1)
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/** How far a place is from the arc about a middle, from one angle to another, in turns from the right clockwise. */
function toArc(y: number, x: number, middle: readonly [number, number], radius: number, from: number, to: number): number {
  const [dy, dx] = [y - middle[0], x - middle[1]]
  const turn = ((Math.atan2(dy, dx) / (2 * Math.PI)) % 1 + 1) % 1
  const [start, end] = [((from % 1) + 1) % 1, to - from]
  if (((turn - start) % 1 + 1) % 1 <= end) return Math.abs(Math.hypot(dy, dx) - radius)
  const ends = [from, to].map((at) => Math.hypot(dy - radius * Math.sin(2 * Math.PI * at), dx - radius * Math.cos(2 * Math.PI * at)))
  return Math.min(...ends)
}

/** A three, white on black. */
const digit: Scene = (y, x) => {
  const far = Math.min(toArc(y, x, [0.355, 0.49], 0.155, 0.58, 1.25), toArc(y, x, [0.665, 0.49], 0.175, 0.75, 1.42))
  const light = 255 * Math.min(Math.max((0.075 - far) / 0.045, 0), 1)
  return [light, light, light]
}

const SKY = [[126, 178, 232], [226, 238, 248]] as const
const HILLS = [[141, 174, 128], [104, 148, 92], [70, 112, 66]] as const

function hill(index: number, x: number): number {
  return 0.5 + 0.13 * index + 0.06 * Math.sin((4 + 2.3 * index) * x + 1.7 * index) + 0.02 * Math.sin(17 * x + index)
}

/** A sun, hills, a house with a red roof, and a tree. */
const landscape: Scene = (y, x) => {
  if (x > 0.3 && x < 0.5 && y > 0.6 && y < 0.8) {
    if (x > 0.37 && x < 0.42 && y > 0.68) return [92, 62, 44]
    return x > 0.44 && x < 0.48 && y > 0.65 && y < 0.7 ? [250, 226, 130] : [240, 230, 214]
  }
  if (y > 0.48 && y <= 0.6 && Math.abs(x - 0.4) < (y - 0.48) * 1.1) return [188, 74, 58]
  if (Math.hypot(y - 0.56, (x - 0.72) * 0.9) < 0.1) return mix([44, 96, 46], [88, 146, 70], (0.62 - y) * 6)
  if (Math.abs(x - 0.72) < 0.014 && y > 0.6 && y < 0.82) return [96, 70, 48]
  for (const index of [2, 1, 0] as const) if (y > hill(index, x)) return mix(HILLS[index], [40, 70, 40], (y - hill(index, x)) * 0.8)
  const sun = Math.hypot(y - 0.2, x - 0.78)
  return mix([255, 236, 150], mix(SKY[0], SKY[1], y * 1.8), (sun - 0.075) * 30)
}

/** The picture for images of such sizes and channels. The same sizes give the same picture. */
export function sampleImage(height: number, width: number, channels: number): Sample {
  const scene = channels === 1 && Math.max(height, width) <= 64 ? digit : landscape
  const data = new Uint8ClampedArray(height * width * 3)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [red, green, blue] = scene((row + 0.5) / height, (column + 0.5) / width)
      const gray = channels === 1 ? 0.299 * red + 0.587 * green + 0.114 * blue : null
      data.set(gray === null ? [red, green, blue] : [gray, gray, gray], (row * width + column) * 3)
    }
  }
  return { width, height, data }
}
