// globalAvgPool2d: the average of each channel over the whole image.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { globalField } from '../src/spec/field.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { ChannelsOnly, Image } from '../src/types/shape.ts'

export interface GlobalAvgPool2d extends Callable {
  readonly kind: 'globalAvgPool2d'
  readonly [OUT]: ChannelsOnly<Image<this[typeof IN], 'globalAvgPool2d'>>
}

/**
 * The average of each channel of an image: [height, width, channels] → [channels].
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const globalAvgPool2d = withTypes<() => GlobalAvgPool2d>()(defineLayer({
  kind: 'globalAvgPool2d',
  category: 'pooling',
  summary: 'Averages each channel over the whole image.',
  summaryZh: '对整幅图像的每个通道取平均。',
  formula: 'out = [channels]; no parameters; no multiplications',
  paper: { title: 'Network in network', authors: 'Lin, Chen, Yan', year: 2013, url: 'https://arxiv.org/abs/1312.4400' },
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
  forward: (op, _site, [x]) => op.globalAvgPool2d(x!),
}))
