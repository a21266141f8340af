// What pooling layers along one, two or three axes share: their windows and the keys of their configs.
import { z } from 'zod'
import { type Axes, type Padding, paddingOf, type Pair, type Rank, sizesOf } from './config.ts'
import type { WindowRule } from './field.ts'
import type { Inference, Site } from './layer.ts'
import type { Dims } from './tensor.ts'
import { inferWindow, type Window, windowField, windowPads } from './window.ts'

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
