// separableConv2d: a convolution in two steps, over pixels and then over channels.
import type { Conv2d } from '../layers/conv2d.ts'
import { type DepthwiseConv2d, depthwiseConv2d, type DepthwiseConv2dConfig } from '../layers/depthwiseConv2d.ts'
import { sequence } from '../src/graph/compose.ts'
import type { Op, Sequence } from '../src/types/layer.ts'
import type { Padding2d, Size2d } from '../src/types/shape.ts'
import { pointwise } from './pointwise.ts'

/** What separableConv2d takes: the words of Keras' SeparableConv2D. */
export interface SeparableConv2dConfig<
  F extends number, K extends Size2d, S extends Size2d, P extends Padding2d, M extends number, D extends Size2d,
> extends DepthwiseConv2dConfig<K, S, P, M, D> {
  /** Number of output channels. */
  filters: F
}

/**
 * A depthwise separable convolution: depthwiseConv2d without bias, then a 1×1 convolution.
 *
 * Gives the shape of a convolution with the same settings for Kh·Kw·C·M + C·M·filters + filters parameters instead of
 * Kh·Kw·C·filters + filters. Bias and activation come after the second step; `kernelInitializer` is for both.
 * Paper: Chollet, "Xception: deep learning with depthwise separable convolutions", 2017, https://arxiv.org/abs/1610.02357.
 */
export function separableConv2d<
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
  const M extends number = 1, const D extends Size2d = 1,
>(
  { filters, useBias, activation, biasInitializer, ...config }: SeparableConv2dConfig<F, K, S, P, M, D>,
): Sequence<[DepthwiseConv2d<K, S, P, M, D>, Conv2d<F, 1>]> {
  const { kernelInitializer } = config
  // As a list of any layers, since the check of one against the next cannot be done before K, S … are known.
  const layers: readonly Op[] = [
    depthwiseConv2d({ ...config, useBias: false } as DepthwiseConv2dConfig),
    pointwise({
      filters, ...given({ useBias, activation, biasInitializer, kernelInitializer }),
    }),
  ]
  return sequence(...layers) as unknown as Sequence<[DepthwiseConv2d<K, S, P, M, D>, Conv2d<F, 1>]>
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** What was not left out. */
const given = <T extends object>(settings: T): Given<T> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Given<T>
