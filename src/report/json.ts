// A summary for programs.
import type { Analysis } from '../analysis/analyze.ts'

/** The analysis as JSON, with a line break at its end. */
export function summaryJson(analysis: Analysis): string {
  return `${JSON.stringify(analysis, null, 2)}\n`
}
