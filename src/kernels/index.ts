/**
 * `layergraph/kernels`: the kernels for TensorFlow.js, on plain tensors. `deformConv2d`, which TensorFlow.js lacks, has
 * its gradients; the others are without.
 */

export { installKernels } from './install.ts'
export type { Installation, InstallOptions } from './install.ts'
export * from './activation.ts'
export * from './adaptivePool2d.ts'
export * from './batchNorm.ts'
export * from './bias.ts'
export {
  conv2dFilterGradient,
  conv2dForward,
  conv2dInputGradient,
} from './conv2d.ts'
export type { Conv2dForwardAttrs, ConvAttrs } from './conv2d.ts'
export {
  conv2dMaxPool2dBiasGradient,
  conv2dMaxPool2dFilterGradient,
  conv2dMaxPool2dForward,
  conv2dMaxPool2dInputGradient,
  fusesMaxPool2d,
} from './conv2dMaxPool2d.ts'
export * from './deformConv2d.ts'
export * from './depthWindows.ts'
export * from './depthwiseConv2d.ts'
export * from './dropout.ts'
export type { FusedActivation } from './fused.ts'
export * from './groupNorm.ts'
export * from './localResponseNorm.ts'
export * from './loss.ts'
export * from './matMul.ts'
export * from './optimizer.ts'
export * from './pool2d.ts'
export * from './repeat.ts'
export * from './shape.ts'
export { hasRelaxedSimd } from './simd.ts'
export * from './slope.ts'
export * from './softmax.ts'
export * from './sum.ts'
export * from './swap.ts'
export * from './upsample2d.ts'
