// hybridDilated: convolutions whose dilation rates leave no pixel out.
import { type Conv2d, conv2d, type Conv2dConfig } from '../layers/conv2d.ts'
import { named, sequence } from '../src/graph/compose.ts'
import type { Op, Wrapped } from '../src/types/layer.ts'

/** What hybridDilated takes. */
export interface HybridDilatedConfig<F extends number> extends Omit<
  Conv2dConfig<F, 3, 1, 'same', number>, 'kernelSize' | 'strides' | 'padding' | 'dilationRate' | 'groups'
> {
  /** Dilation rates in order, default 1, 2 and 5: rising in a sawtooth, without a common divisor. */
  rates?: readonly number[]
}

/**
 * 3×3 convolutions one after another, dilated by different rates: a large field without gridding.
 *
 * [h, w, channels] → [h, w, filters]. Rates of 1, 2, 5 see 17×17 pixels and miss none; 2, 2, 2 see 13×13 and miss 71 % of
 * them. The analysis reports what is missed.
 * Paper: Wang, Chen, Yuan, Liu, Huang, Hou, Cottrell, "Understanding convolution for semantic segmentation", 2018,
 * https://arxiv.org/abs/1702.08502.
 */
export function hybridDilated<const F extends number>(
  { rates = [1, 2, 5], ...config }: HybridDilatedConfig<F>,
): Wrapped<'named', Conv2d<F, 1>> {
  const layers: readonly Op[] = rates.map((dilationRate) =>
    conv2d({ ...config, kernelSize: 3, padding: 'same', dilationRate } as Conv2dConfig))
  return named('hybridDilated', sequence(...layers)) as unknown as Wrapped<'named', Conv2d<F, 1>>
}
