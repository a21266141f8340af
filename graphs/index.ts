// Blocks, and whole models that are functions of a config.
import type { DefinedGraph } from '../src/graph/defineGraph.ts'
import { alexnet } from './alexnet.ts'
import { convMini } from './convMini.ts'
import { deformableMini } from './deformableMini.ts'
import { densenet121 } from './densenet121.ts'
import { dilatedMini } from './dilatedMini.ts'
import { efficientnetB0 } from './efficientnetB0.ts'
import { fcn } from './fcn.ts'
import { googlenet } from './googlenet.ts'
import { inceptionMini } from './inceptionMini.ts'
import { inceptionV3 } from './inceptionV3.ts'
import { kerasMnist } from './kerasMnist.ts'
import { lenet5 } from './lenet5.ts'
import { mnistNet } from './mnistNet.ts'
import { mobilenetV1 } from './mobilenetV1.ts'
import { mobilenetV2 } from './mobilenetV2.ts'
import { pytorchMnist } from './pytorchMnist.ts'
import { resnet101 } from './resnet101.ts'
import { resnet152 } from './resnet152.ts'
import { resnet18 } from './resnet18.ts'
import { resnet34 } from './resnet34.ts'
import { resnet50 } from './resnet50.ts'
import { separableMini } from './separableMini.ts'
import { shuffleMini } from './shuffleMini.ts'
import { shufflenetV1 } from './shufflenetV1.ts'
import { shufflenetV2 } from './shufflenetV2.ts'
import { sppMini } from './sppMini.ts'
import { squeezenet } from './squeezenet.ts'
import { unet } from './unet.ts'
import { vgg16 } from './vgg16.ts'
import { xception } from './xception.ts'

export { aspp, type AsppConfig } from './aspp.ts'
export { convBatchNorm } from './convBatchNorm.ts'
export { deformableResidual, type DeformableResidualConfig } from './deformableResidual.ts'
export { denseBlock, type DenseBlockConfig, denseTransition } from './denseBlock.ts'
export { depthwiseBatchNorm } from './depthwiseBatchNorm.ts'
export { fire } from './fire.ts'
export { hybridDilated, type HybridDilatedConfig } from './hybridDilated.ts'
export { inception, type InceptionConfig } from './inception.ts'
export { inceptionA, inceptionB, inceptionC, inceptionConv, inceptionD, inceptionE } from './inceptionV3Blocks.ts'
export { invertedResidual, type InvertedResidualConfig } from './invertedResidual.ts'
export { pointwise, type PointwiseConfig } from './pointwise.ts'
export { residual } from './residual.ts'
export { basicBlock, bottleneckBlock, type ResidualBlockConfig } from './residualBlocks.ts'
export { separableConv2d, type SeparableConv2dConfig } from './separableConv2d.ts'
export { shuffleUnit, type ShuffleUnitConfig } from './shuffleUnit.ts'
export { shuffleUnitV2, type ShuffleUnitV2Config } from './shuffleUnitV2.ts'
export { spatiallySeparableConv2d, type SpatiallySeparableConv2dConfig } from './spatiallySeparableConv2d.ts'
export { sppHead, type SppHeadConfig } from './sppHead.ts'
export { squeezeExcite, type SqueezeExciteConfig } from './squeezeExcite.ts'
export {
  alexnet, convMini, deformableMini, densenet121, dilatedMini, efficientnetB0, fcn, googlenet, inceptionMini,
  inceptionV3, kerasMnist, lenet5, mnistNet, mobilenetV1, mobilenetV2, pytorchMnist, resnet101, resnet152,
  resnet18, resnet34, resnet50, separableMini, shuffleMini, shufflenetV1, shufflenetV2, sppMini, squeezenet,
  unet, vgg16, xception,
}

/** The whole models, as the command line finds them by name: small ones for digits, then by year. */
export const graphs = Object.freeze([
  lenet5, kerasMnist, pytorchMnist, mnistNet, convMini, inceptionMini, separableMini, shuffleMini, dilatedMini,
  sppMini, deformableMini, alexnet, vgg16, googlenet, unet, fcn, resnet18, resnet34, resnet50, resnet101,
  resnet152, squeezenet, inceptionV3, densenet121, xception, mobilenetV1, shufflenetV1, mobilenetV2,
  shufflenetV2, efficientnetB0,
]) as readonly unknown[] as readonly DefinedGraph[]
