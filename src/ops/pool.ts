// Pooling.
import { reshape, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core'
import { adaptivePool2d as poolBins, adaptivePool2dGradient, type AdaptivePool2dAttrs } from '../kernels/adaptivePool2d.ts'
import { avgPool2dForward, avgPool2dGradient, maxPool2dForward, maxPool2dGradient, type Pool2dAttrs } from '../kernels/pool2d.ts'
import type { PoolOptions } from '../spec/ops.ts'
import { record } from './gradient.ts'

/** Where several pixels of a window are the maximum, the gradient goes to the first. */
export function maxPool2d(x: Tensor4D, options: PoolOptions): Tensor4D {
  const attrs: Pool2dAttrs = { ...options, includePad: false }
  return record({ x }, {
    forward: () => maxPool2dForward(x, attrs),
    save: (y) => [x, y],
    gradients: (dy, [savedX, y]) => ({ x: () => maxPool2dGradient(dy, savedX as Tensor4D, y as Tensor4D, attrs) }),
  })
}

export function avgPool2d(x: Tensor4D, attrs: PoolOptions & { readonly includePad: boolean }): Tensor4D {
  return record({ x }, {
    forward: () => avgPool2dForward(x, attrs),
    save: () => [],
    gradients: (dy) => ({ x: () => avgPool2dGradient(dy, x.shape, attrs) }),
  })
}

/** x [batch, h, w, c] → [batch, c]: one window over the whole image. */
export function globalAvgPool2d(x: Tensor4D): Tensor2D {
  const [batch, height, width, channels] = x.shape
  const attrs: Pool2dAttrs = {
    poolSize: [height, width], strides: [height, width], pads: [[0, 0], [0, 0]], outputSize: [1, 1], includePad: false,
  }
  return record({ x }, {
    forward: () => reshape(avgPool2dForward(x, attrs), [batch, channels]) as Tensor2D,
    save: () => [],
    gradients: (dy) => ({ x: () => avgPool2dGradient(reshape(dy, [batch, 1, 1, channels]) as Tensor4D, x.shape, attrs) }),
  })
}

/** Where several pixels of a bin are the maximum, the gradient goes to the first. */
export function adaptivePool2d(x: Tensor4D, attrs: AdaptivePool2dAttrs): Tensor4D {
  return record({ x }, {
    forward: () => poolBins(x, attrs),
    save: (y) => [x, y],
    gradients: (dy, [savedX, y]) => ({ x: () => adaptivePool2dGradient(dy, savedX as Tensor4D, y as Tensor4D, attrs) }),
  })
}
