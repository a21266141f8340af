// A summary as markdown, for readmes and pull requests.
import type { Analysis } from '../analysis/analyze.ts'
import { groupFindings, showInputs, summaryRows, type TableOptions, totalsRows } from './rows.ts'

const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|')

const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`

/** A table. Columns of numbers are aligned at their right. */
export function markdownTable(
  head: readonly string[], numeric: readonly boolean[], body: readonly (readonly string[])[],
): string {
  const rule = `|${numeric.map((right) => (right ? '---:' : '---')).join('|')}|`
  return [line(head), rule, ...body.map(line)].join('\n')
}

/** A heading, one table of the nodes, a list of the totals and a list of the findings. */
export function summaryMarkdown(analysis: Analysis, table: TableOptions = {}): string {
  const { head, numeric, body } = summaryRows(analysis, table)
  const findings = groupFindings(analysis.findings).map(({ code, at, message, hint }) =>
    `- \`${at}\`: ${message}${hint === undefined ? '' : ` → ${hint}`} (\`${code}\`)`)
  const parts = [
    `## ${analysis.name}`,
    `Input: ${showInputs(analysis)}`,
    markdownTable(head, numeric, body),
    totalsRows(analysis).map(([name, value]) => `- ${name}: ${value}`).join('\n'),
    ...(findings.length === 0 ? [] : [findings.join('\n')]),
  ]
  return `${parts.join('\n\n')}\n`
}
