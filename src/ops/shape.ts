// Operations that move numbers without computing.
import { reshape as view, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core'
import { concat as join, crop2d, splitSizes, zeroPad2d as pad } from '../kernels/shape.ts'
import type { Sides } from '../spec/config.ts'
import { record } from './gradient.ts'

export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return record({ x }, {
    forward: () => view(x, [...shape]),
    save: () => [],
    gradients: (dy) => ({ x: () => view(dy, x.shape) }),
  })
}

export function zeroPad2d(x: Tensor4D, pads: Sides): Tensor4D {
  return record({ x }, {
    forward: () => pad(x, pads),
    save: () => [],
    gradients: (dy) => ({ x: () => crop2d(dy, pads) }),
  })
}

/** Along the last axis. */
export function concat(xs: readonly Tensor[]): Tensor {
  const sizes = xs.map(({ shape }) => shape.at(-1) as number)
  return record(Object.fromEntries(xs.entries()), {
    forward: () => join(xs, -1),
    save: () => [],
    gradients: (dy) => {
      const parts = splitSizes(dy, sizes, -1)
      return Object.fromEntries(parts.map((part, index) => [index, () => part]))
    },
  })
}
