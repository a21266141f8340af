// What a layer does to the receptive field, as data. Two axes: [height, width].
import type { Pair, Sides } from './config.ts'

/** A window that slides over the image. `pads` is `null` when it depends on an input size that is not known. */
export interface WindowRule {
  readonly rule: 'window'
  readonly size: Pair
  readonly strides: Pair
  readonly dilations: Pair
  readonly pads: Sides | null
}

export type FieldRule =
  /** Each output pixel sees the same pixel of every input. */
  | { readonly rule: 'pointwise' }
  | WindowRule
  /** Each output unit sees one input pixel, but the grid is gone: flatten, reshape. */
  | { readonly rule: 'reshape' }
  /** Every output unit sees the whole input. */
  | { readonly rule: 'global' }
  /** Not known. The unknown flows on and is listed. */
  | { readonly rule: 'opaque' }

export const pointwise: FieldRule = { rule: 'pointwise' }
export const globalField: FieldRule = { rule: 'global' }
