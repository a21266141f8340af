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

/** A number of channels times a factor, rounded to a multiple of 8, but not more than a tenth down: MobileNet's rule. */
export function scaledTo8(channels: number, factor: number): number {
  const wanted = channels * factor
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8)
  return rounded < 0.9 * wanted ? rounded + 8 : rounded
}
