import type { KernelDefinition } from './define.ts'
import { matMulKernels } from './matMul.ts'

/** Every kernel of ours: one line per page, alphabetically. */
export const kernels: readonly KernelDefinition[] = [
  ...matMulKernels,
]
