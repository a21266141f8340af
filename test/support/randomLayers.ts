// Random layers with random configs and random inputs, some of which do not fit.
import { activation } from '../../src/spec/config.ts'
import { deformableConv2d } from '../../layers/deformableConv2d.ts'
import type { Dims, Size } from '../../src/spec/tensor.ts'
import type { Random } from '../../src/spec/random.ts'

/** A layer to be made from a config and used on inputs. */
export interface LayerCase {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inputs: readonly Dims[]
}

interface Dice {
  below(n: number): number
  /** From 1 to n. */
  upTo(n: number): number
  pick<T>(list: readonly T[]): T
  chance(p: number): boolean
}

function diceOf(random: Random): Dice {
  return {
    below: (n) => random.integer(n),
    upTo: (n) => 1 + random.integer(n),
    pick: (list) => list[random.integer(list.length)] as (typeof list)[number],
    chance: (p) => random.uniform() < p,
  }
}

const size = (d: Dice): Size => (d.chance(0.1) ? null : d.upTo(d.pick([4, 9, 64, 512, 4096])))

/** A shape of the usual rank, most of the time. */
function shape(d: Dice, usual = 3): Dims {
  const rank = d.chance(0.85) ? usual : d.pick([0, 1, 2, 3, 4, 5])
  return Array.from({ length: rank }, () => size(d))
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

/** One number, or one for each axis. */
const sizes = (d: Dice, most: number, axes = 2): number | number[] =>
  d.chance(0.5) ? d.upTo(most) : times(axes, () => d.upTo(most))

/** Zeros before and after on each axis. */
const sides = (d: Dice, below: number, axes = 2): number[][] => times(axes, () => [d.below(below), d.below(below)])

const padding = (d: Dice, below: number, axes = 2): unknown =>
  d.pick(['valid', 'same', d.below(below), sides(d, below, axes)])

/** The given keys, some of them left out. */
function optional(d: Dice, entries: Record<string, () => unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).flatMap(([key, make]) => (d.chance(0.5) ? [[key, make()]] : [])))
}

const weightKeys = (d: Dice): Record<string, unknown> => optional(d, {
  useBias: () => d.chance(0.5),
  activation: () => d.pick(activation.options),
  kernelInitializer: () => d.pick(['heNormal', { constant: 2 }]),
})

const window = (d: Dice, axes = 2): Record<string, unknown> => ({
  kernelSize: sizes(d, d.pick([3, 11]), axes),
  ...optional(d, {
    strides: () => sizes(d, 4, axes), padding: () => padding(d, 5, axes), dilationRate: () => sizes(d, 3, axes),
  }),
  ...weightKeys(d),
})

function pool(d: Dice, axes = 2): Record<string, unknown> {
  const poolSize = sizes(d, d.pick([3, 7]), axes)
  const least = typeof poolSize === 'number' ? poolSize : Math.min(...poolSize)
  const rest = { strides: () => sizes(d, 5, axes), padding: () => padding(d, least, axes), ceilMode: () => d.chance(0.7) }
  return { poolSize, ...optional(d, rest) }
}

function conv(d: Dice, axes = 2): Record<string, unknown> {
  if (d.chance(0.5)) return { filters: d.upTo(2048), ...window(d, axes) }
  const groups = d.upTo(4)
  return { filters: d.chance(0.8) ? groups * d.upTo(20) : d.upTo(64), groups, ...window(d, axes) }
}

/** Output padding, where there is some, is smaller than the strides. */
function transposed(d: Dice): Record<string, unknown> {
  const config = conv(d)
  if (config['padding'] === 'same' || d.chance(0.5)) return config
  const strides = [config['strides'] ?? 1].flat() as number[]
  const below = (axis: number): number => d.below(strides[axis] ?? strides[0] as number)
  return { ...config, outputPadding: d.chance(0.5) ? d.below(Math.min(...strides)) : [below(0), below(1)] }
}

const avgPool = (d: Dice, axes = 2): Record<string, unknown> =>
  ({ ...pool(d, axes), ...optional(d, { countIncludePad: () => d.chance(0.5) }) })

const crop = (d: Dice, axes = 2): Record<string, unknown> => ({ cropping: d.chance(0.5) ? d.below(4) : sides(d, 5, axes) })
const zeroPad = (d: Dice, axes = 2): Record<string, unknown> => ({ padding: d.chance(0.5) ? d.below(9) : sides(d, 9, axes) })
const upsample = (d: Dice, linear: string, axes = 2): Record<string, unknown> =>
  optional(d, { size: () => sizes(d, 5, axes), interpolation: () => d.pick(['nearest', linear]) })

