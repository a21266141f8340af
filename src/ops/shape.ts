// Operations that move numbers without computing.
import { reshape as view, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core'
import { concat as join, crop2d as crop, splitSizes, zeroPad2d as pad } from '../kernels/shape.ts'
import * as kernels from '../kernels/swap.ts'
import { upsample2d as upsample, upsample2dGradient } from '../kernels/upsample2d.ts'
import type { Sides } from '../spec/config.ts'
import type { UpsampleOptions } from '../spec/ops.ts'
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
    gradients: (dy) => ({ x: () => crop(dy, pads) }),
  })
}

export function crop2d(x: Tensor4D, cut: Sides): Tensor4D {
  return record({ x }, {
    forward: () => crop(x, cut),
    save: () => [],
    gradients: (dy) => ({ x: () => pad(dy, cut) }),
  })
}

export function upsample2d(x: Tensor4D, options: UpsampleOptions): Tensor4D {
  return record({ x }, {
    forward: () => upsample(x, options),
    save: () => [],
    gradients: (dy) => ({ x: () => upsample2dGradient(dy, x.shape, options) }),
  })
}

/** Values that change places, and the way back. */
function rearrange(x: Tensor4D, there: (x: Tensor4D) => Tensor4D, back: (dy: Tensor4D) => Tensor4D): Tensor4D {
  return record({ x }, { forward: () => there(x), save: () => [], gradients: (dy) => ({ x: () => back(dy) }) })
}

export function channelShuffle(x: Tensor4D, groups: number): Tensor4D {
  const channels = x.shape[3]
  return rearrange(x, (image) => kernels.channelShuffle(image, groups), (dy) => kernels.channelShuffle(dy, channels / groups))
}

export function depthToSpace(x: Tensor4D, block: number): Tensor4D {
  return rearrange(x, (image) => kernels.depthToSpace(image, block), (dy) => kernels.spaceToDepth(dy, block))
}

export function spaceToDepth(x: Tensor4D, block: number): Tensor4D {
  return rearrange(x, (image) => kernels.spaceToDepth(image, block), (dy) => kernels.depthToSpace(dy, block))
}

/** Along the last axis, or another one. */
export function concat(xs: readonly Tensor[], axis = -1): Tensor {
  const sizes = xs.map(({ shape }) => shape.at(axis) as number)
  return record(Object.fromEntries(xs.entries()), {
    forward: () => join(xs, axis),
    save: () => [],
    gradients: (dy) => {
      const parts = splitSizes(dy, sizes, axis)
      return Object.fromEntries(parts.map((part, index) => [index, () => part]))
    },
  })
}
