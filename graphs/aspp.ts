// aspp: the same image through convolutions of several dilation rates.
import { concat } from '../layers/concat.ts'
import type { Conv2d } from '../layers/conv2d.ts'
import { relu } from '../layers/relu.ts'
import { named, parallel, sequence } from '../src/graph/compose.ts'
import type { Op, Wrapped } from '../src/types/layer.ts'
import { convBatchNorm } from './convBatchNorm.ts'

/** What aspp takes. */
export interface AsppConfig<F extends number> {
  /** Filters of every branch, and of the 1×1 convolution that joins them. */
  filters: F
  /** Dilation rates of the 3×3 branches, default 6, 12 and 18. */
  rates?: readonly number[]
}

const conv = (filters: number, kernelSize: number, dilationRate = 1): Op =>
  sequence(convBatchNorm({ filters, kernelSize, dilationRate, padding: 'same' }), relu())

/**
 * Atrous spatial pyramid pooling: a 1×1 convolution and a 3×3 convolution for each rate over the same image, side by
 * side, joined by a 1×1 convolution; batch norm and relu after each.
 *
 * [h, w, channels] → [h, w, filters]. Every branch looks further around, at the cost of nine weights each.
 * Paper: Chen, Papandreou, Schroff, Adam, "Rethinking atrous convolution for semantic image segmentation", 2017,
 * https://arxiv.org/abs/1706.05587 (without its branch of image features).
 */
export function aspp<const F extends number>({ filters, rates = [6, 12, 18] }: AsppConfig<F>): Wrapped<'named', Conv2d<F, 1>> {
  const branches: readonly Op[] = [
    named('point', conv(filters, 1)),
    ...rates.map((rate) => named(`rate${rate}`, conv(filters, 3, rate))),
  ]
  const block: readonly Op[] = [parallel(branches as [Op], concat()), named('project', conv(filters, 1))]
  return named('aspp', sequence(...block)) as unknown as Wrapped<'named', Conv2d<F, 1>>
}