/** A shape that holds as many numbers, most of the time. */
function reshaped(d: Dice, input: Dims): Dims {
  const known = input.map((axis) => axis ?? d.upTo(9))
  if (d.chance(0.2)) return [d.upTo(99), d.upTo(9)]
  return d.pick([known.toReversed(), [known.reduce((a, b) => a * b, 1)], known])
}

/** The numbers from 1 on in some order. */
const shuffled = (d: Dice, count: number): number[] => {
  const order: number[] = []
  for (let axis = 1; axis <= count; axis++) order.splice(d.below(order.length + 1), 0, axis)
  return order
}

/** Parts that make up a size, most of the time. */
function parts(d: Dice, size: Size): number | number[] {
  if (size === null || size < 3 || d.chance(0.3)) return d.chance(0.7) ? 2 : [d.upTo(9), d.upTo(9)]
  const first = d.upTo(size - 1)
  return [first, size - first]
}

/** A box within the shape, most of the time. */
function sliced(d: Dice, input: Dims): Record<string, unknown> {
  const axes = input.length > 0 && d.chance(0.9) ? input : [3, 3]
  const begin = axes.map((axis) => d.below(axis ?? 5))
  const size = axes.map((axis, at) => (d.chance(0.3) ? -1 : d.chance(0.1) ? d.upTo(60) : Math.max(1, (axis ?? 9) - (begin[at] as number))))
  return { begin, size }
}

/** The kinds of several tensors, and how those may differ. */
const MERGES: Readonly<Record<string, (d: Dice, dims: Dims) => Dims>> = {
  add: (_d, dims) => dims,
  average: (_d, dims) => dims,
  maximum: (_d, dims) => dims,
  multiply: (d, dims) => dims.slice(d.below(3)).map((axis) => (d.chance(0.3) ? 1 : axis)),
  concat: (d, dims) => dims.map((axis, at) => (at === dims.length - 1 ? size(d) : axis)),
}

/** Two to four shapes that agree, most of the time. */
function several(d: Dice, agree: (shape: Dims) => Dims): readonly Dims[] {
  const first = shape(d)
  const hide = (dims: Dims): Dims => dims.map((axis) => (d.chance(0.15) ? null : axis))
  return Array.from({ length: d.upTo(4) }, () => (d.chance(0.1) ? shape(d) : hide(agree(first))))
}

