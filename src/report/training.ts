// What is written about a training, beside the model.
import type { Analysis } from '../analysis/analyze.ts'
import type { GraphData } from '../graph/graph.ts'
import type { EpochRecord, History } from '../train/history.ts'
import { markdownTable, summaryMarkdown } from './markdown.ts'
import { showCount, showLoss, showSeconds, showShare } from './numbers.ts'
import type { Review } from './review.ts'
import type { Rows } from './rows.ts'

/** How well the model does on data that it was not trained on. */
export interface TestResult {
  readonly loss: number
  readonly accuracy: number | null
  readonly examples: number
}

/** All there is to say about a training. */
export interface TrainingReport {
  readonly graph: GraphData
  readonly analysis: Analysis
  /** How it was trained, as name and value; `null` and undefined are left out. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly history: History
  /** `null` when it was not tested. */
  readonly test: TestResult | null
  /** A look at its answers; `null` where there was none. */
  readonly review: Review | null
}

interface Column {
  readonly title: string
  readonly show: (record: EpochRecord) => string | null
}

const shown = <T>(value: T | null, show: (value: T) => string): string | null => (value === null ? null : show(value))

const COLUMNS: readonly Column[] = [
  { title: 'epoch', show: ({ epoch }) => String(epoch) },
  { title: 'loss', show: ({ loss }) => showLoss(loss) },
  { title: 'accuracy', show: ({ accuracy }) => shown(accuracy, showShare) },
  { title: 'validation loss', show: ({ validationLoss }) => shown(validationLoss, showLoss) },
  { title: 'validation accuracy', show: ({ validationAccuracy }) => shown(validationAccuracy, showShare) },
  { title: 'learning rate', show: ({ learningRate }) => learningRate.toPrecision(3) },
  { title: 'time', show: ({ seconds }) => showSeconds(seconds) },
]

/** A row per epoch; columns without any number are left out. */
export function epochTable(history: History): { readonly head: readonly string[]; readonly body: readonly (readonly string[])[] } {
  const columns = COLUMNS.filter(({ show }) => history.some((record) => show(record) !== null))
  return {
    head: columns.map(({ title }) => title),
    body: history.map((record) => columns.map(({ show }) => show(record) ?? '')),
  }
}

function curves(history: History): string {
  const { head, body } = epochTable(history)
  return markdownTable(head, head.map(() => true), body)
}

function showTest({ loss, accuracy, examples }: TestResult): string {
  const count = showCount(examples)
  if (accuracy === null) return `loss ${showLoss(loss)} on ${count} test images`
  return `**${showShare(accuracy)}** of ${count} test images, loss ${showLoss(loss)}`
}

const showSetting = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Name and value of what was set. */
export function settingRows(settings: TrainingReport['settings']): readonly (readonly [string, string])[] {
  const given = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined)
  return given.map(([name, value]) => [name, showSetting(value)])
}

/** What the units of each relu, sigmoid or tanh do. */
export function unitTable(units: Review['units']): Rows {
  return {
    head: ['layer', 'kind', 'units', 'stuck', 'at', 'outputs there'], numeric: [false, false, true, true, false, true],
    body: units.map(({ at, kind, ends, units: count, stuck, share }) =>
      [at, kind, showCount(count), showCount(stuck), ends === 'rectified' ? 'zero' : 'the ends of their range', showShare(share)]),
  }
}

/** "4 epochs in 50 s". */
export function trained(history: History): string {
  const seconds = history.reduce((sum, record) => sum + record.seconds, 0)
  return `${history.length} ${history.length === 1 ? 'epoch' : 'epochs'} in ${showSeconds(seconds)}`
}

/** The test result, the settings, a row for each epoch, and the model itself. */
export function trainingMarkdown({ analysis, settings, history, test, review }: TrainingReport): string {
  const units = unitTable(review?.units ?? [])
  return [
    `# ${analysis.name}, trained`,
    [`- Training: ${trained(history)}`, ...(test === null ? [] : [`- Test: ${showTest(test)}`])].join('\n'),
    ...(history.length === 0 ? [] : ['## Epochs', curves(history)]),
    ...(units.body.length === 0 ? [] : ['## Units', markdownTable(units.head, units.numeric, units.body)]),
    '## Settings',
    markdownTable(['setting', 'value'], [false, false], settingRows(settings)),
    summaryMarkdown(analysis),
  ].join('\n\n')
}
