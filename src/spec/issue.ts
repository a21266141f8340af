// What can be wrong, as data; one renderer; one error that carries all of it at once.
import type { Dims } from './tensor.ts'
import { showDims } from './tensor.ts'

export type Severity = 'error' | 'warning' | 'info'

/** One thing that is wrong, and what would cure it. */
export interface Issue {
  /** Stable name, such as `shape/window-too-large`; the docs explain each. */
  readonly code: string
  readonly severity: Severity
  /** Where: the id of a node, the path of a config key, the name of a file. */
  readonly at: string
  /** The kind of the layer it concerns, where it concerns one. */
  readonly kind?: string
  /** What is wrong, with both numbers. */
  readonly message: string
  /** What arrived: shapes with the ids they come from. */
  readonly seen?: readonly { readonly shape: Dims; readonly from: string }[]
  /** One cure. */
  readonly hint?: string
}

const MARK: Record<Severity, string> = { error: '✖', warning: '⚠', info: 'ℹ' }

/** An issue as the user reads it. */
export function renderIssue(issue: Issue): string {
  const who = issue.kind === undefined ? issue.at : `${issue.at} (${issue.kind})`
  const message = /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`
  const lines = [`${MARK[issue.severity]} ${who}: ${message}`]
  for (const [index, { shape, from }] of (issue.seen ?? []).entries()) {
    lines.push(`    input ${index}   ${showDims(shape)}  from ${from}`)
  }
  lines.push(issue.hint === undefined ? `    ${issue.code}` : `    → ${issue.hint}          ${issue.code}`)
  return lines.join('\n')
}

/** Thrown for every mistake a user can make. `issues` has all of them; the message is their rendering. */
export class LayergraphError extends Error {
  override readonly name = 'LayergraphError'
  readonly issues: readonly Issue[]
  constructor(issues: readonly Issue[], options?: ErrorOptions) {
    super(issues.map(renderIssue).join('\n'), options)
    this.issues = issues
  }
}

/** The same check across copies of the package, where `instanceof` does not hold. */
export function isLayergraphError(error: unknown): error is LayergraphError {
  return error instanceof Error && error.name === 'LayergraphError' && Array.isArray((error as LayergraphError).issues)
}

/** A single error-level issue, ready to throw. */
export function failure(code: string, at: string, message: string, hint?: string, cause?: unknown): LayergraphError {
  const issue: Issue = { code, severity: 'error', at, message, ...(hint === undefined ? {} : { hint }) }
  return new LayergraphError([issue], cause === undefined ? undefined : { cause })
}
