// The zod vocabulary that layer configs share, and how a config is checked.
import { z } from 'zod'
import { type Issue, LayergraphError } from './issue.ts'

export const size = z.int().positive()
const natural = z.int().nonnegative()

type PairInput = number | readonly [number, number]
/** [height, width]. */
export type Pair = readonly [number, number]
/** [[top, bottom], [left, right]]. */
export type Sides = readonly [Pair, Pair]
/** Padding as stored: one number per side, unless it follows from the sizes. */
export type Padding = 'valid' | 'same' | Sides

/** One number for both axes or [height, width]; stored as [height, width]. */
export const pair = z
  .union([size, z.tuple([size, size]).readonly()])
  .transform((value: PairInput): Pair => (typeof value === 'number' ? [value, value] : [value[0], value[1]]))

const sidesTuple = z.tuple([z.tuple([natural, natural]).readonly(), z.tuple([natural, natural]).readonly()]).readonly()

function toSides(value: number | Sides): Sides {
  return typeof value === 'number' ? [[value, value], [value, value]] : value
}

/** Zeros on each side: one number for all four, or [[top, bottom], [left, right]]; stored as the latter. */
export const sides = z.union([natural, sidesTuple]).transform(toSides)

/** 'valid', 'same', one number for all sides, or [[top, bottom], [left, right]]. */
export const padding = z
  .union([z.enum(['valid', 'same']), natural, sidesTuple])
  .transform((value): Padding => (typeof value === 'string' ? value : toSides(value)))

/** Activations that a convolution or dense layer can apply to its own output. */
export const activation = z.enum(['linear', 'relu', 'sigmoid', 'tanh', 'softmax'])
export type Activation = z.output<typeof activation>

/** How weights start. */
export const initializer = z.union([
  z.enum(['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'zeros', 'ones']),
  z.strictObject({ constant: z.number() }),
])
export type Initializer = z.output<typeof initializer>

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
