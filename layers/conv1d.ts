// conv1d: convolution of a sequence.
//
// It runs as conv2d on an image of one row.
import { z } from 'zod'
import type { Activation, Initializer, Pair } from '../src/spec/config.ts'
import {
  convolutionField, convolutionKeys, convolutionMacs, convolutionWeights, convolutionWindow, inferConvolution,
} from '../src/spec/convolution.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { scaleKernel, withActivation } from '../src/spec/fusion.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { convolutionTraits } from '../src/spec/traits.ts'
import { windowPads } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { ConvOut, Padding1d, Series, Size1d } from '../src/types/shape.ts'

/** What conv1d takes. */
export interface Conv1dConfig<
  F extends number = number, K extends Size1d = Size1d, S extends Size1d = Size1d,
  P extends Padding1d = Padding1d, D extends Size1d = Size1d, G extends number = number,
> {
  /** Number of output channels. */
  filters: F
  /** Steps that the kernel spans. */
  kernelSize: K
  /** Step of the window, default 1. */
  strides?: S
  /** 'valid' (default), 'same' (output size ceil(size / stride)), a number for both sides, or [[before, after]]. */
  padding?: P
  /** Distance between the kernel's taps, default 1. May go together with strides. */
  dilationRate?: D
  /** Splits the channels: each group of filters sees channels / groups of them. Default 1; must divide channels and filters. */
  groups?: G
  /** Adds a learned number per filter, default true. */
  useBias?: boolean
  /** Applied to the output, default 'linear'. */
  activation?: Activation
  /** Default 'glorotUniform'. */
  kernelInitializer?: Initializer
  /** Default 'zeros'. */
  biasInitializer?: Initializer
}

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

const config = z.strictObject(convolutionKeys(1))

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
  category: 'convolution',
  summary: 'Slides learned kernels over a sequence.',
  summaryZh: '学习到的卷积核沿序列滑动。',
  formula: 'out = floor((in + P − D(K−1) − 1)/S) + 1; params = K·Cin/g·Cout + Cout; MACs = out·K·Cin/g·Cout',
  paper: {
    title: 'Phoneme recognition using time-delay neural networks',
    authors: 'Waibel, Hanazawa, Hinton, Shikano, Lang', year: 1989, url: 'https://doi.org/10.1109/29.21701',
  },
  config,
  examples: [
    { config: { filters: 4, kernelSize: 3 }, inputs: [[9, 3]] },
    { config: { filters: 4, kernelSize: 5, strides: 2, padding: 'same', activation: 'tanh' }, inputs: [[11, 2]] },
    { config: { filters: 6, kernelSize: 3, groups: 3, padding: 1, useBias: false }, inputs: [[7, 6]] },
    { config: { filters: 2, kernelSize: [3], dilationRate: 2, strides: 2, padding: [[4, 0]] }, inputs: [[11, 2]] },
  ],
  infer: (use) => inferConvolution(use),
  weights: (site) => convolutionWeights(site),
  macs: (site) => convolutionMacs(site),
  field: (site) => convolutionField(site),
  traits: ({ config }) => convolutionTraits(config),
  withActivation: (c, added) => withActivation(c, added),
  scaled: ({ config: { activation: own } }) => (own === 'linear' ? scaleKernel : null),
  forward(op, { config, inputs, outputs }, [x], { kernel, bias }) {
    const [steps, channels] = inputs[0] as readonly [number, number]
    const [pads] = windowPads(convolutionWindow(config), inputs[0] as Dims) as readonly [Pair]
    const batch = x!.shape[0]!
    const y = op.conv2d(op.reshape(x!, [batch, 1, steps, channels]), op.reshape(kernel!, [1, ...kernel!.shape]), bias ?? null, {
      strides: [1, config.strides[0]], dilations: [1, config.dilationRate[0]], pads: [[0, 0], pads],
      groups: config.groups, activation: config.activation,
    })
    return op.reshape(y, [batch, ...(outputs[0] as readonly number[])])
  },
}))
