// globalMaxPool2d: the largest number of each channel over the whole image.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { globalField } from '../src/spec/field.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { ChannelsOnly, Image } from '../src/types/shape.ts'

export interface GlobalMaxPool2d extends Callable {
  readonly kind: 'globalMaxPool2d'
  readonly [OUT]: ChannelsOnly<Image<this[typeof IN], 'globalMaxPool2d'>>
}

/**
 * The largest number of each channel of an image: [height, width, channels] → [channels].
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const globalMaxPool2d = withTypes<() => GlobalMaxPool2d>()(defineLayer({
  kind: 'globalMaxPool2d',
  category: 'pooling',
  summary: 'Keeps the largest number of each channel of the whole image.',
  summaryZh: '取整幅图像每个通道的最大值。',
  formula: 'out = [channels]; no parameters; no multiplications',
  paper: {
    title: 'Is object localization for free? Weakly-supervised learning with convolutional neural networks',
    authors: 'Oquab, Bottou, Laptev, Sivic', year: 2015, url: 'https://doi.org/10.1109/CVPR.2015.7298668',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[4, 5, 3]] },
    { config: {}, inputs: [[1, 1, 2]] },
  ],
  infer({ inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    return wrong === null ? output([input?.[2] ?? null]) : { misfits: [wrong] }
  },
  macs: () => 0,
  field: () => globalField,
  forward(op, _site, [x]) {
    const [batch, height, width, channels] = x!.shape as readonly [number, number, number, number]
    const pooled = op.maxPool2d(x!, { poolSize: [height, width], strides: [1, 1], pads: [[0, 0], [0, 0]], outputSize: [1, 1] })
    return op.reshape(pooled, [batch, channels])
  },
}))
