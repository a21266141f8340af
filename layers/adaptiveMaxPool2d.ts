// adaptiveMaxPool2d: the largest number of each of a given number of bins.
import { z } from 'zod'
import { pair } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { BinsOut, Image, Size2d } from '../src/types/shape.ts'

/** What adaptiveMaxPool2d takes. */
export interface AdaptiveMaxPool2dConfig<O extends Size2d = Size2d> {
  /** Height and width of the output, or one number for both. */
  outputSize: O
}

export interface AdaptiveMaxPool2d<O extends Size2d> extends Callable {
  readonly kind: 'adaptiveMaxPool2d'
  readonly [SETTINGS]: O
  readonly [OUT]: BinsOut<Image<this[typeof IN], 'adaptiveMaxPool2d'>, O>
}

/**
 * The largest number of each bin of an image, channel by channel: [height, width, channels] → [oh, ow, channels].
 *
 * Takes images of any size. Of h rows, bin i of n has those from floor(i·h / n) up to, not including, ceil((i + 1)·h / n), and
 * columns likewise: neighbours share a row where n does not divide h, and where n is larger than h rows come more than once.
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const adaptiveMaxPool2d = withTypes<<const O extends Size2d>(config: AdaptiveMaxPool2dConfig<O>) => AdaptiveMaxPool2d<O>>()(defineLayer({
  kind: 'adaptiveMaxPool2d',
  category: 'pooling',
  summary: 'Pools an image of any size into a given number of bins.',
  summaryZh: '把任意尺寸的图像按最大值池化到给定数量的格子中。',
  formula: 'out = outputSize; bin i of n: floor(i·in/n) to ceil((i + 1)·in/n); no parameters; no multiplications',
  paper: {
    title: 'Spatial pyramid pooling in deep convolutional networks for visual recognition', authors: 'He, Zhang, Ren, Sun',
    year: 2014, url: 'https://arxiv.org/abs/1406.4729',
  },
  config: z.strictObject({ outputSize: pair }),
  examples: [
    { config: { outputSize: 2 }, inputs: [[4, 6, 3]] },
    { config: { outputSize: [3, 2] }, inputs: [[6, 4, 2]] },
  ],
  letters: ({ config: { outputSize } }) => ({ letters: { outputSize } }),
  infer({ config: { outputSize }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    return wrong === null ? output([...outputSize, input?.[2] ?? null]) : { misfits: [wrong] }
  },
  macs: () => 0,
  field: ({ config: { outputSize }, inputs: [input] }) => ({ rule: 'bins', from: (input as Dims).slice(0, 2), to: outputSize }),
  forward: (op, { config: { outputSize } }, [x]) => op.adaptivePool2d(x!, { outputSize, mode: 'max' }),
}))
