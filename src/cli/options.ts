// What several commands share: options, the help of arguments, examples.
import { UsageError } from './failure.ts'

/** Gathers an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export const MODEL = 'a .ts, .js or .json file (file.ts#name for a named export), or a built-in name'
export const INPUT = 'other input sizes, such as 32x32x1 or ?x?x3; name=32x32x1 for one of several'
export const SET = "a setting of the model's config; may be repeated"
export const NODE = 'the id of a node, or a scope, which stands for its last node'

export interface ModelOptions {
  readonly set?: readonly string[]
}

export interface SizedOptions extends ModelOptions {
  readonly input?: readonly string[]
}

/** The examples at the end of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  $ ${line}`), ''].join('\n')

/** A whole number from `from`. */
export const whole = (option: string, from: number) => (text: string): number => {
  const value = Number(text)
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= from) return value
  throw new UsageError(`${option} takes a whole number${from === Number.MIN_SAFE_INTEGER ? '' : ` from ${from}`}, but gets "${text}"`)
}
