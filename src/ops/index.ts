// The operations of layers, on tensors of TensorFlow.js.
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Ops } from '../spec/ops.ts'
import { activation, prelu, randomSlope } from './activation.ts'
import { add, blend, dropout, multiply } from './arithmetic.ts'
import { conv2d, deformConv2d, depthwiseConv2d } from './convolution.ts'
import { dense } from './dense.ts'
import { batchNorm, moments } from './normalization.ts'
import { avgPool2d, globalAvgPool2d, maxPool2d } from './pool.ts'
import { concat, reshape, zeroPad2d } from './shape.ts'
import { images, imagesOrNull, tensor, vector, vectorOrNull } from './tensor.ts'

/**
 * The operations, each with its own gradient on the tape of TensorFlow.js. The kernels must be installed on the
 * current backend.
 */
export function makeOps(): Ops {
  return {
    conv2d: (x, kernel, bias, options) => conv2d(images(x), images(kernel), vectorOrNull(bias), options),
    depthwiseConv2d: (x, kernel, bias, options) => depthwiseConv2d(images(x), images(kernel), vectorOrNull(bias), options),
    deformConv2d: (x, offsets, mask, kernel, bias, options) =>
      deformConv2d(images(x), images(offsets), imagesOrNull(mask), images(kernel), vectorOrNull(bias), options),
    dense: (x, kernel, bias, kind) => dense(tensor(x), tensor(kernel) as Tensor2D, vectorOrNull(bias), kind),
    maxPool2d: (x, options) => maxPool2d(images(x), options),
    avgPool2d: (x, options) => avgPool2d(images(x), options),
    globalAvgPool2d: (x) => globalAvgPool2d(images(x)),
    moments: (x) => moments(tensor(x)),
    batchNorm: (x, mean, variance, gamma, beta, options) =>
      batchNorm(tensor(x), vector(mean), vector(variance), vectorOrNull(gamma), vectorOrNull(beta), options),
    dropout: (x, options) => dropout(tensor(x), options),
    activation: (x, kind, alpha) => activation(tensor(x), kind, alpha),
    prelu: (x, alpha) => prelu(tensor(x), vector(alpha)),
    randomSlope: (x, options) => randomSlope(tensor(x), options),
    reshape: (x, shape) => reshape(tensor(x), shape),
    zeroPad2d: (x, pads) => zeroPad2d(images(x), pads),
    concat: (xs) => concat(xs.map(tensor)),
    add: (xs) => add(xs.map(tensor)),
    multiply: (a, b) => multiply(tensor(a), tensor(b)),
    blend: (x, y, a, b) => blend(tensor(x), tensor(y), a, b),
  }
}
