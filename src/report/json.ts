// A summary for programs.
import type { Analysis } from '../analysis/analyze.ts'

/** Arrays of nothing but numbers and null, spread over lines. (A line break within a text is written \n.) */
const NUMBERS = /\[\n\s+((?:-?[\d.e+-]+|null)(?:,\n\s+(?:-?[\d.e+-]+|null))*)\n\s+\]/g

/** The analysis as JSON. */
export const summaryJson = (analysis: Analysis): string => numbersOnLines(analysis)

/** JSON with a list of numbers to a line, and a line break at its end. */
export function numbersOnLines(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return `${text.replace(NUMBERS, (_array, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`
}
