// What the command says when something is wrong, and the exit code that goes with it.
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLayergraphError } from '../spec/issue.ts'
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

/** The user's file failed with an error of its own. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly file: string
  constructor(file: string, cause: unknown) {
    super(`${showPath(file)} cannot be loaded`, { cause })
    this.file = file
  }
}

/** A path as the user would type it. */
export function showPath(file: string): string {
  const path = relative(process.cwd(), file)
  return path === '' || path.startsWith('..') ? file : path
}

/** Prints what is wrong to stderr. Gives the exit code. */
export function reportFailure(error: unknown): number {
  const paint = colors(process.stderr)
  const say = (mark: string, message: string, ...more: readonly string[]): void => {
    process.stderr.write([`${paint.red(mark)} ${message}`, ...more.map((line) => `    ${line}`), ''].join('\n'))
  }
  if (error instanceof UsageError) {
    say('✖', error.message, ...(error.hint === undefined ? [] : [`${paint.dim('→')} ${error.hint}`]))
    return EXIT.usage
  }
  if (isLayergraphError(error)) {
    process.stderr.write(`${error.message.replaceAll('✖', paint.red('✖'))}\n`)
    return EXIT.model
  }
  if (error instanceof FileError) {
    reportFile(error, say, paint.dim)
    return EXIT.model
  }
  const message = error instanceof Error ? error.stack ?? error.message : String(error)
  say('✖', `layergraph itself failed: ${message}`, 'please report this, with the command you ran')
  return EXIT.model
}

type Say = (mark: string, message: string, ...more: readonly string[]) => void

function reportFile({ file, cause }: FileError, say: Say, dim: (text: string) => string): void {
  const place = placeOf(cause)
  const where = place === null ? showPath(file) : `${showPath(place.file)}:${place.line}`
  if (isLayergraphError(cause)) {
    process.stderr.write(`${dim(where)}\n`)
    reportFailure(cause)
    return
  }
  const missing = missingPackage(cause)
  if (missing !== null) say('✖', `${showPath(file)}: there is no package "${missing}"`, `${dim('→')} npm install ${missing}`)
  else say('✖', `${where}: ${messageOf(cause)}`)
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.name === 'Error' ? error.message : `${error.name}: ${error.message}`) : String(error)

/** The package that a failed import asked for. */
function missingPackage(error: unknown): string | null {
  if ((error as { code?: unknown } | null)?.code !== 'ERR_MODULE_NOT_FOUND') return null
  return /^Cannot find package '([^']+)'/.exec((error as Error).message)?.[1] ?? null
}

/** Errors of a document or a model's settings have no place in a file of code. */
export interface Place { readonly file: string; readonly line: number }

/** The innermost frame of an error in the user's own code. */
export function placeOf(error: unknown): Place | null {
  if (!(error instanceof Error) || error.stack === undefined) return null
  for (const [, path, line] of error.stack.matchAll(/(?:\(|at )?((?:file:\/\/)?\/[^\s()?]+)(?:\?[^:\s]*)?:(\d+)(?::\d+)?\)?/g)) {
    const file = (path as string).startsWith('file:') ? fileURLToPath(path as string) : path as string
    if (!isOurs(file)) return { file, line: Number(line) }
  }
  return null
}

const HOME = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

function isOurs(file: string): boolean {
  return file.includes('/node_modules/') || ['src', 'layers', 'graphs'].some((folder) => file.startsWith(`${HOME}/${folder}/`))
}
