/**
 * GatherV2 with batch axes: y[b, o, i, …] = x[b, o, indices[b, i], …].
 *
 * The backend's own kernel is wrong here and reads outside the tensors. This page counts the rows of the whole of x and
 * gathers by that count, which the backend does well. Without batch axes it is left to the backend.
 */

import { backend_util, GatherV2, util } from '@tensorflow/tfjs-core'
import type { GatherV2Attrs, GatherV2Inputs } from '@tensorflow/tfjs-core'
import { sizeOf } from '../shapes.ts'
import { defineStandard } from './define.ts'

export const gatherStandards = [
  defineStandard<GatherV2Inputs, GatherV2Attrs>({
    name: GatherV2,
    covers: ({ indices }, { batchDims }) => batchDims > 0 && indices!.dtype === 'int32',
    run(call, { x, indices }, { axis, batchDims }) {
      const parsed = util.parseAxisParam(axis, [...x!.shape])[0]!
      // It asks for tensors but reads their shapes only.
      const info = backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, parsed, batchDims)
      const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info
      const wanted = call.integers(indices!)
      const each = wanted.length / Math.max(1, batchSize)
      const rows = new Int32Array(batchSize * outerSize * each)
      for (let i = 0; i < rows.length; i++) {
        const block = Math.floor(i / each)
        const index = wanted[Math.floor(block / outerSize) * each + (i % each)]!
        util.assert(index >= 0 && index < dimSize, () => `GatherV2: the index ${index} is not in 0…${dimSize - 1}.`)
        rows[i] = block * dimSize + index
      }
      const matrix = call.share(x!, [sizeOf(x!.shape) / Math.max(1, sliceSize), sliceSize])
      const counted = call.fromIntegers(rows)
      const gathered = call.run(GatherV2, { x: matrix, indices: counted }, { axis: 0, batchDims: 0 })
      const y = call.share(gathered, outputShape)
      call.release(matrix, counted, gathered)
      return y
    },
  }),
]
