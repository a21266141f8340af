import type { KernelDefinition } from './define.ts'
import { activationKernels } from './activation.ts'
import { adaptivePool2dKernels } from './adaptivePool2d.ts'
import { batchNormKernels } from './batchNorm.ts'
import { biasKernels } from './bias.ts'
import { conv2dKernels } from './conv2d.ts'
import { conv2dMaxPool2dKernels } from './conv2dMaxPool2d.ts'
import { deformConv2dKernels } from './deformConv2d.ts'
import { depthWindowsKernels } from './depthWindows.ts'
import { depthwiseConv2dKernels } from './depthwiseConv2d.ts'
import { dropoutKernels } from './dropout.ts'
import { groupNormKernels } from './groupNorm.ts'
import { localResponseNormKernels } from './localResponseNorm.ts'
import { lossKernels } from './loss.ts'
import { matMulKernels } from './matMul.ts'
import { optimizerKernels } from './optimizer.ts'
import { pool2dKernels } from './pool2d.ts'
import { repeatKernels } from './repeat.ts'
import { shapeKernels } from './shape.ts'
import { slopeKernels } from './slope.ts'
import { softmaxKernels } from './softmax.ts'
import { sumKernels } from './sum.ts'
import { swapKernels } from './swap.ts'
import { upsample2dKernels } from './upsample2d.ts'

/** Every kernel of ours: one line per page, alphabetically. */
export const kernels: readonly KernelDefinition[] = [
  ...activationKernels,
  ...adaptivePool2dKernels,
  ...batchNormKernels,
  ...biasKernels,
  ...conv2dKernels,
  ...conv2dMaxPool2dKernels,
  ...deformConv2dKernels,
  ...depthWindowsKernels,
  ...depthwiseConv2dKernels,
  ...dropoutKernels,
  ...groupNormKernels,
  ...localResponseNormKernels,
  ...lossKernels,
  ...matMulKernels,
  ...optimizerKernels,
  ...pool2dKernels,
  ...repeatKernels,
  ...shapeKernels,
  ...slopeKernels,
  ...softmaxKernels,
  ...sumKernels,
  ...swapKernels,
  ...upsample2dKernels,
]
