// depthwiseConv2d: each channel is convolved by kernels of its own.
import { z } from 'zod'
import { type Activation, activation, type Initializer, initializer, padding, pair, type Sides, size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { scaleKernel, withActivation } from '../src/spec/fusion.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { outputTraits } from '../src/spec/traits.ts'
import { inferWindow, type Window, windowField, windowLetters, windowPads } from '../src/spec/window.ts'
import type { Mul } from '../src/types/arith.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Channels, Image, Padding2d, Size2d, WindowOut } from '../src/types/shape.ts'

/** What depthwiseConv2d takes. */
export interface DepthwiseConv2dConfig<
  K extends Size2d = Size2d, S extends Size2d = Size2d, P extends Padding2d = Padding2d,
  M extends number = number, D extends Size2d = Size2d,
> {
  /** Height and width of the kernels, or one number for both. */
  kernelSize: K
  /** Step of the window, default 1. */
  strides?: S
  /** 'valid' (default), 'same' (output size ceil(size / stride)), a number for all sides, or [[top, bottom], [left, right]]. */
  padding?: P
  /** Output channels made from each input channel, default 1. */
  depthMultiplier?: M
  /** Distance between the kernel's taps, default 1. May go together with strides. */
  dilationRate?: D
  /** Adds a learned number per output channel, default true. */
  useBias?: boolean
  /** Applied to the output, default 'linear'. */
  activation?: Activation
  /** Default 'glorotUniform'. */
  kernelInitializer?: Initializer
  /** Default 'zeros'. */
  biasInitializer?: Initializer
}

type DepthwiseOut<I, K extends Size2d, S extends Size2d, P, M extends number, D extends Size2d> =
  WindowOut<I, 'depthwiseConv2d', Mul<Channels<I>, M>, K, S, P, D>

export interface DepthwiseConv2d<
  K extends Size2d, S extends Size2d = 1, P extends Padding2d = 'valid', M extends number = 1, D extends Size2d = 1,
> extends Callable {
  readonly kind: 'depthwiseConv2d'
  readonly [SETTINGS]: [K, S, P, M, D]
  readonly [OUT]: DepthwiseOut<Image<this[typeof IN], 'depthwiseConv2d'>, K, S, P, M, D>
}

type Factory = <
  const K extends Size2d, const S extends Size2d = 1, const P extends Padding2d = 'valid', const M extends number = 1,
  const D extends Size2d = 1,
>(config: DepthwiseConv2dConfig<K, S, P, M, D>) => DepthwiseConv2d<K, S, P, M, D>

const config = z.strictObject({
  kernelSize: pair,
  strides: pair.default([1, 1]),
  padding: padding.default('valid'),
  depthMultiplier: size.default(1),
  dilationRate: pair.default([1, 1]),
  useBias: z.boolean().default(true),
  activation: activation.default('linear'),
  kernelInitializer: initializer.default('glorotUniform'),
  biasInitializer: initializer.default('zeros'),
})
type Config = z.output<typeof config>

const windowOf = (c: Config): Window =>
  ({ size: c.kernelSize, strides: c.strides, dilations: c.dilationRate, padding: c.padding })

function outputChannels({ depthMultiplier }: Config, input: Dims): number | null {
  const channels = input[2] ?? null
  return channels === null ? null : channels * depthMultiplier
}

/**
 * A convolution of each channel of an image [height, width, channels] by itself, `depthMultiplier` times.
 *
 * Output [oh, ow, channels · depthMultiplier] with the sizes of conv2d; channel c · depthMultiplier + m is the m-th
 * made from input channel c. Weights: kernel [kh, kw, channels, depthMultiplier], bias [channels · depthMultiplier].
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-an-image`.
 */
export const depthwiseConv2d = withTypes<Factory>()(defineLayer({
  kind: 'depthwiseConv2d',
  category: 'convolution',
  summary: 'Slides learned kernels over each channel by itself.',
  summaryZh: '卷积核在每个通道上单独滑动。',
  formula: 'out = floor((in + P − D(K−1) − 1)/S) + 1; params = Kh·Kw·Cin·M + Cin·M; MACs = oh·ow·Kh·Kw·Cin·M',
  paper: {
    title: 'Rigid-motion scattering for image classification', authors: 'Sifre', year: 2014,
    url: 'https://arxiv.org/abs/1403.1687',
  },
  config,
  examples: [
    { config: { kernelSize: 3 }, inputs: [[6, 7, 3]] },
    { config: { kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2, activation: 'relu' }, inputs: [[7, 8, 2]] },
    { config: { kernelSize: [3, 2], strides: [1, 2], padding: [[1, 0], [2, 1]], useBias: false }, inputs: [[5, 6, 4]] },
    { config: { kernelSize: 3, dilationRate: [2, 1], strides: 2, padding: 2 }, inputs: [[8, 7, 2]] },
  ],
  letters({ config, inputs: [input], outputs: [out] }) {
    const window = windowOf(config)
    return {
      letters: {
        ...windowLetters(window, windowPads(window, input as Dims) as Sides, input as Dims, out as Dims),
        Cin: input?.[2] as number, M: config.depthMultiplier,
      },
      ...(config.useBias ? {} : { reads: { ' + Cin·M': '' } }),
    }
  },
  infer: ({ config, inputs: [input] }) =>
    inferWindow(windowOf(config), input as Dims, outputChannels(config, input as Dims)),
  weights({ config, inputs: [input] }) {
    const { kernelSize: [kh, kw], depthMultiplier, useBias, kernelInitializer, biasInitializer } = config
    const kernel = {
      name: 'kernel', shape: [kh, kw, input?.[2] ?? null, depthMultiplier], initializer: kernelInitializer,
      trainable: true, fans: { in: kh * kw, out: kh * kw * depthMultiplier },
    }
    const channels = outputChannels(config, input as Dims)
    return useBias ? [kernel, { name: 'bias', shape: [channels], initializer: biasInitializer, trainable: true }] : [kernel]
  },
  macs({ config: { kernelSize: [kh, kw] }, outputs }) {
    const [h, w, channels] = outputs[0] as Dims
    return h == null || w == null || channels == null ? null : h * w * channels * kh * kw
  },
  traits: ({ config, inputs: [input] }) => ({ ...outputTraits(config), groups: input?.[2] ?? 1 }),
  field: ({ config, inputs }) => windowField(windowOf(config), inputs[0] as Dims),
  withActivation: (c, added) => withActivation(c, added),
  scaled: ({ config: { activation: own } }) => (own === 'linear' ? scaleKernel : null),
  forward(op, { config, inputs }, [x], { kernel, bias }) {
    return op.depthwiseConv2d(x!, kernel!, bias ?? null, {
      strides: config.strides, dilations: config.dilationRate, activation: config.activation,
      pads: windowPads(windowOf(config), inputs[0] as Dims) as Sides,
    })
  },
}))
