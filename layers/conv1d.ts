// conv1d: convolution of a sequence.
//
// It runs as conv2d on an image of one row.
import type { Pair } from '../src/spec/config.ts'
import { convolutionPage, type ConvolutionSettings, convolutionWindow } from '../src/spec/convolution.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { asRow } from '../src/spec/row.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { windowPads } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { ConvOut, Padding1d, Series, Size1d } from '../src/types/shape.ts'

/** What conv1d takes. */
export interface Conv1dConfig<
  F extends number = number, K extends Size1d = Size1d, S extends Size1d = Size1d,
  P extends Padding1d = Padding1d, D extends Size1d = Size1d, G extends number = number,
> extends ConvolutionSettings<F, K, S, P, D, G> {}

export interface Conv1d<
  F extends number, K extends Size1d, S extends Size1d = 1, P extends Padding1d = 'valid', D extends Size1d = 1,
  G extends number = 1,
> extends Callable {
  readonly kind: 'conv1d'
  readonly [SETTINGS]: [F, K, S, P, D, G]
  readonly [OUT]: ConvOut<Series<this[typeof IN], 'conv1d'>, 'conv1d', F, K, S, P, D, G>
}

type Factory = <
  const F extends number, const K extends Size1d, const S extends Size1d = 1, const P extends Padding1d = 'valid',
  const D extends Size1d = 1, const G extends number = 1,
>(config: Conv1dConfig<F, K, S, P, D, G>) => Conv1d<F, K, S, P, D, G>

/**
 * Convolution of a sequence [steps, channels] with `filters` kernels.
 *
 * Output [out, filters] with out = floor((steps + before + after − D·(K−1) − 1) / S) + 1; with padding 'same'
 * ceil(steps / S). Weights: kernel [k, channels / groups, filters], bias [filters].
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/groups`, `shape/not-a-sequence`.
 */
export const conv1d = withTypes<Factory>()(defineLayer({
  kind: 'conv1d',
  ...convolutionPage(1),
  summary: 'Slides learned kernels over a sequence.',
  summaryZh: '学习到的卷积核沿序列滑动。',
  formula: 'out = floor((in + P − D(K−1) − 1)/S) + 1; params = K·Cin/g·Cout + Cout; MACs = out·K·Cin/g·Cout',
  paper: {
    title: 'Phoneme recognition using time-delay neural networks',
    authors: 'Waibel, Hanazawa, Hinton, Shikano, Lang', year: 1989, url: 'https://doi.org/10.1109/29.21701',
  },
  examples: [
    { config: { filters: 4, kernelSize: 3 }, inputs: [[9, 3]] },
    { config: { filters: 4, kernelSize: 5, strides: 2, padding: 'same', activation: 'tanh' }, inputs: [[11, 2]] },
    { config: { filters: 6, kernelSize: 3, groups: 3, padding: 1, useBias: false }, inputs: [[7, 6]] },
    { config: { filters: 2, kernelSize: [3], dilationRate: 2, strides: 2, padding: [[4, 0]] }, inputs: [[11, 2]] },
  ],
  forward(op, site, [x], { kernel, bias }) {
    const { config, inputs } = site
    const [pads] = windowPads(convolutionWindow(config), inputs[0] as Dims) as readonly [Pair]
    return asRow(op, site, x!, (row) => op.conv2d(row, op.reshape(kernel!, [1, ...kernel!.shape]), bias ?? null, {
      strides: [1, config.strides[0]], dilations: [1, config.dilationRate[0]], pads: [[0, 0], pads],
      groups: config.groups, activation: config.activation,
    }))
  },
}))
