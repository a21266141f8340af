// From a picture of any size to what a model takes.
//
// Pictures of digits are brought to the form of the MNIST images: light ink on black, the ink cut out, its longer side
// scaled to 20 of 28 pixels, its centre of mass in the middle (http://yann.lecun.com/exdb/mnist/).
import { type Picture, toGray } from './picture.ts'
import { resize } from './resize.ts'

/** 'digit' as above; 'resize' scales the whole picture; 'auto' is 'digit' for models of one channel. */
export type Fit = 'auto' | 'digit' | 'resize'
/** Swap light and dark: 'auto' does when the border of a gray picture is light. */
export type Invert = 'auto' | 'yes' | 'no'

export interface FitOptions {
  readonly fit: Fit
  readonly invert: Invert
}

type Size = readonly [height: number, width: number, channels: number]

/** The share of the image that the longer side of the ink takes. */
const INK_SIDE = 20 / 28
/** What is fainter than this share of the strongest ink is paper. */
const FAINT = 0.25

// ── ink ─────────────────────────────────────────────────────────────────────

/** The middle value of the pixels at the border: the paper. */
function paperOf({ data, height, width }: Picture): number {
  const border = data.filter((_value, index) => {
    const [y, x] = [Math.floor(index / width), index % width]
    return y === 0 || x === 0 || y === height - 1 || x === width - 1
  }).sort()
  return border[border.length >> 1] as number
}

/** The ink from 0 to 1 on paper that is 0. */
function inkOf(picture: Picture): Picture {
  const paper = paperOf(picture)
  const strongest = picture.data.reduce((most, value) => Math.max(most, value - paper), 0)
  if (strongest === 0) return { ...picture, data: picture.data.map(() => 0) }
  return { ...picture, data: picture.data.map((value) => Math.max(0, (value - paper) / strongest)) }
}

/** The smallest part of the picture that has all of its ink; `null` when there is none. */
function cutOut({ data, height, width }: Picture): Picture | null {
  let [top, bottom, left, right] = [height, -1, width, -1]
  for (const [index, value] of data.entries()) {
    if (value < FAINT) continue
    const [y, x] = [Math.floor(index / width), index % width]
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
    left = Math.min(left, x)
    right = Math.max(right, x)
  }
  if (bottom < 0) return null
  const [h, w] = [bottom - top + 1, right - left + 1]
  const cut = new Float32Array(h * w)
  for (let y = 0; y < h; y++) cut.set(data.subarray((top + y) * width + left, (top + y) * width + left + w), y * w)
  return { height: h, width: w, channels: 1, data: cut }
}

/** By number of row and column: the images of MNIST have theirs at [14, 14]. */
function centreOfMass({ data, width }: Picture): readonly [y: number, x: number] {
  let [sum, sumY, sumX] = [0, 0, 0]
  for (const [index, value] of data.entries()) {
    sum += value
    sumY += value * Math.floor(index / width)
    sumX += value * (index % width)
  }
  return [sumY / sum, sumX / sum]
}

/** Thin strokes have paled with the scaling. */
function strengthen(picture: Picture): Picture {
  const strongest = picture.data.reduce((most, value) => Math.max(most, value), 0)
  return { ...picture, data: picture.data.map((value) => value / strongest) }
}

/** The ink in the middle of an image of this size, as MNIST has it. */
function centreInk(picture: Picture, height: number, width: number): Picture {
  const image = new Float32Array(height * width)
  const ink = cutOut(inkOf(picture))
  if (ink === null) return { height, width, channels: 1, data: image }
  const scale = INK_SIDE * Math.min(height, width) / Math.max(ink.height, ink.width)
  const size = (side: number): number => Math.max(1, Math.round(side * scale))
  const small = strengthen(resize(ink, { height: size(ink.height), width: size(ink.width) }))
  const [y, x] = centreOfMass(small)
  const place = (middle: number, whole: number, side: number): number =>
    Math.min(Math.max(Math.round(whole / 2 - middle), 0), whole - side)
  const [top, left] = [place(y, height, small.height), place(x, width, small.width)]
  for (let row = 0; row < small.height; row++) {
    image.set(small.data.subarray(row * small.width, (row + 1) * small.width), (top + row) * width + left)
  }
  return { height, width, channels: 1, data: image }
}

// ── all of it ───────────────────────────────────────────────────────────────

/** Gray to as many channels as the model has. */
function spread({ data, height, width }: Picture, channels: number): Picture {
  const wide = new Float32Array(data.length * channels)
  for (const [index, value] of data.entries()) wide.fill(value, index * channels, (index + 1) * channels)
  return { height, width, channels, data: wide }
}

/** What the model sees of a picture: numbers of `height` × `width` × `channels`, and in words what was done. */
export function fitPicture(
  picture: Picture, [height, width, channels]: Size, { fit, invert }: FitOptions,
): { readonly data: Float32Array; readonly done: readonly string[] } {
  const done: string[] = []
  let image = picture
  if (channels !== image.channels) {
    if (image.channels === 3) done.push('gray')
    image = channels === 3 ? spread(toGray(image), 3) : toGray(image)
  }
  if (invert === 'yes' || (invert === 'auto' && channels === 1 && paperOf(image) > 0.5)) {
    image = { ...image, data: image.data.map((value) => 1 - value) }
    done.push('inverted')
  }
  if (image.height === height && image.width === width) return { data: image.data, done }
  const asDigit = channels === 1 && fit !== 'resize'
  image = asDigit ? centreInk(image, height, width) : resize(image, { height, width })
  done.push(`${asDigit ? 'cut out and centred' : 'resized'} from ${picture.height}×${picture.width}`)
  return { data: image.data, done }
}
