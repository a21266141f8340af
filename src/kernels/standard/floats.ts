/** Computing with whole numbers by way of floats, which hold them exactly up to 2²⁴. */

import { Cast } from '@tensorflow/tfjs-core'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Call } from './define.ts'

/** Gives `compute` the tensors as floats, and casts what it makes to the type of the first one. */
export function withFloats(
  call: Call,
  tensors: readonly TensorInfo[],
  compute: (tensors: readonly TensorInfo[]) => TensorInfo,
): TensorInfo {
  const type = tensors[0]!.dtype
  if (tensors.every(({ dtype }) => dtype === 'float32')) return compute(tensors)
  const floats = tensors.map(x => call.run(Cast, { x }, { dtype: 'float32' }))
  const y = compute(floats)
  call.release(...floats)
  if (type === 'float32') return y
  const typed = call.run(Cast, { x: y }, { dtype: type })
  call.release(y)
  return typed
}

/** Whether a tensor can be read as floats. */
export function isNumeric({ dtype }: TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool'
}
