// conv2d: two-dimensional convolution (cross-correlation, as everywhere in deep learning).
import type { Sides } from '../src/spec/config.ts'
import { convolutionPage, type ConvolutionSettings, convolutionWindow } from '../src/spec/convolution.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { windowPads } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { ConvOut, Image, Padding2d, Size2d } from '../src/types/shape.ts'

/** What conv2d takes. */
export interface Conv2dConfig<
  F extends number = number, K extends Size2d = Size2d, S extends Size2d = Size2d,
  P extends Padding2d = Padding2d, D extends Size2d = Size2d, G extends number = number,
> extends ConvolutionSettings<F, K, S, P, D, G> {}

export interface Conv2d<
  F extends number, K extends Size2d, S extends Size2d = 1, P extends Padding2d = 'valid', D extends Size2d = 1,
  G extends number = 1,
> extends Callable {
  readonly kind: 'conv2d'
  readonly [SETTINGS]: [F, K, S, P, D, G]
  readonly [OUT]: ConvOut<Image<this[typeof IN], 'conv2d'>, 'conv2d', F, K, S, P, D, G>
}

type Factory = <
  const F extends number, const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid',
  const D extends Size2d = 1, const G extends number = 1,
>(config: Conv2dConfig<F, K, S, P, D, G>) => Conv2d<F, K, S, P, D, G>

/**
 * Two-dimensional convolution of an image [height, width, channels] with `filters` kernels.
 *
 * Output [oh, ow, filters] with oh = floor((h + top + bottom − D·(K−1) − 1) / S) + 1, and ow likewise; with
 * padding 'same' ceil(h / S). Weights: kernel [kh, kw, channels / groups, filters], bias [filters].
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/groups`, `shape/not-an-image`.
 */
export const conv2d = withTypes<Factory>()(defineLayer({
  kind: 'conv2d',
  ...convolutionPage(2),
  summary: 'Slides learned kernels over an image.',
  summaryZh: '学习到的卷积核在图像上滑动。',
  formula: 'out = floor((in + P − D(K−1) − 1)/S) + 1; params = Kh·Kw·Cin/g·Cout + Cout; MACs = oh·ow·Kh·Kw·Cin/g·Cout',
  paper: {
    title: 'Gradient-based learning applied to document recognition', authors: 'LeCun, Bottou, Bengio, Haffner',
    year: 1998, url: 'https://doi.org/10.1109/5.726791',
  },
  examples: [
    { config: { filters: 4, kernelSize: 3 }, inputs: [[7, 6, 3]] },
    { config: { filters: 4, kernelSize: [3, 5], strides: 2, padding: 'same', activation: 'relu' }, inputs: [[7, 8, 2]] },
    { config: { filters: 6, kernelSize: 3, groups: 3, padding: 1, useBias: false }, inputs: [[5, 5, 6]] },
    { config: { filters: 2, kernelSize: 3, dilationRate: 2, strides: [2, 1], padding: [[2, 1], [0, 3]] }, inputs: [[8, 7, 2]] },
    { config: { filters: 5, kernelSize: 1, activation: 'tanh' }, inputs: [[4, 4, 3]] },
  ],
  pools: true,
  // Where there are no groups, there are quicker ways than the one that shuffles.
  shuffles: ({ groups }) => groups > 1,
  forward(op, { config, inputs }, [x], { kernel, bias }, { pool, shuffle }) {
    return op.conv2d(x!, kernel!, bias ?? null, {
      strides: config.strides, dilations: config.dilationRate, groups: config.groups, activation: config.activation,
      pads: windowPads(convolutionWindow(config), inputs[0] as Dims) as Sides, ...(pool === undefined ? {} : { pool }), ...(shuffle === undefined ? {} : { shuffle }),
    })
  },
}))
