// What an error of the user's own file says, in one line and without our stack.
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { home } from './home.ts'

export interface Explanation {
  /** "digits.ts:12", or "digits.ts" when the line is not known. */
  readonly where: string
  readonly message: string
  readonly hint?: string
}

interface Place {
  readonly file: string
  readonly line: number
}

/** A path as the user would type it. */
export function showPath(file: string): string {
  const path = relative(process.cwd(), file)
  return path === '' || path.startsWith('..') ? file : path
}

/** Why loading `file` failed. */
export function explain(error: unknown, file: string): Explanation {
  if (!(error instanceof Error)) return { where: showPath(file), message: String(error) }
  const place = placeOf(error)
  const where = place === null ? showPath(file) : `${showPath(place.file)}:${place.line}`
  return compileError(error) ?? missingImport(error) ?? { where, message: said(error) }
}

const said = ({ name, message }: Error): string =>
  ['Error', 'SyntaxError'].includes(name) ? message : `${name}: ${message}`

/** esbuild, behind tsx, puts the place into the message. */
function compileError({ message }: Error): Explanation | null {
  const match = /^(.+?):(\d+):\d+: ERROR: (.*)$/m.exec(message)
  if (match === null) return null
  const [, file, line, what] = match as unknown as readonly string[]
  return { where: `${showPath(file as string)}:${line}`, message: what as string }
}

/** Node says which file asked for what is not there. */
function missingImport(error: Error): Explanation | null {
  const match = /^Cannot find (package|module) '([^']+)' imported from (\S+)/.exec(error.message)
  if (match === null) return null
  const [, kind, wanted, from] = match as unknown as readonly [string, string, string, string]
  const where = showPath(toPath(from))
  return kind === 'package'
    ? { where, message: `there is no package "${wanted}"`, hint: `npm install ${wanted}` }
    : { where, message: `there is no file ${showPath(toPath(wanted))}, which it imports` }
}

const toPath = (text: string): string =>
  text.startsWith('file:') ? fileURLToPath(text.replace(/\?.*$/, '')) : text

/** The innermost frame in the user's own code; a syntax error has its place in the first line of the stack. */
function placeOf(error: Error): Place | null {
  for (const line of (error.stack ?? '').split('\n')) {
    const match = /((?:file:\/\/|\/|[A-Z]:\\).*?):(\d+)(?::\d+)?\)?$/.exec(line)
    const isFrame = match !== null && (match.index === 0 || /^\s+at /.test(line))
    if (!isFrame || /\((node|internal):/.test(line) || /at node:/.test(line)) continue
    const file = toPath(match[1] as string)
    if (!isOurs(file)) return { file, line: Number(match[2]) }
  }
  return null
}

function isOurs(file: string): boolean {
  const { folder } = home()
  const inside = ['dist', 'src', 'layers', 'graphs'].some((name) => file.startsWith(`${folder}${name}${sep}`))
  return inside || file.includes(`${sep}node_modules${sep}`)
}
