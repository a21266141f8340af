/**
 * BatchMatMul and _FusedMatMul: y[…, m, n] = activation(op(a)·op(b) + bias), op(x) being x or its transpose.
 *
 * All axes before the last two count products; an operand with one product serves all of them, and in general the axes
 * broadcast. Each product is the page matMul on a slice of the operands.
 */

import { _FusedMatMul, BatchMatMul, broadcast_util } from '@tensorflow/tfjs-core'
import type {
  _FusedMatMulAttrs, _FusedMatMulInputs, BatchMatMulAttrs, BatchMatMulInputs, TensorInfo,
} from '@tensorflow/tfjs-core'
import type { KernelContext } from '../bridge.ts'
import { matMulKernel } from '../matMul.ts'
import type { FusedActivation } from '../fused.ts'
import { sizeOf } from '../shapes.ts'
import type { Shape } from '../shapes.ts'
import { defineStandard } from './define.ts'
import { isNumeric, withFloats } from './floats.ts'
import { fuse } from './fused.ts'

type Transposed = { readonly transposeA: boolean; readonly transposeB: boolean }

/** A part of a tensor: `start` values from its first on. */
type Slice = TensorInfo & { readonly start?: number }

/** A context in which tensors are slices, and the output is the one that is given. */
function slicing(context: KernelContext, output: Slice): KernelContext {
  const { pointer } = context
  return {
    ...context,
    pointer: (tensor: Slice) => pointer(tensor) + (tensor.start ?? 0) * Float32Array.BYTES_PER_ELEMENT,
    output: () => output,
  }
}

/** Which matrix of an operand the product at `position` reads, when the axes `outer` broadcast to `all`. */
function matrixAt(outer: Shape, all: Shape, position: number): number {
  let index = 0
  let step = 1
  for (let axis = 1; axis <= all.length; axis++) {
    const size = all.at(-axis)!
    const coordinate = position % size
    position = Math.floor(position / size)
    const own = outer.at(-axis) ?? 1
    if (own !== 1) index += coordinate * step
    step *= own
  }
  return index
}

function products(
  context: KernelContext, a: TensorInfo, b: TensorInfo, bias: TensorInfo | null,
  attrs: Transposed & { readonly activation: FusedActivation },
): TensorInfo {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const [matrixA, matrixB] = [a.shape.slice(-2), b.shape.slice(-2)]
  const outer = broadcast_util.assertAndGetBroadcastShape(outerA, outerB)
  const matrix = [attrs.transposeA ? matrixA[1]! : matrixA[0]!, attrs.transposeB ? matrixB[0]! : matrixB[1]!]
  const y = context.output([...outer, ...matrix])
  for (let i = 0; i < sizeOf(outer); i++) {
    const left: Slice = { ...a, shape: matrixA, start: matrixAt(outerA, outer, i) * sizeOf(matrixA) }
    const right: Slice = { ...b, shape: matrixB, start: matrixAt(outerB, outer, i) * sizeOf(matrixB) }
    const result: Slice = { ...y, shape: matrix, start: i * sizeOf(matrix) }
    matMulKernel.wasm(slicing(context, result), { a: left, b: right, bias }, attrs)
  }
  return y
}

const batchMatMul = defineStandard<BatchMatMulInputs, BatchMatMulAttrs>({
  name: BatchMatMul,
  covers: ({ a, b }) => isNumeric(a!) && isNumeric(b!),
  run: (call, { a, b }, { transposeA, transposeB }) =>
    withFloats(call, [a!, b!], ([left, right]) =>
      products(call.context, left!, right!, null, { transposeA, transposeB, activation: 'linear' })),
})

const fusedMatMul = defineStandard<_FusedMatMulInputs, _FusedMatMulAttrs>({
  name: _FusedMatMul,
  run(call, { a, b, bias, preluActivationWeights }, attrs) {
    const { transposeA, transposeB } = attrs
    const channels = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!
    return fuse(call, { bias, preluActivationWeights, channels, ...attrs }, (fusedBias, activation) =>
      products(call.context, a, b, fusedBias, { transposeA, transposeB, activation }))
  },
})

export const matMulStandards = [batchMatMul, fusedMatMul]
