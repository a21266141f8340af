// unet: down to small maps and up again, each step up joined by the map of its size on the way down.
import { z } from 'zod'
import { concat } from '../layers/concat.ts'
import { conv2d } from '../layers/conv2d.ts'
import { conv2dTranspose } from '../layers/conv2dTranspose.ts'
import { crop2d } from '../layers/crop2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { graph } from '../src/graph/build.ts'
import { input, named, pipe, sequence } from '../src/graph/compose.ts'
import { defineGraph } from '../src/graph/defineGraph.ts'
import { size } from '../src/spec/config.ts'
import { failure } from '../src/spec/issue.ts'
import type { Op, Tensor } from '../src/types/layer.ts'
import { classes, imageShape } from './config.ts'

type Padding = 'valid' | 'same'

/** Two 3×3 convolutions. */
const double = (filters: number, padding: Padding): Op => {
  const conv = () => conv2d({ filters, kernelSize: 3, padding, activation: 'relu', kernelInitializer: 'heNormal' })
  return sequence(conv(), conv())
}

/** What must be cut off a map to give it the size of a smaller one: the odd pixel at the end. */
function cropTo(map: Tensor, smaller: Tensor): readonly [readonly [number, number], readonly [number, number]] {
  const cut = (axis: 0 | 1): readonly [number, number] => {
    const [from, to] = [map.shape[axis], smaller.shape[axis]]
    if (from == null || to == null) {
      throw failure(
        'config/invalid', 'unet', "padding 'valid' cuts maps to each other's size, which is not known",
        "give inputShape, or padding 'same'",
      )
    }
    return [Math.floor((from - to) / 2), Math.ceil((from - to) / 2)]
  }
  return [cut(0), cut(1)]
}

/** One step up: twice as large, beside the map from the way down, and two convolutions. */
function up(x: Tensor, map: Tensor, filters: number, padding: Padding): Tensor {
  const larger = pipe(x, named('up', conv2dTranspose({ filters, kernelSize: 2, strides: 2 })))
  const kept = padding === 'same' ? map : pipe(map, named('crop', crop2d({ cropping: cropTo(map, larger) })))
  return pipe(concat()([kept, larger]) as Tensor, double(filters, padding)) as Tensor
}

/**
 * U-Net for segmentation: 31,030,658 parameters, 23 convolutional layers, 572×572 pixels in and 388×388 out.
 *
 * Config: `classes` 2, `inputShape` [572, 572, 1], `width` 64 (filters of the first step), `depth` 4 (steps down), `padding`
 * 'valid' as in the paper, where maps are cut to fit; with 'same' the output is as large as the input, which 2^depth must
 * divide.
 * Paper: Ronneberger, Fischer, Brox, "U-Net: convolutional networks for biomedical image segmentation", 2015,
 * https://arxiv.org/abs/1505.04597.
 */
export const unet = defineGraph({
  name: 'unet',
  summary: 'U-Net, an encoder and a decoder that are joined at every size (Ronneberger et al. 2015).',
  config: z.strictObject({
    classes: classes(2), inputShape: imageShape([572, 572, 1]), width: size.default(64), depth: size.max(6).default(4),
    padding: z.enum(['valid', 'same']).default('valid'),
  }),
  build: ({ classes: filters, inputShape, width, depth, padding }) => {
    const image = input(inputShape)
    const steps = Array.from({ length: depth }, (_, step) => step)
    const maps: Tensor[] = []
    let x: Tensor = image
    for (const step of steps) {
      x = pipe(x, named(`down${step + 1}`, double(width * 2 ** step, padding))) as Tensor
      maps.push(x)
      x = pipe(x, maxPool2d({ poolSize: 2 })) as Tensor
    }
    x = pipe(x, named('bottom', double(width * 2 ** depth, padding))) as Tensor
    for (const step of steps.toReversed()) x = up(x, maps[step] as Tensor, width * 2 ** step, padding)
    const logits = pipe(x, named('score', conv2d({ filters, kernelSize: 1 })))
    return graph({ name: 'unet', inputs: { image }, outputs: { logits } })
  },
})
