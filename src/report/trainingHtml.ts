// A training as a page: result, curves, answers, the model itself.
import { unitFindings } from '../analysis/lint/units.ts'
import { chart, type Series } from '../draw/chart.ts'
import { text } from '../draw/svg.ts'
import type { History } from '../train/history.ts'
import { htmlPage, htmlPicture, htmlTable, section } from './html.ts'
import { showCount, showLoss, showShare } from './numbers.ts'
import type { Review } from './review.ts'
import { modelSections } from './summaryHtml.ts'
import { epochTable, settingRows, trained, type TrainingReport, unitTable } from './training.ts'

function charts(history: History): string {
  const x = history.map(({ epoch }) => epoch)
  const drawn = (title: string, series: readonly Series[], show: (value: number) => string): string =>
    series.some(({ values }) => values.some((value) => value !== null)) ? chart({ title, x, xTitle: 'epoch', series, show }) : ''
  return `<div class="row charts">${[
    drawn('Loss by epoch', [
      { name: 'loss', values: history.map(({ loss }) => loss) },
      { name: 'validation', values: history.map(({ validationLoss }) => validationLoss) },
    ], showLoss),
    drawn('Accuracy by epoch', [
      { name: 'accuracy', values: history.map(({ accuracy }) => accuracy) },
      { name: 'validation', values: history.map(({ validationAccuracy }) => validationAccuracy) },
    ], showShare),
    drawn('Learning rate by epoch', [{ name: 'learning rate', values: history.map(({ learningRate }) => learningRate) }],
      (value) => value.toPrecision(2)),
  ].join('')}</div>`
}

/** Rows are what the images show, columns what the model says; shades by share of the row, mistakes alone. */
function confusionTable(confusion: Review['confusion']): string {
  const head = confusion.map((_row, answer) => `<th>${answer}</th>`).join('')
  const rows = confusion.map((row, truth) => {
    const all = row.reduce((sum, count) => sum + count, 0)
    const cells = row.map((count, answer) => {
      const shade = answer === truth || count === 0 ? 0 : Math.min(1, 0.15 + (8 * count) / Math.max(all, 1))
      return `<td${shade === 0 ? '' : ` style="background:rgba(var(--mark),${shade.toFixed(2)})"`} title="${count} of ${all} images of ${truth} taken for ${answer}">${count}</td>`
    })
    return `<tr><th>${truth}</th>${cells.join('')}</tr>`
  })
  return `<table class="confusion"><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function answers({ confusion, mistakes, filters, units }: Review): string {
  const activity = unitTable(units)
  const wrong = mistakes.map(({ picture, index, truth, answer, confidence }) =>
    `<figure>${htmlPicture(picture, 56, `test image ${index}`)}<figcaption>${truth} taken for <b>${answer}</b><br>${showShare(confidence)}</figcaption></figure>`)
  return [
    section('Answers', '<p class="soft">Rows: what the images show. Columns: what the model says.</p>', confusionTable(confusion)),
    wrong.length === 0 ? '' : section('Surest mistakes', `<div class="row">${wrong.join('')}</div>`),
    filters.length === 0 ? '' : section('Filters of the first convolution', `<div class="row">${filters.map((filter, index) =>
      htmlPicture(filter, 40, `filter ${index}`)).join('')}</div>`),
    units.length === 0 ? '' : section('Units', '<p class="soft">Channels of a map, or numbers where there is no map. Stuck: so everywhere, on all images.</p>',
      htmlTable(activity.head, activity.numeric, activity.body)),
  ].join('\n')
}

function lead({ history, test }: TrainingReport): string {
  if (test === null) return `<p class="lead">${trained(history)}</p>`
  const result = test.accuracy === null ? `loss ${showLoss(test.loss)}` : `<b>${showShare(test.accuracy)}</b>`
  return `<p class="lead">${result} on ${showCount(test.examples)} test images, after ${trained(history)}</p>`
}

/** The page. */
export function trainingHtml(report: TrainingReport): string {
  const { graph, analysis, settings, history, review } = report
  const epochs = epochTable(history)
  const findings = [...analysis.findings, ...unitFindings(review?.units ?? [])]
  return htmlPage(`${analysis.name}, trained`,
    `<h1>${text(analysis.name)}</h1>`, lead(report),
    history.length === 0 ? '' : section('Curves', charts(history), htmlTable(epochs.head, epochs.head.map(() => true), epochs.body)),
    review === null ? '' : answers(review),
    ...modelSections(graph, { ...analysis, findings }),
    section('Settings', htmlTable(['setting', 'value'], [], settingRows(settings))))
}
