/**
 * MaxPool, AvgPool and their gradients MaxPoolGrad and AvgPoolGrad.
 *
 * Padding is not averaged, forward and backward. (The backend's own AvgPoolGrad divides by the whole window at the
 * border too, where its AvgPool does not.)
 */

import { AvgPool, AvgPoolGrad, backend_util, MaxPool, MaxPoolGrad } from '@tensorflow/tfjs-core'
import type {
  AvgPoolAttrs, AvgPoolGradAttrs, AvgPoolGradInputs, AvgPoolInputs, MaxPoolAttrs, MaxPoolGradAttrs, MaxPoolGradInputs,
  MaxPoolInputs, TensorInfo,
} from '@tensorflow/tfjs-core'
import { avgPool2dGradientKernel, avgPool2dKernel, maxPool2dGradientKernel, maxPool2dKernel } from '../pool2d.ts'
import type { Pool2dAttrs } from '../pool2d.ts'
import type { Shape4 } from '../shapes.ts'
import { defineStandard } from './define.ts'
import { windowOf } from './window.ts'

type Window = Pick<MaxPoolAttrs, 'filterSize' | 'strides' | 'pad'> & Pick<MaxPoolGradAttrs, 'dimRoundingMode'>

function attrsOf({ shape }: TensorInfo, { filterSize, strides, pad, dimRoundingMode }: Window): Pool2dAttrs {
  type Four = [number, number, number, number]
  const info = backend_util.computePool2DInfo(shape as Four, filterSize, strides, 1, pad, dimRoundingMode)
  return {
    ...windowOf(info),
    poolSize: [info.filterHeight, info.filterWidth],
    outputSize: [info.outHeight, info.outWidth],
    includePad: false,
  }
}

const maxPool = defineStandard<MaxPoolInputs, MaxPoolAttrs>({
  name: MaxPool,
  run: ({ context }, { x }, attrs) => maxPool2dKernel.wasm(context, { x: x! }, attrsOf(x!, attrs)),
})

const maxPoolGrad = defineStandard<MaxPoolGradInputs, MaxPoolGradAttrs>({
  name: MaxPoolGrad,
  run: ({ context }, { dy, input, output }, attrs) =>
    maxPool2dGradientKernel.wasm(context, { dy: dy!, x: input!, y: output! }, attrsOf(input!, attrs)),
})

const avgPool = defineStandard<AvgPoolInputs, AvgPoolAttrs>({
  name: AvgPool,
  run: ({ context }, { x }, attrs) => avgPool2dKernel.wasm(context, { x: x! }, attrsOf(x!, attrs)),
})

const avgPoolGrad = defineStandard<AvgPoolGradInputs, AvgPoolGradAttrs>({
  name: AvgPoolGrad,
  run({ context }, { dy, input }, attrs) {
    const window = { ...attrsOf(input!, attrs), inputShape: input!.shape as unknown as Shape4 }
    return avgPool2dGradientKernel.wasm(context, { dy: dy! }, window)
  },
})

export const poolStandards = [maxPool, maxPoolGrad, avgPool, avgPoolGrad]
