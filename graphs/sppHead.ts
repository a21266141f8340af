// sppHead: logits from an image of any size.
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { spatialPyramidPool } from '../layers/spatialPyramidPool.ts'
import { sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'

/** What sppHead takes. */
export interface SppHeadConfig {
  /** Number of logits. */
  classes: number
  /** Bins along each side of the levels, default [4, 2, 1]. */
  bins?: readonly number[]
  /** Units of the dense layers between, default none. */
  units?: readonly number[]
  /** Share of the units that dropout sets to zero in front of each dense layer, default 0. */
  dropout?: number
}

/**
 * Spatial pyramid pooling and dense layers: [h, w, channels] of any height and width → [classes].
 *
 * Paper: He, Zhang, Ren, Sun, "Spatial pyramid pooling in deep convolutional networks for visual recognition", 2014,
 * https://arxiv.org/abs/1406.4729.
 */
export function sppHead({ classes, bins = [4, 2, 1], units = [], dropout: rate = 0 }: SppHeadConfig) {
  const drop: readonly Op[] = rate > 0 ? [dropout({ rate })] : []
  const hidden = units.flatMap((count): readonly Op[] => [...drop, dense({ units: count, activation: 'relu' })])
  const layers: readonly Op[] = [spatialPyramidPool({ bins }), ...hidden, ...drop, dense({ units: classes })]
  return sequence(...layers)
}
