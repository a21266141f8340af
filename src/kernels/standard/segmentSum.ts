/**
 * UnsortedSegmentSum, the gradient of every gather: y[s, …] = Σ of the x[i, …] with segmentIds[i] = s.
 *
 * x is [rows, …], the ids whole numbers, one per row (in any shape that begins that of x). Rows whose id is negative
 * or not below `numSegments` are left out, as in TensorFlow.
 */

import { UnsortedSegmentSum } from '@tensorflow/tfjs-core'
import type { TensorInfo, UnsortedSegmentSumAttrs, UnsortedSegmentSumInputs } from '@tensorflow/tfjs-core'
import type { KernelContext } from '../bridge.ts'
import { expectShape, sizeOf } from '../shapes.ts'
import { defineStandard } from './define.ts'
import { isNumeric, withFloats } from './floats.ts'

function segmentSum(context: KernelContext, x: TensorInfo, ids: TensorInfo, segments: number): TensorInfo {
  const { asm, pointer, output } = context
  const rank = ids.shape.length
  expectShape('UnsortedSegmentSum: the ids', ids, x.shape.slice(0, rank))
  const row = x.shape.slice(rank)
  const y = output([segments, ...row])
  asm.segmentSum(sizeOf(ids.shape), sizeOf(row), pointer(x), pointer(ids), segments, pointer(y))
  return y
}

export const segmentSumStandards = [
  defineStandard<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>({
    name: UnsortedSegmentSum,
    covers: ({ x, segmentIds }) => isNumeric(x!) && segmentIds!.dtype === 'int32',
    run: (call, { x, segmentIds }, { numSegments }) =>
      withFloats(call, [x!], ([values]) => segmentSum(call.context, values!, segmentIds!, numSegments)),
  }),
]
