// Operations that cut, part and turn along the axes.
import { pad, slice as cut, type Tensor, transpose as turn } from '@tensorflow/tfjs-core'
import { record } from './gradient.ts'

export function slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  const around = begin.map((start, axis): [number, number] => [start, (x.shape[axis] as number) - start - (size[axis] as number)])
  return record({ x }, {
    forward: () => cut(x, [...begin], [...size]),
    save: () => [],
    gradients: (dy) => ({ x: () => pad(dy, around) }),
  })
}

/** Parts of these sizes along an axis. */
export function split(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  let start = 0
  return sizes.map((size) => {
    start += size
    return slice(x, x.shape.map((_size, at) => (at === axis ? start - size : 0)), x.shape.with(axis, size))
  })
}

export function transpose(x: Tensor, axes: readonly number[]): Tensor {
  const back = axes.map((_axis, index) => axes.indexOf(index))
  return record({ x }, {
    forward: () => turn(x, [...axes]),
    save: () => [],
    gradients: (dy) => ({ x: () => turn(dy, back) }),
  })
}
