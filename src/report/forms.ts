// The forms that the report of a training takes.
import { type TrainingReport, trainingMarkdown } from './training.ts'
import { trainingHtml } from './trainingHtml.ts'

export interface ReportForm {
  readonly file: string
  readonly render: (report: TrainingReport) => string
}

/** Every form that is written. */
export const REPORTS: readonly ReportForm[] = [
  { file: 'report.md', render: trainingMarkdown },
  { file: 'report.html', render: trainingHtml },
]
