// The operations that a layer's `forward` may use. Layers speak to this interface alone, so that they carry no
// tensor library; `src/ops` implements it on tfjs, each operation with its own gradient.
import type { Activation, Axes, Pair, Sides } from './config.ts'

/** A tensor while a model runs. Its shape has the batch dimension first. */
export interface Value {
  readonly shape: readonly number[]
}

export interface ConvolutionOptions {
  readonly strides: Pair
  readonly pads: Sides
  readonly dilations: Pair
  readonly activation: Activation
}

export interface DeformableOptions extends ConvolutionOptions {
  readonly groups: number
  /** Slices of the channels with offsets of their own. */
  readonly offsetGroups: number
}

export interface PoolOptions {
  readonly poolSize: Pair
  readonly strides: Pair
  readonly pads: Sides
  /** Output [height, width]; says how many windows there are, so that ceil mode needs no word of its own. */
  readonly outputSize: Pair
}

/** What a convolution of volumes takes; lists are [depth, height, width]. */
export interface Convolution3dOptions {
  readonly strides: Axes<number, 3>
  readonly pads: Axes<Pair, 3>
  readonly dilations: Axes<number, 3>
  readonly groups: number
  readonly activation: Activation
}

/** What pooling of volumes takes; lists are [depth, height, width]. */
export interface Pool3dOptions {
  readonly poolSize: Axes<number, 3>
  readonly strides: Axes<number, 3>
  readonly pads: Axes<Pair, 3>
  readonly outputSize: Axes<number, 3>
}

export interface UpsampleOptions {
  /** Whole factors [vertical, horizontal]. */
  readonly size: Pair
  /** Bilinear: half-pixel centres, clipped to the image. */
  readonly interpolation: 'nearest' | 'bilinear'
}

/** The activations that layers have: the words of configs, and those that take a number or are no word of their own. */
export type ActivationFunction = Activation | 'geluTanh' | 'leakyRelu'

export interface RandomSlopeOptions {
  readonly lower: number
  readonly upper: number
  readonly seed: number
}

export interface BatchNormOptions {
  readonly epsilon: number
  /** Mean and variance are those of x. */
  readonly batchStatistics: boolean
  /** Default 'linear'. */
  readonly activation?: Activation
}

export interface GroupNormOptions {
  readonly groups: number
  readonly epsilon: number
  /** Of each position by itself, or of each sample over all its positions. */
  readonly over: 'position' | 'sample'
}

export interface LocalResponseNormOptions {
  readonly size: number
  readonly k: number
  readonly alpha: number
  readonly beta: number
}

export interface DropoutOptions {
  readonly rate: number
  readonly seed: number
  /** The shape of what is decided, sizes of 1 repeated; default that of x. */
  readonly noiseShape?: readonly number[]
}

