// globalWeightedPool2d: a learned weighted sum of each channel over the whole image.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { globalField } from '../src/spec/field.ts'
import { output } from '../src/spec/layer.ts'
import { countOf, type Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT } from '../src/types/layer.ts'
import type { ChannelsOnly, Image } from '../src/types/shape.ts'

/** What globalWeightedPool2d takes. */
export interface GlobalWeightedPool2dConfig {
  /** Adds a learned number per channel, default false. */
  useBias?: boolean
}

export interface GlobalWeightedPool2d extends Callable {
  readonly kind: 'globalWeightedPool2d'
  readonly [OUT]: ChannelsOnly<Image<this[typeof IN], 'globalWeightedPool2d'>>
}

/**
 * A weighted sum of each channel of an image: [height, width, channels] → [channels].
 *
 * A depthwise convolution as large as the map: where something is found counts, which an average forgets. It starts as the
 * average. The weights fix the size of the image. Weights: kernel [height, width, channels, 1], bias [channels].
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const globalWeightedPool2d = withTypes<(config?: GlobalWeightedPool2dConfig) => GlobalWeightedPool2d>()(defineLayer({
  kind: 'globalWeightedPool2d',
  category: 'pooling',
  summary: 'Sums each channel over the whole image with learned weights.',
  summaryZh: '用学习到的权重对整幅图像的每个通道求和。',
  formula: 'out = [channels]; params = H·W·C + C, the latter with useBias alone; MACs = H·W·C',
  paper: {
    title: 'MobileFaceNets: efficient CNNs for accurate real-time face verification on mobile devices',
    authors: 'Chen, Liu, Gao, Han', year: 2018, url: 'https://arxiv.org/abs/1804.07573',
  },
  config: z.strictObject({ useBias: z.boolean().default(false) }),
  examples: [
    { config: {}, inputs: [[4, 5, 3]] },
    { config: { useBias: true }, inputs: [[3, 2, 4]] },
  ],
  letters({ config: { useBias }, inputs: [input] }) {
    const [H, W, C] = input as readonly [number, number, number]
    return { letters: { H, W, C }, ...(useBias ? {} : { reads: { ' + C': '' } }) }
  },
  infer({ inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    return wrong === null ? output([input?.[2] ?? null]) : { misfits: [wrong] }
  },
  weights({ config: { useBias }, inputs: [input] }) {
    const [height, width, channels] = input as Dims
    const pixels = countOf([height ?? null, width ?? null])
    const kernel = {
      name: 'kernel', shape: [height ?? null, width ?? null, channels ?? null, 1], trainable: true,
      initializer: { constant: 1 / (pixels ?? 1) },
    }
    const bias = { name: 'bias', shape: [channels ?? null], initializer: 'zeros' as const, trainable: true }
    return useBias ? [kernel, bias] : [kernel]
  },
  macs: ({ inputs: [input] }) => countOf(input as Dims),
  field: () => globalField,
  forward(op, _site, [x], { kernel, bias }) {
    const [batch, , , channels] = x!.shape as readonly [number, number, number, number]
    const whole = { strides: [1, 1], dilations: [1, 1], pads: [[0, 0], [0, 0]], activation: 'linear' } as const
    return op.reshape(op.depthwiseConv2d(x!, kernel!, bias ?? null, whole), [batch, channels])
  },
}))
