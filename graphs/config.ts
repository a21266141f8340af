// The config keys that whole models share.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'

type Image = [height: number | null, width: number | null, channels: number]

/** [height, width, channels] of the input image; `null` for a height or width that is not known. */
export const imageShape = (standard: Image) =>
  z.tuple([size.nullable(), size.nullable(), size]).default(standard)

/** Number of logits. */
export const classes = (standard: number) => size.default(standard)

/** Share of the units that dropout sets to zero while training. */
export const dropoutRate = (standard: number) => z.number().min(0).lt(1).default(standard)

/** A factor of all channels of a model. */
export const widthFactor = () => z.number().positive().default(1)

/** Channels times a width, rounded to a multiple of `step`, at least one of them. */
export const widened = (width: number, step = 1) => (channels: number): number =>
  step * Math.max(1, Math.round((channels * width) / step))

/** A number of channels times a factor, rounded to a multiple of 8, but not more than a tenth down: MobileNet's rule. */
export function scaledTo8(channels: number, factor: number): number {
  const wanted = channels * factor
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8)
  return rounded < 0.9 * wanted ? rounded + 8 : rounded
}
