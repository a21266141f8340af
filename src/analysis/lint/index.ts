// lint(): what deserves a look in a graph, each with a stable code, a severity and one cure.
import type { GraphData } from '../../graph/graph.ts'
import { failure, type Issue, type Severity } from '../../spec/issue.ts'
import { type LintRule, makeContext, toIssue } from './context.ts'
import { costRules } from './cost.ts'
import { fieldRules } from './field.ts'
import { trainingRules } from './training.ts'
import { type UnitActivity, unitFindings, unitRules } from './units.ts'

export type { LintRule, UnitActivity }

export const lintRules: readonly LintRule[] = [...fieldRules, ...trainingRules, ...costRules]

/** Codes that `analyze` reports on its own. */
export const ANALYSIS_CODES = ['field/misaligned-stride', 'field/misaligned-centre', 'field/unknown', 'params/unknown', 'macs/uncounted'] as const

export interface LintOptions {
  /** Another severity for a code, or 'off'. */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>
  /** Findings not to report: a code, or any; at a node, or all nodes of a scope: "head/*". */
  readonly ignore?: readonly { readonly code?: string; readonly at: string }[]
  /** What `measureUnits` from layergraph/runtime saw of the units on real images, to be judged too. */
  readonly units?: readonly UnitActivity[]
}

const matches = (pattern: string, id: string): boolean =>
  (pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern)

function checkCodes({ rules = {}, ignore = [] }: LintOptions): void {
  const known: readonly string[] = [...lintRules, ...unitRules].map(({ code }) => code).concat(ANALYSIS_CODES)
  for (const code of [...Object.keys(rules), ...ignore.flatMap((one) => (one.code === undefined ? [] : [one.code]))]) {
    if (!known.includes(code)) throw failure('lint/unknown-code', code, 'is not the code of a finding', `codes are ${known.join(', ')}`)
  }
  for (const [code, severity] of Object.entries(rules)) {
    if (!['error', 'warning', 'info', 'off'].includes(severity)) throw failure('lint/severity', code, `its severity is "${severity}"`, 'use error, warning, info or off')
  }
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info']

/**
 * The findings of a graph, most severe first, those of `analyze` among them.
 *
 * @throws LayergraphError `lint/unknown-code`, `lint/severity`.
 */
export function lint(graph: GraphData, options: LintOptions = {}): readonly Issue[] {
  checkCodes(options)
  const { rules = {}, ignore = [], units = [] } = options
  const context = makeContext(graph)
  const found = [
    ...context.analysis.findings,
    ...lintRules.flatMap((rule) => (rules[rule.code] === 'off' ? [] : rule.check(context).map((one) => toIssue(rule, rule.severity, one)))),
    ...unitFindings(units),
  ]
  const position = new Map(graph.nodes.map(({ id }, index) => [id, index]))
  return found
    .filter(({ code, at }) => rules[code] !== 'off' && !ignore.some((one) => (one.code === undefined || one.code === code) && matches(one.at, at)))
    .map((issue) => ({ ...issue, severity: (rules[issue.code] as Severity | undefined) ?? issue.severity }))
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || (position.get(a.at) ?? -1) - (position.get(b.at) ?? -1))
}
