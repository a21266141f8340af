/**
 * Matrix product: y[m, n] = activation(op(a)·op(b) + bias), op(x) being x or its transpose.
 *
 * Matrices lie in memory row by row. `a` is [m, depth] or, transposed, [depth, m]; `b` is [depth, n] or,
 * transposed, [n, depth]; the bias is [n].
 */

import type { Tensor1D, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import { boundsOf, type FusedActivation } from './fused.ts'
import * as reference from './reference/matMul.ts'

export type MatMulAttrs = {
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly activation: FusedActivation
}

type Shaped = { readonly shape: readonly number[] }

/** [m, n, depth] of the product. Throws when the shapes do not fit. */
function sizes(a: Shaped, b: Shaped, bias: Shaped | null, attrs: MatMulAttrs): [number, number, number] {
  const [m, depth] = attrs.transposeA ? [a.shape[1], a.shape[0]] : [a.shape[0], a.shape[1]]
  const [rows, n] = attrs.transposeB ? [b.shape[1], b.shape[0]] : [b.shape[0], b.shape[1]]
  const fits = a.shape.length === 2 && b.shape.length === 2 && depth === rows
    && (bias === null || (bias.shape.length === 1 && bias.shape[0] === n))
  if (!fits || m === undefined || n === undefined || depth === undefined) {
    const transposed = (flag: boolean): string => (flag ? ' transposed' : '')
    throw new RangeError(`matMul: [${a.shape}]${transposed(attrs.transposeA)} times [${b.shape}]`
      + `${transposed(attrs.transposeB)}${bias === null ? '' : ` plus a bias of [${bias.shape}]`} does not fit.`)
  }
  return [m, n, depth]
}

type Inputs = { readonly a: TensorInfo; readonly b: TensorInfo; readonly bias: TensorInfo | null }

export const matMulKernel = defineKernel<Inputs, MatMulAttrs>({
  name: 'LayergraphMatMul',
  wasm: ({ asm, pointer, output, scratch }, { a, b, bias }, attrs) => {
    const [m, n, depth] = sizes(a, b, bias, attrs)
    const y = output([m, n])
    const [aRow, aDepth] = attrs.transposeA ? [1, m] : [depth, 1]
    const [bDepth, bColumn] = attrs.transposeB ? [1, depth] : [n, 1]
    asm.matMul(m, n, depth, pointer(a), aRow, aDepth, pointer(b), bDepth, bColumn, bias === null ? 0 : pointer(bias),
      ...boundsOf(attrs.activation), pointer(y), scratch(asm.matMulScratch(m, n, depth)))
    return y
  },
  reference: ({ a, b, bias }, attrs) => {
    const size = sizes(a, b, bias, attrs)
    const values = reference.matMul(size, a.values, b.values, bias === null ? null : bias.values, attrs)
    return { shape: [size[0], size[1]], values }
  },
})

/** activation(op(a)·op(b) + bias): [m, n]. Throws when the shapes do not fit. */
export function matMul(a: Tensor2D, b: Tensor2D, bias: Tensor1D | null, attrs: MatMulAttrs): Tensor2D {
  return runKernel(matMulKernel, { a, b, bias }, attrs)
}

export const matMulKernels = [matMulKernel]
