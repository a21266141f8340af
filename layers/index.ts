// Every layer there is. A new layer is one line in each of the three lists.
import type { LayerDefinition } from '../src/spec/layer.ts'
import { add } from './add.ts'
import { avgPool2d } from './avgPool2d.ts'
import { batchNorm } from './batchNorm.ts'
import { concat } from './concat.ts'
import { conv2d } from './conv2d.ts'
import { dense } from './dense.ts'
import { depthwiseConv2d } from './depthwiseConv2d.ts'
import { dropout } from './dropout.ts'
import { flatten } from './flatten.ts'
import { globalAvgPool2d } from './globalAvgPool2d.ts'
import { maxPool2d } from './maxPool2d.ts'
import { relu } from './relu.ts'
import { reshape } from './reshape.ts'
import { sigmoid } from './sigmoid.ts'
import { softmax } from './softmax.ts'
import { tanh } from './tanh.ts'
import { zeroPad2d } from './zeroPad2d.ts'

export { add, type Add } from './add.ts'
export { avgPool2d, type AvgPool2d, type AvgPool2dConfig } from './avgPool2d.ts'
export { batchNorm, type BatchNorm, type BatchNormConfig } from './batchNorm.ts'
export { concat, type Concat } from './concat.ts'
export { conv2d, type Conv2d, type Conv2dConfig } from './conv2d.ts'
export { dense, type Dense, type DenseConfig } from './dense.ts'
export { depthwiseConv2d, type DepthwiseConv2d, type DepthwiseConv2dConfig } from './depthwiseConv2d.ts'
export { dropout, type Dropout, type DropoutConfig } from './dropout.ts'
export { flatten, type Flatten } from './flatten.ts'
export { globalAvgPool2d, type GlobalAvgPool2d } from './globalAvgPool2d.ts'
export { maxPool2d, type MaxPool2d, type MaxPool2dConfig } from './maxPool2d.ts'
export { relu, type Relu } from './relu.ts'
export { reshape, type Reshape, type ReshapeConfig } from './reshape.ts'
export { sigmoid, type Sigmoid } from './sigmoid.ts'
export { softmax, type Softmax } from './softmax.ts'
export { tanh, type Tanh } from './tanh.ts'
export { zeroPad2d, type ZeroPad2d, type ZeroPad2dConfig } from './zeroPad2d.ts'

/** Every layer, by name. */
export const layers: readonly LayerDefinition[] = [
  add, avgPool2d, batchNorm, concat, conv2d, dense, depthwiseConv2d, dropout, flatten, globalAvgPool2d,
  maxPool2d, relu, reshape, sigmoid, softmax, tanh, zeroPad2d,
]
