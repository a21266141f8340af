// Blocks, and whole models that are functions of a config.
import type { DefinedGraph } from '../src/graph/defineGraph.ts'
import { kerasMnist } from './kerasMnist.ts'
import { lenet5 } from './lenet5.ts'
import { mnistNet } from './mnistNet.ts'
import { pytorchMnist } from './pytorchMnist.ts'
import { resnet18 } from './resnet18.ts'
import { vgg16 } from './vgg16.ts'

export { convBatchNorm } from './convBatchNorm.ts'
export { inception, type InceptionConfig } from './inception.ts'
export { residual } from './residual.ts'
export { kerasMnist, lenet5, mnistNet, pytorchMnist, resnet18, vgg16 }

/** The whole models, as the command line finds them by name. */
export const graphs = Object.freeze([
  lenet5, kerasMnist, pytorchMnist, mnistNet, vgg16, resnet18,
]) as readonly unknown[] as readonly DefinedGraph[]
