// conv3d: convolution of a volume: the kernel moves in depth, height and width.
import type { Axes, Pair } from '../src/spec/config.ts'
import { convolutionPage, type ConvolutionSettings, convolutionWindow } from '../src/spec/convolution.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import type { Dims } from '../src/spec/tensor.ts'
import { windowPads } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { ConvOut, Padding3d, Size3d, Volume } from '../src/types/shape.ts'

/** What conv3d takes. */
export interface Conv3dConfig<
  F extends number = number, K extends Size3d = Size3d, S extends Size3d = Size3d,
  P extends Padding3d = Padding3d, D extends Size3d = Size3d, G extends number = number,
> extends ConvolutionSettings<F, K, S, P, D, G> {}

export interface Conv3d<
  F extends number, K extends Size3d, S extends Size3d = 1, P extends Padding3d = 'valid', D extends Size3d = 1,
  G extends number = 1,
> extends Callable {
  readonly kind: 'conv3d'
  readonly [SETTINGS]: [F, K, S, P, D, G]
  readonly [OUT]: ConvOut<Volume<this[typeof IN], 'conv3d'>, 'conv3d', F, K, S, P, D, G>
}

type Factory = <
  const F extends number, const K extends Size3d, const S extends Size3d = 1, const P extends Padding3d = 'valid',
  const D extends Size3d = 1, const G extends number = 1,
>(config: Conv3dConfig<F, K, S, P, D, G>) => Conv3d<F, K, S, P, D, G>

/**
 * Convolution of a volume [depth, height, width, channels] with `filters` kernels.
 *
 * Output [od, oh, ow, filters] with od = floor((d + front + back − D·(K−1) − 1) / S) + 1, and oh and ow likewise; with
 * padding 'same' ceil(d / S). Weights: kernel [kd, kh, kw, channels / groups, filters], bias [filters].
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/groups`, `shape/not-a-volume`.
 */
export const conv3d = withTypes<Factory>()(defineLayer({
  kind: 'conv3d',
  ...convolutionPage(3),
  summary: 'Slides learned kernels over a volume, such as a scan or the frames of a film.',
  summaryZh: '学习到的卷积核在体数据（如扫描或视频帧）上滑动。',
  formula: 'out = floor((in + P − D(K−1) − 1)/S) + 1; params = Kd·Kh·Kw·Cin/g·Cout + Cout; MACs = od·oh·ow·Kd·Kh·Kw·Cin/g·Cout',
  paper: {
    title: 'Learning spatiotemporal features with 3D convolutional networks',
    authors: 'Tran, Bourdev, Fergus, Torresani, Paluri', year: 2015, url: 'https://arxiv.org/abs/1412.0767',
  },
  examples: [
    { config: { filters: 3, kernelSize: 2 }, inputs: [[4, 5, 4, 2]] },
    { config: { filters: 2, kernelSize: [3, 1, 3], strides: [1, 2, 1], padding: 'same', activation: 'relu' }, inputs: [[5, 4, 3, 2]] },
    { config: { filters: 4, kernelSize: 2, groups: 2, padding: 1, strides: 2, useBias: false }, inputs: [[3, 4, 4, 4]] },
    { config: { filters: 2, kernelSize: [2, 3, 2], dilationRate: [2, 1, 2], padding: [[2, 1], [0, 1], [1, 0]] }, inputs: [[4, 4, 4, 1]] },
    { config: { filters: 3, kernelSize: [1, 3, 3] }, inputs: [[2, 4, 4, 2]] },
  ],
  forward(op, { config, inputs }, [x], { kernel, bias }) {
    return op.conv3d(x!, kernel!, bias ?? null, {
      strides: config.strides, dilations: config.dilationRate, groups: config.groups, activation: config.activation,
      pads: windowPads(convolutionWindow(config), inputs[0] as Dims) as readonly Pair[] as Axes<Pair, 3>,
    })
  },
}))
