// A summary for programs.
import type { Analysis } from '../analysis/analyze.ts'

/** Arrays of nothing but numbers and null, spread over lines. (A line break within a text is written \n.) */
const NUMBERS = /\[\n\s+((?:-?[\d.]+|null)(?:,\n\s+(?:-?[\d.]+|null))*)\n\s+\]/g

/** The analysis as JSON, a shape to a line, with a line break at its end. */
export function summaryJson(analysis: Analysis): string {
  const text = JSON.stringify(analysis, null, 2)
  return `${text.replace(NUMBERS, (_array, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`
}
