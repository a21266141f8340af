// How a training shows on the screen: a bar that moves on a terminal, a line for each epoch anywhere else.
import { movingLine, type Output, standardOutput } from '../platform/terminal.ts'
import { showLoss, showSeconds, showShare } from '../report/numbers.ts'
import type { EpochRecord } from './history.ts'
import type { TrainStep } from './trainer.ts'

const showRate = (imagesPerSecond: number): string =>
  `${imagesPerSecond.toLocaleString('en-US', { maximumFractionDigits: imagesPerSecond < 10 ? 1 : 0 })} images/s`

function showScore(loss: number, accuracy: number | null, of = ''): string {
  const name = of === '' ? '' : `${of} `
  return `${name}loss ${showLoss(loss)}${accuracy === null ? '' : `  ${name}accuracy ${showShare(accuracy)}`}`
}

/** "epoch 2/5": of the same width in every epoch. */
function showEpoch({ epoch, epochs }: { readonly epoch: number; readonly epochs: number }): string {
  return `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`
}

/** Where the training is, in one line. */
export function showStep(step: TrainStep): string {
  const left = step.secondsLeft === null ? '' : `  ${showSeconds(step.secondsLeft)} left`
  return `${showScore(step.meanLoss, step.meanAccuracy)}  ${showRate(step.imagesPerSecond)}${left}`
}

/** How an epoch went, in one line. */
export function showEpochEnd(record: EpochRecord, { epochs, imagesPerSecond }: TrainStep): string {
  const validation = record.validationLoss === null
    ? '' : `  ${showScore(record.validationLoss, record.validationAccuracy, 'validation')}`
  return `${showEpoch({ epoch: record.epoch, epochs })}  ${showScore(record.loss, record.accuracy)}${validation}`
    + `  ${showRate(imagesPerSecond)}  ${showSeconds(record.seconds)}`
}

/** Shows each step that it is called with. `stop` clears the bar, where a training ends before its time. */
export interface ProgressDisplay {
  (step: TrainStep): void
  stop(): void
}

const BAR = 24
/** Off a terminal, an epoch that takes longer says this often (seconds) where it is. */
const SAY_AFTER = 60

const bar = (share: number): string => {
  const full = Math.round(share * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
}

/** The line with the bar. Without a bar where nobody knows how many steps there are. */
export function showLine(step: TrainStep): string {
  const { step: done, steps } = step
  const place = steps === null ? `${done}`
    : `${bar(done / steps)} ${String(done).padStart(String(steps).length)}/${steps}`
  return `${showEpoch(step)}  ${place}  ${showStep(step)}`
}

function onTerminal(stream: Output): ProgressDisplay {
  const line = movingLine(stream)
  let running = false
  const stop = (): void => {
    if (running) line.stop()
    running = false
  }
  const show = (step: TrainStep): void => {
    if (running) line.update(step.step, showLine(step))
    else line.start(step.steps ?? Number.MAX_SAFE_INTEGER, step.step, showLine(step))
    running = true
    if (step.epochEnd === null) return
    stop()
    stream.write(`${showEpochEnd(step.epochEnd, step)}\n`)
  }
  return Object.assign(show, { stop })
}

function inLines(stream: Output, now: () => number): ProgressDisplay {
  let said = now()
  const show = (step: TrainStep): void => {
    const late = now() - said >= 1000 * SAY_AFTER
    if (step.epochEnd === null && !late) return
    said = now()
    const place = step.steps === null ? `${step.step}` : `${step.step}/${step.steps}`
    const line = step.epochEnd === null
      ? `${showEpoch(step)}  step ${place}  ${showStep(step)}` : showEpochEnd(step.epochEnd, step)
    stream.write(`${line}\n`)
  }
  return Object.assign(show, { stop: () => undefined })
}

/**
 * Shows a training as it goes: `model.fit(data, { onStep: showProgress() })`.
 *
 * On a terminal one line moves: the epoch, a bar, mean loss and accuracy, images per second, time left. Elsewhere, as in
 * a log, each epoch is a line, and one that takes longer than a minute says each minute where it is.
 */
export function showProgress(stream: Output = standardOutput()): ProgressDisplay {
  return stream.isTTY === true ? onTerminal(stream) : inLines(stream, Date.now)
}
