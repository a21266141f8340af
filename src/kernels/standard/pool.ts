/**
 * MaxPoolGrad and AvgPoolGrad, the gradients of MaxPool and AvgPool, which the backend does well itself.
 *
 * Save one case: a window of one pixel for every pixel, which is no change at all. The backend refuses it when there is
 * padding, and answers with what was in memory.
 *
 * AvgPool does not average padding, and neither does its gradient here. The backend's own AvgPoolGrad divides by the
 * whole window at the border too, which is the gradient of something else.
 */

import { AvgPool, AvgPoolGrad, backend_util, MaxPool, MaxPoolGrad } from '@tensorflow/tfjs-core'
import type {
  AvgPoolGradAttrs, AvgPoolGradInputs, MaxPoolAttrs, MaxPoolGradAttrs, MaxPoolGradInputs, MaxPoolInputs, TensorInfo,
} from '@tensorflow/tfjs-core'
import { avgPool2dGradientKernel, maxPool2dGradientKernel } from '../pool2d.ts'
import type { Pool2dAttrs } from '../pool2d.ts'
import type { Shape4 } from '../shapes.ts'
import { defineStandard } from './define.ts'
import { windowOf } from './window.ts'

type Window = Pick<MaxPoolGradAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>

/** Both forward kernels. */
type Inputs = MaxPoolInputs
type Attrs = MaxPoolAttrs & Window

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

/** Whether there is a window of one pixel for every pixel; tfjs-core takes it for that whatever the padding. */
function isIdentity({ x }: Inputs, attrs: Attrs): boolean {
  const { poolSize, outputSize } = attrsOf(x!, attrs)
  return poolSize[0] === 1 && poolSize[1] === 1 && outputSize[0] === x!.shape[1] && outputSize[1] === x!.shape[2]
}

const identities = [MaxPool, AvgPool].map(name => defineStandard<Inputs, Attrs>({
  name,
  covers: isIdentity,
  run: ({ share }, { x }) => share(x!, x!.shape),
}))

const maxPoolGrad = defineStandard<MaxPoolGradInputs, MaxPoolGradAttrs>({
  name: MaxPoolGrad,
  run: ({ context }, { dy, input, output }, attrs) =>
    maxPool2dGradientKernel.wasm(context, { dy: dy!, x: input!, y: output! }, attrsOf(input!, attrs)),
})

const avgPoolGrad = defineStandard<AvgPoolGradInputs, AvgPoolGradAttrs>({
  name: AvgPoolGrad,
  run({ context }, { dy, input }, attrs) {
    const window = { ...attrsOf(input!, attrs), inputShape: input!.shape as unknown as Shape4 }
    return avgPool2dGradientKernel.wasm(context, { dy: dy! }, window)
  },
})

export const poolStandards = [...identities, maxPoolGrad, avgPoolGrad]
