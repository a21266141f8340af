// What the command says when something is wrong, and the exit code that goes with it.
import { isLayergraphError } from '../spec/issue.ts'
import { explain, showPath } from './explain.ts'
import { colors } from './terminal.ts'

/** Exit codes: all is well; the model has errors; the command was used wrongly. */
export const EXIT = { fine: 0, model: 1, usage: 2 } as const

/** The command was used wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** The user's file failed with an error of its own, the cause. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly file: string
  constructor(file: string, cause: unknown) {
    super(`${showPath(file)} cannot be loaded`, { cause })
    this.file = file
  }
}

/** Prints what is wrong to stderr. Gives the exit code. */
export function reportFailure(error: unknown): number {
  const paint = colors(process.stderr)
  const print = (...lines: readonly string[]): void => {
    process.stderr.write(`${lines.join('\n').replaceAll('✖', paint.red('✖'))}\n`)
  }
  const say = (message: string, hint?: string): void =>
    print(`✖ ${message}`, ...(hint === undefined ? [] : [`    → ${hint}`]))
  if (error instanceof UsageError) {
    say(error.message, error.hint)
    return EXIT.usage
  }
  if (isLayergraphError(error)) print(error.message)
  else if (error instanceof FileError) {
    const { where, message, hint } = explain(error.cause, error.file)
    if (isLayergraphError(error.cause)) print(paint.dim(where), error.cause.message)
    else say(`${where}: ${message}`, hint)
  } else {
    const stack = error instanceof Error ? error.stack : String(error)
    say(`layergraph itself failed: ${stack}`, 'please report this, with the command you ran')
  }
  return EXIT.model
}
