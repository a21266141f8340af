// resnet18: eight basic residual blocks.
import { z } from 'zod'
import { dense } from '../layers/dense.ts'
import { globalAvgPool2d } from '../layers/globalAvgPool2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { classes, imageShape } from './config.ts'
import { convBatchNorm } from './convBatchNorm.ts'
import { residual } from './residual.ts'

/** Two 3×3 convolutions. */
const body = (filters: number, strides: number) => sequence(
  convBatchNorm({ filters, kernelSize: 3, strides, padding: 1, kernelInitializer: 'heNormal' }), relu(),
  convBatchNorm({ filters, kernelSize: 3, padding: 1, kernelInitializer: 'heNormal' }))

/** The block of ResNet-18 and -34 around the identity. */
const block = (filters: number) => sequence(residual(body(filters, 1)), relu())

/** The block that halves the image and changes its channels, around a 1×1 convolution. */
const reducing = (filters: number) => sequence(
  residual(body(filters, 2), named('shortcut', convBatchNorm({ filters, kernelSize: 1, strides: 2, kernelInitializer: 'heNormal' }))),
  relu())

const stage = (filters: number) => sequence(named('block1', reducing(filters)), named('block2', block(filters)))

/**
 * ResNet-18 as in torchvision: 11,689,512 trainable parameters, 1,814,073,344 MACs, receptive field 435.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3].
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet18 = defineGraph({
  name: 'resnet18',
  summary: 'ResNet-18, eight residual blocks of two 3×3 convolutions (He et al. 2016).',
  config: z.strictObject({ classes: classes(1000), inputShape: imageShape([224, 224, 3]) }),
  build: (config) => {
    const image = input(config.inputShape)
    const logits = pipe(image,
      named('stem', sequence(
        convBatchNorm({ filters: 64, kernelSize: 7, strides: 2, padding: 3, kernelInitializer: 'heNormal' }), relu(),
        maxPool2d({ poolSize: 3, strides: 2, padding: 1 }))),
      named('stage1', sequence(named('block1', block(64)), named('block2', block(64)))),
      named('stage2', stage(128)),
      named('stage3', stage(256)),
      named('stage4', stage(512)),
      globalAvgPool2d(),
      dense({ units: config.classes }))
    return graph({ name: 'resnet18', inputs: { image }, outputs: { logits } })
  },
})
