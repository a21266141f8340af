// The operations of layers, on tensors of TensorFlow.js.
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Ops } from '../spec/ops.ts'
import { activation, prelu, randomSlope } from './activation.ts'
import { add, average, blend, dropout, maximum, multiply } from './arithmetic.ts'
import { slice, split, transpose } from './axes.ts'
import { conv2d, conv2dTranspose, depthwiseConv2d } from './convolution.ts'
import { deformConv2d } from './deformable.ts'
import { dense } from './dense.ts'
import { batchNorm, groupNorm, localResponseNorm, moments } from './normalization.ts'
import { adaptivePool2d, avgPool2d, globalAvgPool2d, maxPool2d } from './pool.ts'
import {
  channelShuffle, concat, crop2d, depthToSpace, reshape, spaceToDepth, upsample2d, zeroPad2d,
} from './shape.ts'
import { images, imagesOrNull, tensor, vector, vectorOrNull, volumes } from './tensor.ts'
import { avgPool3d, conv3d, maxPool3d } from './volume.ts'

/**
 * The operations, each with its own gradient on the tape of TensorFlow.js. The kernels must be installed on the
 * current backend.
 */
export function makeOps(): Ops {
  return {
    conv2d: (x, kernel, bias, options) => conv2d(images(x), images(kernel), vectorOrNull(bias), options),
    conv2dTranspose: (x, kernel, bias, options) => conv2dTranspose(images(x), images(kernel), vectorOrNull(bias), options),
    conv3d: (x, kernel, bias, options) => conv3d(volumes(x), volumes(kernel), vectorOrNull(bias), options),
    depthwiseConv2d: (x, kernel, bias, options) => depthwiseConv2d(images(x), images(kernel), vectorOrNull(bias), options),
    deformConv2d: (x, offsets, mask, kernel, bias, options) =>
      deformConv2d(images(x), images(offsets), imagesOrNull(mask), images(kernel), vectorOrNull(bias), options),
    dense: (x, kernel, bias, kind) => dense(tensor(x), tensor(kernel) as Tensor2D, vectorOrNull(bias), kind),
    maxPool2d: (x, options) => maxPool2d(images(x), options),
    avgPool2d: (x, options) => avgPool2d(images(x), options),
    maxPool3d: (x, options) => maxPool3d(volumes(x), options),
    avgPool3d: (x, options) => avgPool3d(volumes(x), options),
    globalAvgPool2d: (x) => globalAvgPool2d(images(x)),
    adaptivePool2d: (x, options) => adaptivePool2d(images(x), options),
    moments: (x) => moments(tensor(x)),
    batchNorm: (x, mean, variance, gamma, beta, options) =>
      batchNorm(tensor(x), vector(mean), vector(variance), vectorOrNull(gamma), vectorOrNull(beta), options),
    groupNorm: (x, gamma, beta, options) => groupNorm(tensor(x), vectorOrNull(gamma), vectorOrNull(beta), options),
    localResponseNorm: (x, options) => localResponseNorm(tensor(x), options),
    dropout: (x, options) => dropout(tensor(x), options),
    activation: (x, kind, alpha) => activation(tensor(x), kind, alpha),
    prelu: (x, alpha) => prelu(tensor(x), vector(alpha)),
    randomSlope: (x, options) => randomSlope(tensor(x), options),
    reshape: (x, shape) => reshape(tensor(x), shape),
    zeroPad2d: (x, pads) => zeroPad2d(images(x), pads),
    crop2d: (x, cut) => crop2d(images(x), cut),
    upsample2d: (x, options) => upsample2d(images(x), options),
    channelShuffle: (x, groups) => channelShuffle(images(x), groups),
    depthToSpace: (x, block) => depthToSpace(images(x), block),
    spaceToDepth: (x, block) => spaceToDepth(images(x), block),
    concat: (xs, axis) => concat(xs.map(tensor), axis),
    split: (x, sizes, axis) => split(tensor(x), sizes, axis),
    slice: (x, begin, size) => slice(tensor(x), begin, size),
    transpose: (x, axes) => transpose(tensor(x), axes),
    add: (xs, kind) => add(xs.map(tensor), kind),
    average: (xs) => average(xs.map(tensor)),
    maximum: (xs) => maximum(xs.map(tensor)),
    multiply: (a, b) => multiply(tensor(a), tensor(b)),
    blend: (x, y, a, b) => blend(tensor(x), tensor(y), a, b),
  }
}
