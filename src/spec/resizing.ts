// What cutting, padding and enlarging along one, two or three axes share: config keys, shapes, fields.
import { z } from 'zod'
import type { Sizes } from '../types/shape.ts'
import { type Axes, type Pair, type Rank, sidesOf, sizesOf } from './config.ts'
import { cropField, type FieldRule, type WindowRule, upsampleField } from './field.ts'
import type { Filling } from './formula.ts'
import { type Inference, misfit, output, type Site } from './layer.ts'
import type { Ops, Value } from './ops.ts'
import { type Dims, showDims, type Size } from './tensor.ts'
import { axesMisfit, PLACES } from './window.ts'

type AnySides = number | readonly Pair[]

/** What cutting off edges takes. */
export interface CropSettings<P extends AnySides> {
  /** What to cut off: one number for all sides, or [before, after] of each axis: [[top, bottom], [left, right]] on an image. */
  cropping: P
}

/** What padding takes. */
export interface PadSettings<P extends AnySides> {
  /** Zeros: one number for all sides, or [before, after] of each axis: [[top, bottom], [left, right]] on an image. */
  padding: P
}

/** What enlarging takes. */
export interface UpsampleSettings<S extends Sizes, Linear extends string> {
  /** How many times larger: one number for all axes, or one for each: [vertical, horizontal] on an image; default 2. */
  size?: S
  /** 'nearest' (default) repeats; the other blends neighbours along each axis. */
  interpolation?: 'nearest' | Linear
}

type Use<C> = Pick<Site<C>, 'config' | 'inputs'>

/** The input with another size along each axis, or why it is none of that rank. */
function resized(rank: Rank, [input]: readonly Dims[], grow: (size: number, axis: number) => number): Inference {
  const wrong = axesMisfit(rank, input as Dims)
  if (wrong !== null) return { misfits: [wrong] }
  const sizes = (input as Dims).slice(0, -1).map((size, axis): Size => (size === null ? null : grow(size, axis)))
  return output([...sizes, (input as Dims).at(-1) ?? null])
}

const both = (sides: readonly Pair[], axis: number): number => (sides[axis] as Pair)[0] + (sides[axis] as Pair)[1]
const sidesFor = <N extends Rank>(sides: Axes<Pair, N>): readonly Pair[] => sides as unknown as readonly Pair[]

const sizesIn = ([input]: readonly Dims[]): readonly number[] => (input as Dims).slice(0, -1) as readonly number[]
const sidesLetters = (sides: readonly Pair[], inputs: readonly Dims[]): Filling =>
  ({ letters: { in: sizesIn(inputs), before: sides.map(([before]) => before), after: sides.map(([, after]) => after) } })

/** The config of cutting off. */
export interface Cropping<N extends Rank> { readonly cropping: Axes<Pair, N> }

/** Of cutting off along so many axes. */
export const cropPage = <N extends Rank>(rank: N) => ({
  category: 'reshape' as const,
  formula: 'out = in − before − after; no parameters; no MACs',
  letters: ({ config, inputs }: Site<Cropping<N>>): Filling => sidesLetters(sidesFor(config.cropping), inputs),
  config: z.strictObject({ cropping: sidesOf(rank) }),
  infer({ config, inputs }: Use<Cropping<N>>): Inference {
    const cut = sidesFor(config.cropping)
    const cropped = resized(rank, inputs, (size, axis) => size - both(cut, axis))
    if (!('outputs' in cropped) || cropped.outputs[0]?.slice(0, -1).every((size) => (size ?? 1) > 0) === true) return cropped
    const off = cut.map((_sides, axis) => both(cut, axis)).join('×')
    return misfit('shape/all-cut', `cutting off ${off} ${PLACES[rank]} leaves nothing of ${showDims(inputs[0] as Dims)}`, 'cut off less')
  },
  macs: () => 0,
  field: ({ config }: Site<Cropping<N>>): WindowRule => cropField(sidesFor(config.cropping)),
})

/** The config of padding. */
export interface ZeroPadding<N extends Rank> { readonly padding: Axes<Pair, N> }

/** Of zeros around, along so many axes. */
export const padPage = <N extends Rank>(rank: N) => ({
  category: 'reshape' as const,
  formula: 'out = in + before + after; no parameters; no MACs',
  letters: ({ config, inputs }: Site<ZeroPadding<N>>): Filling => sidesLetters(sidesFor(config.padding), inputs),
  config: z.strictObject({ padding: sidesOf(rank) }),
  infer: ({ config, inputs }: Use<ZeroPadding<N>>): Inference =>
    resized(rank, inputs, (size, axis) => size + both(sidesFor(config.padding), axis)),
  macs: () => 0,
  field({ config }: Site<ZeroPadding<N>>): WindowRule {
    const ones = Array.from({ length: rank }, () => 1)
    return { rule: 'window', size: ones, strides: ones, dilations: ones, pads: sidesFor(config.padding) }
  },
})

/** The config of enlarging. */
export interface Upsampling<N extends Rank, Linear extends string> {
  readonly size: Axes<number, N>
  readonly interpolation: 'nearest' | Linear
}

/** Of enlarging along so many axes; `linear` is what blending goes by there. */
export const upsamplePage = <N extends Rank, Linear extends string>(rank: N, linear: Linear) => ({
  category: 'reshape' as const,
  formula: 'out = in · size; no parameters; no MACs of learned weights',
  letters: ({ config: { size }, inputs }: Site<Upsampling<N, Linear>>): Filling => ({ letters: { in: sizesIn(inputs), size } }),
  config: z.strictObject({
    size: sizesOf(rank).default(Array.from({ length: rank }, () => 2) as never),
    interpolation: z.enum(['nearest', linear]).default('nearest' as never),
  }),
  infer: ({ config, inputs }: Use<Upsampling<N, Linear>>): Inference =>
    resized(rank, inputs, (size, axis) => size * (config.size[axis] as number)),
  macs: () => 0,
  field: ({ config: { size, interpolation }, inputs, outputs }: Site<Upsampling<N, Linear>>): FieldRule => (interpolation === 'nearest'
    ? upsampleField(size)
    : {
        rule: 'resize', method: 'linear', align: 'halfPixel',
        from: (inputs[0] as Dims).slice(0, -1), to: (outputs[0] as Dims).slice(0, -1),
      }),
})

/**
 * What an operation on images does to volumes, where each axis is changed by itself: height and width slice by slice, then
 * the depth of what is there.
 */
export function byVolume(
  op: Ops, { inputs, outputs }: Site, x: Value, { slices, depth }: { slices(x: Value): Value; depth(x: Value): Value },
): Value {
  const [batch] = x.shape as readonly [number]
  const [d, h, w, c] = inputs[0] as readonly [number, number, number, number]
  const [, oh, ow] = outputs[0] as readonly [number, number, number, number]
  const flat = slices(op.reshape(x, [batch * d, h, w, c]))
  return op.reshape(depth(op.reshape(flat, [batch, d, oh * ow, c])), [batch, ...outputs[0] as readonly number[]])
}
