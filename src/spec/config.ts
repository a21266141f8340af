// The zod vocabulary that layer configs share, and how a config is checked.
import { z } from 'zod'
import { type Issue, LayergraphError } from './issue.ts'

export const size = z.int().positive()
const natural = z.int().nonnegative()

/** How many axes a window slides along: steps, [height, width], or [depth, height, width]. */
export type Rank = 1 | 2 | 3
/** One value for each axis. */
export type Axes<T, N extends Rank> = N extends 1 ? readonly [T] : N extends 2 ? readonly [T, T] : readonly [T, T, T]

/** [height, width], or [before, after]. */
export type Pair = Axes<number, 2>
/** [[top, bottom], [left, right]]. */
export type Sides = Axes<Pair, 2>
/** Padding as stored: one number per side, unless it follows from the sizes. */
export type Padding<N extends Rank = 2> = 'valid' | 'same' | Axes<Pair, N>

function perAxis<T, N extends Rank>(rank: N, one: T): Axes<T, N> {
  return Array.from({ length: rank }, () => one) as readonly T[] as Axes<T, N>
}

function axesOf<T, N extends Rank>(rank: N, one: z.ZodType<T, T>): z.ZodType<Axes<T, N>, Axes<T, N>> {
  return z.tuple(perAxis(rank, one) as unknown as [typeof one]).readonly() as never
}

const sidesTuple = <N extends Rank>(rank: N) => axesOf<Pair, N>(rank, axesOf(2, natural))

function toSides<N extends Rank>(rank: N, value: number | Axes<Pair, N>): Axes<Pair, N> {
  return typeof value === 'number' ? perAxis<Pair, N>(rank, [value, value]) : value
}

const numbersOf = <N extends Rank>(rank: N, one: z.ZodType<number, number>) =>
  z.union([one, axesOf(rank, one)]).transform((value) => (typeof value === 'number' ? perAxis(rank, value) : value))

/** One number for all axes, or one for each; stored as the latter. */
export const sizesOf = <N extends Rank>(rank: N) => numbersOf(rank, size)
/** The same for numbers that may be 0. */
export const countsOf = <N extends Rank>(rank: N) => numbersOf(rank, natural)

/** Zeros on each side: one number for all, or [before, after] for each axis; stored as the latter. */
export const sidesOf = <N extends Rank>(rank: N) =>
  z.union([natural, sidesTuple(rank)]).transform((value) => toSides(rank, value))

/** 'valid', 'same', one number for all sides, or [before, after] for each axis. */
export const paddingOf = <N extends Rank>(rank: N) =>
  z.union([z.enum(['valid', 'same']), natural, sidesTuple(rank)])
    .transform((value): Padding<N> => (typeof value === 'string' ? value : toSides(rank, value)))

/** One number for both axes or [height, width]; stored as [height, width]. */
export const pair = sizesOf(2)
/** Zeros on each side: one number for all four, or [[top, bottom], [left, right]]; stored as the latter. */
export const sides = sidesOf(2)
/** 'valid', 'same', one number for all sides, or [[top, bottom], [left, right]]. */
export const padding = paddingOf(2)

/** Activations that a convolution or dense layer can apply to its own output: those that need no number. */
export const activation = z.enum([
  'linear', 'elu', 'gelu', 'hardSigmoid', 'hardSwish', 'logSoftmax', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'softmax',
  'softplus', 'tanh',
])
export type Activation = z.output<typeof activation>

/** How weights start. */
export const initializer = z.union([
  z.enum(['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'zeros', 'ones']),
  z.strictObject({ constant: z.number() }),
])
export type Initializer = z.output<typeof initializer>

/** How a kernel that enlarges images starts: 'bilinear' blends neighbouring pixels, each channel by itself. */
export const enlargingInitializer = z.union([initializer, z.literal('bilinear')])
export type EnlargingInitializer = z.output<typeof enlargingInitializer>

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

/** zod's findings as issues, each at the config key as the user typed it. */
export function configIssues(error: z.core.$ZodError, at: string, kind?: string): Issue[] {
  return error.issues.map((issue) => ({
    code: issue.code === 'unrecognized_keys' ? 'config/unknown-key' : 'config/invalid',
    severity: 'error' as const,
    at,
    ...(kind === undefined ? {} : { kind }),
    message: describe(issue),
    hint: issue.code === 'unrecognized_keys' ? `remove ${issue.keys.join(', ')}` : 'correct the value',
  }))
}

function describe(issue: z.core.$ZodIssue): string {
  const where = pathOf(issue.path)
  if (issue.code === 'invalid_union') {
    const reasons = issue.errors.map((branch) => branch.map((one) => one.message).join(' and '))
    const said = [...new Set(reasons)].join('; or ')
    return where === '' ? said : `${where}: ${said}`
  }
  return where === '' ? issue.message : `${where}: ${issue.message}`
}

/** A config checked and filled with its defaults. @throws LayergraphError with every finding at once. */
export function parseConfig<C>(schema: z.ZodType<C>, config: unknown, at: string): C {
  const parsed = schema.safeParse(config, { reportInput: true })
  if (parsed.success) return parsed.data
  throw new LayergraphError(configIssues(parsed.error, at))
}
