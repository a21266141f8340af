/** `layergraph/kernels`: the kernels for TensorFlow.js, on plain tensors, without gradients. */

export { installKernels } from './install.ts'
export type { Installation } from './install.ts'
export * from './matMul.ts'
