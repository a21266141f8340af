import { FLOAT, clearFloats, copyFloats, floats } from './lanes'
import { ADDRESS } from './product'

/**
 * The record of a convolution: its sizes, and where a window looks. The functions of the convolution pages hand
 * it around instead of twenty numbers; TypeScript fills it with `describeConvolution`.
 *
 * A filter is [filterHeight, filterWidth, channels / groups, outChannels]. Its values are numbered depth by depth,
 * as they lie in memory: (row, column, channel of the group). `depth` is how many there are per group.
 */
@unmanaged
export class Convolution {
  batch: i32
  height: i32
  width: i32
  channels: i32
  filterHeight: i32
  filterWidth: i32
  outChannels: i32
  outHeight: i32
  outWidth: i32
  strideHeight: i32
  strideWidth: i32
  top: i32
  left: i32
  dilationHeight: i32
  dilationWidth: i32
  groups: i32

  /** Channels of a group. */
  groupChannels: i32
  /** Output channels of a group. */
  groupOutChannels: i32
  /** Values under one window, per group. */
  depth: i32
  /** Output pixels of an image. */
  outPixels: i32

  /**
   * The framed image: the input with its padding, cut to what windows reach. Equal to the input when nothing
   * sticks out.
   */
  framed: bool
  frameHeight: i32
  frameWidth: i32

  /** A run is a stretch of window values that lie side by side in the image; a window is `runs` of them. */
  runs: i32
  runLength: i32
}

/** Bytes that TypeScript sets aside for a record. */
export function convolutionBytes(): usize {
  return offsetof<Convolution>()
}

/** Fills the record at `address`. */
export function describeConvolution(
  address: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  filterHeight: i32,
  filterWidth: i32,
  outChannels: i32,
  outHeight: i32,
  outWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  groups: i32,
): void {
  const c = changetype<Convolution>(address)
  c.batch = batch
  c.height = height
  c.width = width
  c.channels = channels
  c.filterHeight = filterHeight
  c.filterWidth = filterWidth
  c.outChannels = outChannels
  c.outHeight = outHeight
  c.outWidth = outWidth
  c.strideHeight = strideHeight
  c.strideWidth = strideWidth
  c.top = top
  c.left = left
  c.dilationHeight = dilationHeight
  c.dilationWidth = dilationWidth
  c.groups = groups
  c.groupChannels = channels / groups
  c.groupOutChannels = outChannels / groups
  c.depth = filterHeight * filterWidth * c.groupChannels
  c.outPixels = outHeight * outWidth
  describeFrame(c)
  describeRuns(c)
}

function describeFrame(c: Convolution): void {
  const reachedHeight = (c.outHeight - 1) * c.strideHeight + (c.filterHeight - 1) * c.dilationHeight + 1
  const reachedWidth = (c.outWidth - 1) * c.strideWidth + (c.filterWidth - 1) * c.dilationWidth + 1
  c.framed = c.outPixels > 0 && (c.top != 0 || c.left != 0 || reachedHeight > c.height || reachedWidth > c.width)
  c.frameHeight = c.framed ? reachedHeight : c.height
  c.frameWidth = c.framed ? reachedWidth : c.width
}

/** A row of a window is one run, unless columns are skipped or other groups' channels lie between. */
function describeRuns(c: Convolution): void {
  const wholeRows = c.groups == 1 && (c.dilationWidth == 1 || c.filterWidth == 1)
  c.runs = wholeRows ? c.filterHeight : c.filterHeight * c.filterWidth
  c.runLength = wholeRows ? c.filterWidth * c.channels : c.groupChannels
}

/** Bytes between the start of a window and its run `run`. */
export function runOffset(c: Convolution, run: i32): usize {
  const perRow = c.runs / c.filterHeight
  const row = run / perRow
  const column = run - row * perRow
  return floats((row * c.dilationHeight * c.frameWidth + column * c.dilationWidth) * c.channels)
}

/** Bytes between the start of a window and its value `k`. */
export function valueOffset(c: Convolution, k: i32): usize {
  const run = k / c.runLength
  return runOffset(c, run) + floats(k - run * c.runLength)
}

// Images are framed some at a time: enough that blocks of pixels fill up, not more, as frames take memory.
const PIXELS_AT_A_TIME = 1024

/** How many images are framed at a time. */
export function imagesAtATime(c: Convolution): i32 {
  if (!c.framed) return c.batch
  return min(c.batch, max(1, PIXELS_AT_A_TIME / max(1, c.outPixels)))
}

/** Floats of a framed image. */
export function frameSize(c: Convolution): i32 {
  return c.frameHeight * c.frameWidth * c.channels
}

/** Bytes of scratch for the frames. */
export function frameBytes(c: Convolution): usize {
  return c.framed ? <usize>imagesAtATime(c) * <usize>frameSize(c) * FLOAT : 0
}

/** Copies one image into the middle of its frame, zeros around it. */
function frameImage(c: Convolution, x: usize, frame: usize): void {
  const line = c.frameWidth * c.channels
  const leftSide = c.left * c.channels
  const middle = max(0, min(c.width, c.frameWidth - c.left)) * c.channels
  const rows = max(0, min(c.height, c.frameHeight - c.top))
  clearFloats(frame, min(c.top, c.frameHeight) * line)
  frame += floats(min(c.top, c.frameHeight) * line)
  for (let row = 0; row < rows; row++) {
    clearFloats(frame, min(leftSide, line))
    copyFloats(frame + floats(leftSide), x, middle)
    clearFloats(frame + floats(leftSide + middle), max(0, line - leftSide - middle))
    x += floats(c.width * c.channels)
    frame += floats(line)
  }
  clearFloats(frame, max(0, c.frameHeight - c.top - rows) * line)
}

/** The framed images from `first` on: copies in `frames`, or the images themselves when they need no frame. */
export function framedImages(c: Convolution, x: usize, first: i32, count: i32, frames: usize): usize {
  const images = x + <usize>first * floats(c.height * c.width * c.channels)
  if (!c.framed) return images
  for (let i = 0; i < count; i++) {
    const offset = <usize>i * floats(c.height * c.width * c.channels)
    frameImage(c, images + offset, frames + <usize>i * floats(frameSize(c)))
  }
  return frames
}

/** Writes where the windows of `count` output pixels start, from pixel `first` of the framed images on. */
export function tabulateWindows(c: Convolution, frames: usize, first: i32, count: i32, windows: usize): void {
  const image = first / c.outPixels
  let row = (first - image * c.outPixels) / c.outWidth
  let column = first - image * c.outPixels - row * c.outWidth
  const nextColumn = floats(c.strideWidth * c.channels)
  const nextRow = floats(c.strideHeight * c.frameWidth * c.channels)
  let frame = frames + <usize>image * floats(frameSize(c))
  let line = frame + <usize>row * nextRow
  for (let i = 0; i < count; i++) {
    store<u32>(windows + <usize>i * ADDRESS, <u32>(line + <usize>column * nextColumn))
    if (++column < c.outWidth) continue
    column = 0
    line += nextRow
    if (++row < c.outHeight) continue
    row = 0
    frame += floats(frameSize(c))
    line = frame
  }
}
