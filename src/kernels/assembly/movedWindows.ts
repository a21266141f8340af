import { FLOAT, clearFloats, floats } from './lanes'
import { Convolution } from './convolution'
import {
  Sample,
  gradientByColumn,
  gradientByFactor,
  gradientByRow,
  locate,
  readSample,
  readSampleWithDots,
  sampleBytes,
  spreadGradient,
} from './sampling'

/**
 * Windows whose taps are moved, read into columns; and the way back.
 *
 * A column is what one output pixel reads: for each group of the filter a stretch of `c.depth` floats, (tap, channel
 * of the group), as the rows of the filter lie.
 *
 * Offsets lie as [pixel, offset group, tap, (down, right)], the mask as [pixel, offset group, tap]; a mask of 0 is
 * none. The channels are cut into offset groups and into groups of the filter, independently: a stretch of channels
 * that share both is read at once.
 */

/** Floats of a column. */
export function columnSize(c: Convolution): i32 {
  return c.groups * c.depth
}

/** Where the tensors of a call lie. The gradients are used in the backward pass only; 0 is none. */
@unmanaged
export class Tensors {
  offsetGroups: i32
  x: usize
  offsets: usize
  mask: usize
  dx: usize
  doffsets: usize
  dmask: usize
  /** A row of zeros for all channels: the pixels outside the image. */
  zeros: usize
  /** What is being read. */
  sample: Sample
}

/** Bytes of the tensors' addresses, a sample and the zeros. */
export function workBytes(c: Convolution): usize {
  return offsetof<Tensors>() + sampleBytes() + floats(c.channels)
}

/** Lays out `work`. */
export function prepareWork(c: Convolution, work: usize): Tensors {
  const t = changetype<Tensors>(work)
  t.sample = changetype<Sample>(work + offsetof<Tensors>())
  t.zeros = work + offsetof<Tensors>() + sampleBytes()
  clearFloats(t.zeros, c.channels)
  return t
}

/** What a tap outside the image reads: zero, unless its offset is no number, which must not stay hidden. */
function outsideValue(offset: usize): f32 {
  return isNaN(load<f32>(offset)) || isNaN(load<f32>(offset, 4)) ? NaN : 0
}

function fillFloats(target: usize, count: i32, value: f32): void {
  for (let i = 0; i < count; i++) store<f32>(target + floats(i), value)
}

/**
 * One tap of one pixel for the channels from `begin` to `end`, at the sample's place: reads it into the column,
 * and, when there is a `dcolumn`, spreads that over the pixels it was read from.
 */
function readTap(
  c: Convolution,
  t: Tensors,
  tap: i32,
  begin: i32,
  end: i32,
  factor: f32,
  column: usize,
  dcolumn: usize,
): void {
  let group = c.groups == 1 ? 0 : begin / c.groupChannels
  let channel = begin
  while (channel < end) {
    const first = group * c.groupChannels
    const next = min(end, first + c.groupChannels)
    const at = floats(group * c.depth + tap * c.groupChannels + (channel - first))
    const shift = floats(channel)
    if (dcolumn == 0) readSample(t.sample, shift, next - channel, factor, column + at)
    else {
      readSampleWithDots(t.sample, shift, next - channel, factor, dcolumn + at, column + at)
      spreadGradient(t.sample, shift, next - channel, factor, dcolumn + at, t.zeros, t.dx - t.x)
    }
    channel = next
    group++
  }
}

/** The same for a tap outside the image: nothing is read there, and nothing is spread. */
function fillTap(c: Convolution, tap: i32, begin: i32, end: i32, value: f32, column: usize): void {
  let channel = begin
  while (channel < end) {
    const group = channel / c.groupChannels
    const next = min(end, (group + 1) * c.groupChannels)
    const at = group * c.depth + tap * c.groupChannels + (channel - group * c.groupChannels)
    fillFloats(column + floats(at), next - channel, value)
    channel = next
  }
}

/** Writes the gradients by an offset pair and its mask: from the sample inside the image, else `outside`. */
function writeGradients(t: Tensors, entry: usize, isInside: bool, factor: f32, outside: f32): void {
  const doffset = t.doffsets + 2 * entry
  store<f32>(doffset, isInside ? factor * gradientByRow(t.sample) : outside)
  store<f32>(doffset, isInside ? factor * gradientByColumn(t.sample) : outside, 4)
  if (t.dmask != 0) store<f32>(t.dmask + entry, isInside ? gradientByFactor(t.sample) : outside)
}

/** Reads the column of output pixel `index`; with a `dcolumn` also takes the gradients back through the reading. */
export function readColumn(c: Convolution, t: Tensors, index: i32, column: usize, dcolumn: usize): void {
  const image = index / c.outPixels
  const pixel = index - image * c.outPixels
  const outRow = pixel / c.outWidth
  const top = outRow * c.strideHeight - c.top
  const left = (pixel - outRow * c.outWidth) * c.strideWidth - c.left
  const source = t.x + <usize>image * floats(c.height * c.width * c.channels)
  const channels = c.channels / t.offsetGroups
  // Bytes of one float for each tap before this one: twice that for the offsets.
  let entry = <usize>index * floats(t.offsetGroups * c.filterHeight * c.filterWidth)
  for (let begin = 0; begin < c.channels; begin += channels) {
    let tap = 0
    for (let row = 0; row < c.filterHeight; row++) {
      for (let right = 0; right < c.filterWidth; right++) {
        const offset = t.offsets + 2 * entry
        const y = <f32>(top + row * c.dilationHeight) + load<f32>(offset)
        const x = <f32>(left + right * c.dilationWidth) + load<f32>(offset, 4)
        const factor: f32 = t.mask == 0 ? 1 : load<f32>(t.mask + entry)
        const isInside = locate(t.sample, c, source, t.zeros, y, x)
        const outside: f32 = isInside ? 0 : outsideValue(offset)
        if (isInside) readTap(c, t, tap, begin, begin + channels, factor, column, dcolumn)
        else fillTap(c, tap, begin, begin + channels, outside, column)
        if (dcolumn != 0) writeGradients(t, entry, isInside, factor, outside)
        entry += FLOAT
        tap++
      }
    }
  }
}
