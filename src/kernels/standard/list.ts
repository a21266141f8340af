import { batchNormStandards } from './batchNorm.ts'
import { convolutionStandards } from './convolution.ts'
import type { StandardKernel } from './define.ts'
import { depthwiseStandards } from './depthwise.ts'
import { gatherStandards } from './gather.ts'
import { matMulStandards } from './matMul.ts'
import { poolStandards } from './pool.ts'
import { preluStandards } from './prelu.ts'
import { reduceStandards } from './reduce.ts'
import { segmentSumStandards } from './segmentSum.ts'
import { shareStandards } from './share.ts'

/** Every standard kernel: one line per page, alphabetically. */
export const standards: readonly StandardKernel[] = [
  ...batchNormStandards,
  ...convolutionStandards,
  ...depthwiseStandards,
  ...gatherStandards,
  ...matMulStandards,
  ...poolStandards,
  ...preluStandards,
  ...reduceStandards,
  ...segmentSumStandards,
  ...shareStandards,
]
