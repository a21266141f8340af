/**
 * Sum and Mean over the first axes, the rows of a matrix [rows, channels]: gradient of a bias, statistics of a batch.
 *
 * The backend transposes first, which costs more than the sum itself. Over other axes it is left to it.
 */

import { Mean, Sum, util } from '@tensorflow/tfjs-core'
import type { MeanAttrs, MeanInputs, SumAttrs, SumInputs, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../shapes.ts'
import { channelSumKernel, scaleKernel } from '../sum.ts'
import { defineStandard } from './define.ts'
import type { Call } from './define.ts'

type Attrs = SumAttrs | MeanAttrs

/** The axes in rising order. */
function axesOf(x: TensorInfo, { axis }: Attrs): number[] {
  return util.parseAxisParam(axis, [...x.shape]).sort((a, b) => a - b)
}

/** Whether the axes are the first ones, and leave something. */
function covers({ x }: SumInputs | MeanInputs, attrs: Attrs): boolean {
  const axes = axesOf(x!, attrs)
  const leavesSome = axes.length > 0 && axes.length < x!.shape.length
  return x!.dtype === 'float32' && leavesSome && axes.every((axis, i) => axis === i)
}

function sumRows({ context, release, share }: Call, x: TensorInfo, attrs: Attrs): TensorInfo {
  const rank = axesOf(x, attrs).length
  const rest = x.shape.slice(rank)
  const matrix = { ...x, shape: [sizeOf(x.shape.slice(0, rank)), sizeOf(rest)] }
  const sums = channelSumKernel.wasm(context, { x: matrix }, {}) as TensorInfo
  const y = share(sums, attrs.keepDims ? [...Array<number>(rank).fill(1), ...rest] : rest)
  release(sums)
  return y
}

const sum = defineStandard<SumInputs, SumAttrs>({
  name: Sum,
  covers,
  run: (call, { x }, attrs) => sumRows(call, x!, attrs),
})

const mean = defineStandard<MeanInputs, MeanAttrs>({
  name: Mean,
  covers,
  run(call, { x }, attrs) {
    const sums = sumRows(call, x!, attrs)
    const y = scaleKernel.wasm(call.context, { x: sums }, { factor: sizeOf(sums.shape) / sizeOf(x!.shape) })
    call.release(sums)
    return y
  },
})

export const reduceStandards = [sum, mean]
