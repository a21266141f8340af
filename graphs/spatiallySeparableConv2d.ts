// spatiallySeparableConv2d: a convolution in two steps, down the columns and then along the rows.
import { type Conv2d, conv2d, type Conv2dConfig } from '../layers/conv2d.ts'
import { sequence } from '../src/graph/compose.ts'
import type { Op, Sequence } from '../src/types/layer.ts'

/** What spatiallySeparableConv2d takes. */
export interface SpatiallySeparableConv2dConfig<
  F extends number, K extends number, S extends number, P extends 'valid' | 'same',
> extends Omit<Conv2dConfig<F, K, S, P>, 'kernelSize' | 'strides' | 'padding' | 'dilationRate' | 'groups'> {
  /** Height of the first kernel and width of the second. */
  kernelSize: K
  /** Vertical step of the first, horizontal step of the second, default 1. */
  strides?: S
  /** 'valid' (default) or 'same'. */
  padding?: P
}

type Pair<F extends number, K extends number, S extends number, P extends 'valid' | 'same'> =
  Sequence<[Conv2d<F, readonly [K, 1], readonly [S, 1], P>, Conv2d<F, readonly [1, K], readonly [1, S], P>]>

/**
 * A spatially separable convolution: K×1, then 1×K, each with `filters` filters.
 *
 * Gives the shape of a K×K convolution, and sees as much, for 2·K instead of K² weights per pair of channels. Only
 * kernels that are a column times a row can be had so, which the second step's filters make up for.
 * Paper: Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016,
 * https://arxiv.org/abs/1512.00567.
 */
export function spatiallySeparableConv2d<
  const F extends number, const K extends number, const S extends number = 1, const P extends 'valid' | 'same' = 'valid',
>({ kernelSize, strides, ...config }: SpatiallySeparableConv2dConfig<F, K, S, P>): Pair<F, K, S, P> {
  const step: number = strides ?? 1
  const layers: readonly Op[] = [
    conv2d({ ...config, kernelSize: [kernelSize, 1], strides: [step, 1] } as Conv2dConfig),
    conv2d({ ...config, kernelSize: [1, kernelSize], strides: [1, step] } as Conv2dConfig),
  ]
  return sequence(...layers) as unknown as Pair<F, K, S, P>
}