export interface Ops {
  /**
   * x [batch, h, w, in], kernel [kh, kw, in / groups, out], bias [out]. `pool`: maxPool2d of that, in one go where a kernel
   * does both.
   */
  conv2d(
    x: Value, kernel: Value, bias: Value | null,
    options: ConvolutionOptions & { readonly groups: number; readonly pool?: PoolOptions; readonly shuffle?: number },
  ): Value
  /**
   * The transpose of the convolution whose input has `outputSize`: x [batch, h, w, in], kernel [kh, kw, out / groups, in],
   * bias [out]. The pads are those of that convolution, so they cut off.
   */
  conv2dTranspose(
    x: Value, kernel: Value, bias: Value | null,
    options: ConvolutionOptions & { readonly groups: number; readonly outputSize: Pair },
  ): Value
  /** x [batch, d, h, w, in], kernel [kd, kh, kw, in / groups, out], bias [out]. */
  conv3d(x: Value, kernel: Value, bias: Value | null, options: Convolution3dOptions): Value
  /** x [batch, h, w, c], kernel [kh, kw, c, multiplier]; output channel c · multiplier + m. */
  depthwiseConv2d(x: Value, kernel: Value, bias: Value | null, options: ConvolutionOptions): Value
  /**
   * x [batch, h, w, in], offsets [batch, oh, ow, offsetGroups·kh·kw·2] in pixels (down, right), mask [batch, oh, ow,
   * offsetGroups·kh·kw] or none, kernel [kh, kw, in / groups, out], bias [out].
   */
  deformConv2d(
    x: Value, offsets: Value, mask: Value | null, kernel: Value, bias: Value | null,
    options: DeformableOptions,
  ): Value
  /** x [..., in], kernel [in, units], bias [units]. */
  dense(x: Value, kernel: Value, bias: Value | null, activation: Activation): Value
  maxPool2d(x: Value, options: PoolOptions): Value
  /** `includePad`: padded zeros count in the average (PyTorch's default), or not (Keras). */
  avgPool2d(x: Value, options: PoolOptions & { readonly includePad: boolean }): Value
  maxPool3d(x: Value, options: Pool3dOptions): Value
  avgPool3d(x: Value, options: Pool3dOptions & { readonly includePad: boolean }): Value
  /** x [batch, h, w, c] → [batch, c]. */
  globalAvgPool2d(x: Value): Value
  /** Maximum or average of each of outputSize bins, which may overlap. */
  adaptivePool2d(x: Value, options: { readonly outputSize: Pair; readonly mode: 'max' | 'average' }): Value
  /** Statistics of the batch over all but the last axis; the variance is the biased one. Not differentiated. */
  moments(x: Value): { readonly mean: Value; readonly variance: Value }
  /** (x − mean) / √(variance + ε) · gamma + beta, then the activation. */
  batchNorm(
    x: Value, mean: Value, variance: Value, gamma: Value | null, beta: Value | null, options: BatchNormOptions,
  ): Value
  /** (x − mean) / √(variance + ε) · gamma + beta, statistics of each group of channels within a sample or position. */
  groupNorm(x: Value, gamma: Value | null, beta: Value | null, options: GroupNormOptions): Value
  /** x · (k + alpha · Σ x²)^−beta, the sum over `size` neighbouring channels. */
  localResponseNorm(x: Value, options: LocalResponseNormOptions): Value
  /** x · keep / (1 − rate), where the seed decides what is kept. */
  dropout(x: Value, options: DropoutOptions): Value
  /** `alpha`: the number that leakyRelu (default 0.01) and elu (default 1) take. */
  activation(x: Value, kind: ActivationFunction, alpha?: number): Value
  /** x, or alpha · x where x ≤ 0; alpha [channels] of the last axis, or [1] for all. */
  prelu(x: Value, alpha: Value): Value
  /** x, or x times a slope drawn from lower…upper for each number where x ≤ 0; lower ≥ 0. */
  randomSlope(x: Value, options: RandomSlopeOptions): Value
  reshape(x: Value, shape: readonly number[]): Value
  zeroPad2d(x: Value, pads: Sides): Value
  /** x without so many rows and columns on each side. */
  crop2d(x: Value, cut: Sides): Value
  /** [batch, h, w, c] → [batch, h · size[0], w · size[1], c]. */
  upsample2d(x: Value, options: UpsampleOptions): Value
  /** Output channel i · groups + g is channel g · (channels / groups) + i. */
  channelShuffle(x: Value, groups: number): Value
  /** [batch, h, w, block² · c] → [batch, h · block, w · block, c]; channel (i · block + j) · c + k goes i down, j right. */
  depthToSpace(x: Value, block: number): Value
  /** The inverse of depthToSpace. */
  spaceToDepth(x: Value, block: number): Value
  /** Along the last axis, or another one; axes count with the batch. */
  concat(xs: readonly Value[], axis?: number): Value
  /** Parts of these sizes along an axis; two or more. */
  split(x: Value, sizes: readonly number[], axis: number): readonly Value[]
  /** `size` numbers from `begin` on, along every axis. */
  slice(x: Value, begin: readonly number[], size: readonly number[]): Value
  /** Output axis a is input axis `axes[a]`. */
  transpose(x: Value, axes: readonly number[]): Value
  /** The sum, then the activation, default 'linear'. */
  add(xs: readonly Value[], activation?: Activation): Value
  average(xs: readonly Value[]): Value
  /** The gradient goes to the first of the largest. */
  maximum(xs: readonly Value[]): Value
  /** Of one rank; sizes of 1 are repeated. */
  multiply(a: Value, b: Value): Value
  /** a · x + b · y with plain numbers; not differentiated. For moving statistics. */
  blend(x: Value, y: Value, a: number, b: number): Value
}
