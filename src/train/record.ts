// What a training leaves beside the model: its history for programs, a report for people.
import { analyze } from '../analysis/analyze.ts'
import type { GraphData } from '../graph/graph.ts'
import { REPORTS } from '../report/forms.ts'
import type { TrainingReport } from '../report/training.ts'
import { fileIn, writeAtomic } from '../platform/files.ts'
import { type History, historyCsv, historyJson } from './history.ts'

export const HISTORY_JSON = 'history.json'
export const HISTORY_CSV = 'history.csv'

/** Writes history.json and history.csv into `directory`. */
export async function saveHistory(directory: string, history: History): Promise<void> {
  await writeAtomic(fileIn(directory, HISTORY_JSON), historyJson(history))
  await writeAtomic(fileIn(directory, HISTORY_CSV), historyCsv(history))
}

export interface ReportParts extends Pick<TrainingReport, 'history'> {
  readonly graph: GraphData
  /** What `model.evaluate` gave for the test data. */
  readonly test?: TrainingReport['test']
  /** How it was trained, by name; what is `null` is left out. */
  readonly settings?: TrainingReport['settings']
  /** What `reviewModel` gave: confusion matrix, surest mistakes, first filters. */
  readonly review?: TrainingReport['review']
}

/** Writes history.json, history.csv, report.md and report.html into `directory`, which is made if need be. */
export async function saveReport(
  directory: string, { graph, history, test = null, settings = {}, review = null }: ReportParts,
): Promise<void> {
  await saveHistory(directory, history)
  const report = { graph, analysis: analyze(graph), settings, history, test, review }
  for (const { file, render } of REPORTS) await writeAtomic(fileIn(directory, file), render(report))
}
