// A layer's values are tensors of TensorFlow.js; these say so to the types, at the door of each operation.
import { reshape, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, type Tensor5D } from '@tensorflow/tfjs-core'
import type { Value } from '../spec/ops.ts'

export const tensor = (value: Value): Tensor => value as Tensor
export const vector = (value: Value): Tensor1D => value as Tensor1D
export const images = (value: Value): Tensor4D => value as Tensor4D
export const imagesOrNull = (value: Value | null): Tensor4D | null => value as Tensor4D | null
export const volumes = (value: Value): Tensor5D => value as Tensor5D
export const vectorOrNull = (value: Value | null): Tensor1D | null => value as Tensor1D | null

/** [rows, last axis]: a view without a copy. */
export function asMatrix(x: Tensor): Tensor2D {
  const columns = x.shape.at(-1) as number
  return reshape(x, [x.size / columns, columns])
}
