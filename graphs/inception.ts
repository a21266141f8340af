// inception: four branches with windows of different sizes, side by side.
import { concat } from '../layers/concat.ts'
import { conv2d } from '../layers/conv2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { named, parallel, sequence } from '../src/graph/compose.ts'

/** Numbers of filters; [reduced, filters] where a 1×1 convolution comes before the larger one. */
export interface InceptionConfig<A extends number, B extends number, C extends number, D extends number> {
  readonly conv1: A
  readonly conv3: readonly [reduced: number, filters: B]
  readonly conv5: readonly [reduced: number, filters: C]
  /** Filters of the 1×1 convolution after the 3×3 pool. */
  readonly pool: D
}

const conv = <const F extends number, const K extends number>(filters: F, kernelSize: K) =>
  conv2d({ filters, kernelSize, padding: 'same', activation: 'relu' })

/**
 * The Inception block: 1×1, 3×3 and 5×5 convolutions and a pool over the same image, concatenated.
 *
 * Takes [h, w, channels], gives [h, w, conv1 + conv3[1] + conv5[1] + pool]. The 1×1 convolutions in front of the
 * larger windows make those affordable.
 * Paper: Szegedy et al., "Going deeper with convolutions", 2015, https://arxiv.org/abs/1409.4842.
 */
export const inception = <
  const A extends number, const B extends number, const C extends number, const D extends number,
>({ conv1, conv3, conv5, pool }: InceptionConfig<A, B, C, D>) => parallel([
  named('branch1x1', conv(conv1, 1)),
  named('branch3x3', sequence(conv(conv3[0], 1), conv(conv3[1], 3))),
  named('branch5x5', sequence(conv(conv5[0], 1), conv(conv5[1], 5))),
  named('branchPool', sequence(maxPool2d({ poolSize: 3, strides: 1, padding: 'same' }), conv(pool, 1))),
], concat())
