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

function shape(d: Dice): Dims {
  const rank = d.chance(0.85) ? 3 : d.pick([0, 1, 2, 4])
  return Array.from({ length: rank }, () => size(d))
}

/** One number, or one for each axis. */
const pair = (d: Dice, most: number): number | [number, number] =>
  d.chance(0.5) ? d.upTo(most) : [d.upTo(most), d.upTo(most)]

function padding(d: Dice, below: number): unknown {
  const zeros = () => d.below(below)
  return d.pick(['valid', 'same', zeros(), [[zeros(), zeros()], [zeros(), zeros()]]])
}

/** The given keys, some of them left out. */
function optional(d: Dice, entries: Record<string, () => unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).flatMap(([key, make]) => (d.chance(0.5) ? [[key, make()]] : [])))
}

const weightKeys = (d: Dice): Record<string, unknown> => optional(d, {
  useBias: () => d.chance(0.5),
  activation: () => d.pick(activation.options),
  kernelInitializer: () => d.pick(['heNormal', { constant: 2 }]),
})

const window = (d: Dice): Record<string, unknown> => ({
  kernelSize: pair(d, d.pick([3, 11])),
  ...optional(d, { strides: () => pair(d, 4), padding: () => padding(d, 5), dilationRate: () => pair(d, 3) }),
  ...weightKeys(d),
})

function pool(d: Dice): Record<string, unknown> {
  const poolSize = pair(d, d.pick([3, 7]))
  const least = typeof poolSize === 'number' ? poolSize : Math.min(...poolSize)
  const rest = { strides: () => pair(d, 5), padding: () => padding(d, least), ceilMode: () => d.chance(0.7) }
  return { poolSize, ...optional(d, rest) }
}

function groupedConv(d: Dice): Record<string, unknown> {
  const groups = d.upTo(4)
  return { filters: d.chance(0.8) ? groups * d.upTo(20) : d.upTo(64), groups, ...window(d) }
}

/** A shape that holds as many numbers, most of the time. */
function reshaped(d: Dice, input: Dims): Dims {
  const known = input.map((axis) => axis ?? d.upTo(9))
  if (d.chance(0.2)) return [d.upTo(99), d.upTo(9)]
  return d.pick([known.toReversed(), [known.reduce((a, b) => a * b, 1)], known])
}

/** Two to four shapes that agree, most of the time. */
function several(d: Dice, agree: (shape: Dims) => Dims): readonly Dims[] {
  const first = shape(d)
  const hide = (dims: Dims): Dims => dims.map((axis) => (d.chance(0.15) ? null : axis))
  return Array.from({ length: d.upTo(4) }, () => (d.chance(0.1) ? shape(d) : hide(agree(first))))
}

const CONFIGS: Readonly<Record<string, (d: Dice, input: Dims) => Record<string, unknown>>> = {
  conv2d: (d) => (d.chance(0.5) ? groupedConv(d) : { filters: d.upTo(2048), ...window(d) }),
  depthwiseConv2d: (d) => ({ ...window(d), ...optional(d, { depthMultiplier: () => d.upTo(12) }) }),
  dense: (d) => ({ units: d.upTo(5000), ...weightKeys(d) }),
  maxPool2d: pool,
  avgPool2d: (d) => ({ ...pool(d), ...optional(d, { countIncludePad: () => d.chance(0.5) }) }),
  globalAvgPool2d: () => ({}),
  batchNorm: (d) => optional(d, { momentum: () => 0.9, epsilon: () => 1e-5, center: () => false, scale: () => false }),
  dropout: () => ({ rate: 0.5 }),
  flatten: () => ({}),
  reshape: (d, input) => ({ shape: reshaped(d, input) }),
  zeroPad2d: (d) => ({ padding: d.chance(0.5) ? d.below(9) : [[d.below(9), d.below(9)], [d.below(9), d.below(9)]] }),
  add: () => ({}),
  concat: () => ({}),
  deformableConv2d: (d) => ({
    ...(d.chance(0.5) ? groupedConv(d) : { filters: d.upTo(2048), ...window(d) }),
    ...optional(d, { offsetGroups: () => d.upTo(3), modulated: () => d.chance(0.7) }),
  }),
  elu: (d) => optional(d, { alpha: () => 0.5 }),
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
  const inputs = kind === 'add' ? several(d, (dims) => dims)
    : kind === 'concat' ? several(d, (dims) => dims.map((axis, at) => (at === dims.length - 1 ? size(d) : axis)))
    : d.chance(0.04) ? [shape(d), shape(d)] : [shape(d)]
  const config = (CONFIGS[kind] as (typeof CONFIGS)[string])(d, inputs[0] as Dims)
  return { kind, config, inputs: kind === 'deformableConv2d' && d.chance(0.5) ? guided(d, config, inputs[0] as Dims) : inputs }
}
