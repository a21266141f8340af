// What pooling layers along one, two or three axes share: their windows and the keys of their configs.
import { z } from 'zod'
import type { Sizes } from '../types/shape.ts'
import { type Axes, type Padding, paddingOf, type Pair, type Rank, sizesOf } from './config.ts'
import type { WindowRule } from './field.ts'
import type { Filling } from './formula.ts'
import type { Inference, Site } from './layer.ts'
import type { Dims } from './tensor.ts'
import { inferWindow, type Window, windowField, windowLetters, windowPads } from './window.ts'

/** The part of a pooling layer's config that is its window. */
export interface PoolConfig<N extends Rank = Rank> {
  readonly poolSize: Axes<number, N>
  readonly strides: Axes<number, N>
  readonly padding: Padding<N>
  readonly ceilMode: boolean
}

/** The zod keys of pooling along so many axes. */
export const poolKeys = <N extends Rank>(rank: N) => ({
  poolSize: sizesOf(rank),
  strides: sizesOf(rank).optional(),
  // zod cannot see that 'valid' is a padding while N is not known.
  padding: paddingOf(rank).default('valid' as never),
  ceilMode: z.boolean().default(false),
})

/** Strides that were left out are those of the pool. */
export function wholeStrides<C extends { readonly poolSize: unknown; readonly strides?: unknown }>(
  { poolSize, strides = poolSize, ...rest }: C,
): Omit<C, 'strides'> & { readonly strides: C['poolSize'] } {
  return { poolSize, strides, ...rest } as unknown as Omit<C, 'strides'> & { readonly strides: C['poolSize'] }
}

/** A zod refinement: padding as wide as the window would leave windows without a single pixel of the image. */
export function poolIssues(
  { poolSize, padding }: { readonly poolSize: readonly number[]; readonly padding: Padding<Rank> },
  report: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  if (typeof padding === 'string') return
  const most = padding.map((sides) => Math.max(...sides))
  if (most.every((zeros, axis) => zeros < (poolSize[axis] as number))) return
  const message = `must be smaller than the window of ${poolSize.join('×')}, but is ${most.join('×')}`
  report.addIssue({ code: 'custom', path: ['padding'], message })
}

const poolWindow = ({ poolSize, strides, padding, ceilMode }: PoolConfig): Window =>
  ({ size: poolSize, strides, dilations: poolSize.map(() => 1), padding, ceilMode })

interface Use {
  readonly config: PoolConfig
  readonly inputs: readonly Dims[]
}

export const inferPool = ({ config, inputs: [input] }: Use): Inference =>
  inferWindow(poolWindow(config), input as Dims, input?.at(-1) ?? null)

export const poolField = ({ config, inputs }: Use): WindowRule => windowField(poolWindow(config), inputs[0] as Dims)

/** What the pooling operations take, for known sizes. */
export function poolOptions<N extends Rank>({ config, inputs, outputs }: Site<PoolConfig<N>>) {
  return {
    poolSize: config.poolSize, strides: config.strides,
    outputSize: outputs[0]?.slice(0, -1) as readonly number[] as Axes<number, N>,
    pads: windowPads(poolWindow(config as PoolConfig), inputs[0] as Dims) as readonly Pair[] as Axes<Pair, N>,
  }
}

// ── what the pages have in common ───────────────────────────────────────────

/** What pooling along one, two or three axes takes, with the literals that its types remember. */
export interface PoolSettings<
  K extends Sizes, S extends Sizes, P extends 'valid' | 'same' | number | readonly Pair[], C extends boolean,
> {
  /** One number for all axes, or one for each: [height, width] on an image. */
  poolSize: K
  /** Step of the window, default `poolSize`. */
  strides?: S
  /** 'valid' (default), 'same' (output size ceil(size / stride)), a number for all sides, or [before, after] of each axis: [[top, bottom], [left, right]] on an image. Numbers must be smaller than the window. */
  padding?: P
  /** Rounds the output size up, so that a last window may hang over the edge, default false. */
  ceilMode?: C
}

/** What average pooling takes. */
export interface AveragePoolSettings<
  K extends Sizes, S extends Sizes, P extends 'valid' | 'same' | number | readonly Pair[], C extends boolean,
> extends PoolSettings<K, S, P, C> {
  /** Counts padded zeros as numbers of the average (PyTorch's default); default false, as in Keras. */
  countIncludePad?: boolean
}

/** The letters of the formula. It reads "ceil" where ceilMode adds a window; one that would start beyond the image is left out. */
function poolLetters({ config, inputs, outputs }: Site<PoolConfig>): Filling {
  const [input, out] = [inputs[0] as Dims, outputs[0] as Dims]
  const window = poolWindow(config)
  const pads = windowPads(window, input) as readonly Pair[]
  const floors = inferWindow({ ...window, ceilMode: false }, input, input.at(-1) ?? null)
  const same = 'outputs' in floors && floors.outputs[0]?.every((size, axis) => size === out[axis]) === true
  return { letters: windowLetters(window, pads, input, out), ...(same ? {} : { reads: { floor: 'ceil' } }) }
}

const poolPage = <C extends object>() => ({
  category: 'pooling' as const,
  formula: 'out = floor((in + P − K)/S) + 1, ceil with ceilMode; no parameters; no multiplications',
  letters: (site: Site<C>): Filling => poolLetters(site as unknown as Site<PoolConfig>),
  infer: (use: Pick<Site<C>, 'config' | 'inputs'>): Inference => inferPool(use as unknown as Use),
  macs: () => 0,
  field: (site: Site<C>): WindowRule => poolField(site as unknown as Use),
})

/** Of max pooling along so many axes. */
export const maxPoolPage = <N extends Rank>(rank: N) => ({
  ...poolPage<PoolConfig<N>>(),
  config: z.strictObject(poolKeys(rank)).superRefine(poolIssues).transform(wholeStrides),
  paper: {
    title: 'Evaluation of pooling operations in convolutional architectures for object recognition',
    authors: 'Scherer, Müller, Behnke', year: 2010, url: 'https://doi.org/10.1007/978-3-642-15825-4_10',
  },
})

/** Of average pooling along so many axes. */
export const avgPoolPage = <N extends Rank>(rank: N) => ({
  ...poolPage<PoolConfig<N> & { readonly countIncludePad: boolean }>(),
  config: z.strictObject({ ...poolKeys(rank), countIncludePad: z.boolean().default(false) }).superRefine(poolIssues).transform(wholeStrides),
  paper: {
    title: 'Gradient-based learning applied to document recognition', authors: 'LeCun, Bottou, Bengio, Haffner',
    year: 1998, url: 'https://doi.org/10.1109/5.726791',
  },
})
