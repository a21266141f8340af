// What a look at a trained classifier's answers found, as data.
import type { UnitActivity } from '../analysis/lint/units.ts'

/** An image of bytes, row by row, 1 channel for gray or 3 for red, green, blue. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
}

/** An answer that was wrong. */
export interface Mistake {
  readonly picture: Picture
  /** Which example, from 0. */
  readonly index: number
  readonly truth: number
  readonly answer: number
  /** Probability of the answer, 0 to 1. */
  readonly confidence: number
}

export interface Review {
  /** How many of each class (row) got each answer (column). */
  readonly confusion: readonly (readonly number[])[]
  /** The most confident first. */
  readonly mistakes: readonly Mistake[]
  /** The kernels of the first convolution over the image, one picture each. */
  readonly filters: readonly Picture[]
  /** What the units behind each relu, sigmoid or tanh do. */
  readonly units: readonly UnitActivity[]
}