const CONFIGS: Readonly<Record<string, (d: Dice, input: Dims) => Record<string, unknown>>> = {
  conv1d: (d) => conv(d, 1),
  conv2d: (d) => conv(d),
  conv2dTranspose: transposed,
  conv3d: (d) => conv(d, 3),
  channelShuffle: (d) => ({ groups: d.upTo(3) }),
  crop1d: (d) => crop(d, 1),
  crop2d: (d) => crop(d),
  crop3d: (d) => crop(d, 3),
  depthToSpace: (d) => ({ blockSize: d.upTo(2) }),
  spaceToDepth: (d) => ({ blockSize: d.upTo(2) }),
  upsample1d: (d) => upsample(d, 'linear', 1),
  upsample2d: (d) => upsample(d, 'bilinear'),
  upsample3d: (d) => upsample(d, 'trilinear', 3),
  depthwiseConv2d: (d) => ({ ...window(d), ...optional(d, { depthMultiplier: () => d.upTo(12) }) }),
  dense: (d) => ({ units: d.upTo(5000), ...weightKeys(d) }),
  maxPool1d: (d) => pool(d, 1),
  maxPool2d: (d) => pool(d),
  maxPool3d: (d) => pool(d, 3),
  avgPool1d: (d) => avgPool(d, 1),
  avgPool2d: (d) => avgPool(d),
  avgPool3d: (d) => avgPool(d, 3),
  globalAvgPool2d: () => ({}),
  batchNorm: (d) => optional(d, { momentum: () => 0.9, epsilon: () => 1e-5, center: () => false, scale: () => false }),
  dropout: () => ({ rate: 0.5 }),
  flatten: () => ({}),
  reshape: (d, input) => ({ shape: reshaped(d, input) }),
  zeroPad1d: (d) => zeroPad(d, 1),
  zeroPad2d: (d) => zeroPad(d),
  zeroPad3d: (d) => zeroPad(d, 3),
  add: () => ({}),
  average: () => ({}),
  concat: (d, input) => optional(d, { axis: () => d.pick([-1, 1, 2, -2, Math.max(1, input.length)]) }),
  maximum: () => ({}),
  multiply: () => ({}),
  permute: (d, input) => ({ dims: shuffled(d, d.chance(0.9) ? Math.max(1, input.length) : d.upTo(4)) }),
  slice: sliced,
  split: (d, input) => ({ numOrSizeSplits: parts(d, input.at(-1) ?? null), ...optional(d, { axis: () => d.pick([-1, -1, 1, 4]) }) }),
  deformableConv2d: (d) => ({
    ...conv(d),
    ...optional(d, { offsetGroups: () => d.upTo(3), modulated: () => d.chance(0.7) }),
  }),
  elu: (d) => optional(d, { alpha: () => 0.5 }),
  adaptiveAvgPool2d: (d) => ({ outputSize: sizes(d, 9) }),
  adaptiveMaxPool2d: (d) => ({ outputSize: sizes(d, 9) }),
  dropPath: () => ({ rate: 0.1 }),
  globalMaxPool2d: () => ({}),
  globalWeightedPool2d: (d) => optional(d, { useBias: () => true }),
  groupNorm: (d) => optional(d, { groups: () => d.upTo(8), epsilon: () => 1e-5, center: () => false }),
  layerNorm: (d) => optional(d, { epsilon: () => 1e-5, scale: () => false }),
  localResponseNorm: (d) => optional(d, { size: () => d.upTo(7), k: () => 1, alpha: () => 0.1 }),
  spatialDropout2d: () => ({ rate: 0.2 }),
  spatialPyramidPool: (d) => optional(d, { bins: () => Array.from({ length: d.upTo(3) }, () => d.upTo(12)) }),
  gelu: (d) => optional(d, { approximate: () => true }),
  hardSigmoid: () => ({}),
  hardSwish: () => ({}),
  leakyRelu: (d) => optional(d, { alpha: () => 0.2 }),
  logSoftmax: () => ({}),
  prelu: (d) => optional(d, { shared: () => true, alphaInitializer: () => 'zeros' }),
  randomizedLeakyRelu: (d) => optional(d, { lower: () => 0.1, upper: () => 0.2 }),
  relu: () => ({}),
  relu6: () => ({}),
  selu: () => ({}),
  silu: () => ({}),
  softplus: () => ({}),
  sigmoid: () => ({}),
  tanh: () => ({}),
  softmax: () => ({}),
}

/** The rank that a kind's input must have, where it is not that of an image. */
const RANKS: Readonly<Record<string, number>> = {
  avgPool1d: 2, conv1d: 2, crop1d: 2, maxPool1d: 2, upsample1d: 2, zeroPad1d: 2,
  avgPool3d: 4, conv3d: 4, crop3d: 4, maxPool3d: 4, upsample3d: 4, zeroPad3d: 4,
}

/** The kinds that cases are made of. */
export const randomKinds: readonly string[] = Object.keys(CONFIGS)

/** The image with offsets, or with offsets and a mask, that fit it most of the time. */
function guided(d: Dice, config: Readonly<Record<string, unknown>>, image: Dims): readonly Dims[] {
  const parsed = deformableConv2d.config.parse(config as never)
  const alone = deformableConv2d.infer({ config: parsed, inputs: [image] })
  const [h, w] = 'outputs' in alone && d.chance(0.9) ? (alone.outputs[0] as Dims) : [d.upTo(9), d.upTo(9)]
  const taps = parsed.kernelSize[0] * parsed.kernelSize[1] * parsed.offsetGroups
  const hide = (dims: Dims): Dims => dims.map((axis) => (d.chance(0.1) ? null : axis))
  const guides = [2 * taps, taps].map((channels) => hide([h as Size, w as Size, d.chance(0.9) ? channels : d.upTo(99)]))
  const count = d.chance(0.9) ? (parsed.modulated ? 2 : 1) : d.upTo(3)
  return [image, ...[...guides, shape(d)].slice(0, count)]
}

/** One use of this kind of layer. */
export function randomLayer(kind: string, random: Random): LayerCase {
  const d = diceOf(random)
  const merge = MERGES[kind]
  const inputs = merge !== undefined ? several(d, (dims) => merge(d, dims))
    : d.chance(0.04) ? [shape(d), shape(d)] : [shape(d, RANKS[kind])]
  const config = (CONFIGS[kind] as (typeof CONFIGS)[string])(d, inputs[0] as Dims)
  return { kind, config, inputs: kind === 'deformableConv2d' && d.chance(0.5) ? guided(d, config, inputs[0] as Dims) : inputs }
}
