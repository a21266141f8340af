// What a layer does to the receptive field, as data. Lists hold one entry for each axis of the image: [length],
// [height, width] or [depth, height, width].
import type { Pair } from './config.ts'
import type { Size } from './tensor.ts'

/** A window's sizes along each axis. */
export interface Sliding {
  readonly size: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Zeros [before, after]; negative cuts off. `null` when they depend on an input size that is not known. */
  readonly pads: readonly Pair[] | null
}

/** Output u sees the inputs u·stride − before + k·dilation for every k below size. */
export interface WindowRule extends Sliding {
  readonly rule: 'window'
}

/**
 * The transpose of a window: input i reaches the outputs i·stride − before + k·dilation. The pads are those of the
 * window, so they cut off. Nearest upsampling by n is one of size n and strides n.
 */
export interface TransposedRule extends Sliding {
  readonly rule: 'transposed'
}

/** Where a resized pixel lies in the image: its middle stays, its corners stay, or its first pixel stays. */
export type ResizeAlign = 'halfPixel' | 'corners' | 'origin'

/** An image drawn at another size. */
export interface ResizeRule {
  readonly rule: 'resize'
  readonly from: readonly Size[]
  readonly to: readonly Size[]
  readonly method: 'nearest' | 'linear'
  readonly align: ResizeAlign
}

/** Output u of n sees the inputs floor(u · from / n) up to, but not, ceil((u + 1) · from / n): adaptive pooling. */
export interface BinsRule {
  readonly rule: 'bins'
  readonly from: readonly Size[]
  readonly to: readonly number[]
}

/** What a layer does to one input, or to all its inputs alike. */
export type OneFieldRule =
  /** Each output position sees the same position of the input. */
  | { readonly rule: 'pointwise' }
  | WindowRule
  | TransposedRule
  | ResizeRule
  | BinsRule
  /** A window whose taps move with the input: the field is nominal, and elastic. */
  | { readonly rule: 'deformable'; readonly window: WindowRule }
  /** Output axis a is input axis `axes[a]`, channels left out. */
  | { readonly rule: 'permute'; readonly axes: readonly number[] }
  /** Each output unit sees one input position, but the grid is gone: flatten, reshape. */
  | { readonly rule: 'reshape' }
  /** Every output unit sees the whole input. */
  | { readonly rule: 'global' }
  /** Not known. The unknown flows on and is listed. */
  | { readonly rule: 'opaque' }

export type FieldRule =
  | OneFieldRule
  /** Another rule for each input, in order. */
  | { readonly rule: 'each'; readonly rules: readonly OneFieldRule[] }

export const pointwise: OneFieldRule = { rule: 'pointwise' }
export const globalField: OneFieldRule = { rule: 'global' }

/** Cuts positions off before and after, as a rule: what follows starts further inside. */
export function cropField(cut: readonly Pair[]): WindowRule {
  const ones = cut.map(() => 1)
  return { rule: 'window', size: ones, strides: ones, dilations: ones, pads: cut.map(([before, after]) => [0 - before, 0 - after]) }
}

/** Nearest upsampling by whole factors, as a rule. */
export function upsampleField(factors: readonly number[]): TransposedRule {
  return { rule: 'transposed', size: factors, strides: factors, dilations: factors.map(() => 1), pads: factors.map(() => [0, 0]) }
}
