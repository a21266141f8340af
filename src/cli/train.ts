// layergraph train <model>
import { resolve } from 'node:path'
import type { AnyGraph } from '../graph/graph.ts'
import { showDims } from '../spec/tensor.ts'
import { createModel, type Model } from '../runtime/model.ts'
import type { ArrayTensor, Examples } from '../train/data.ts'
import type { History } from '../train/history.ts'
import { showCount } from '../report/numbers.ts'
import { showProgress } from '../train/progress.ts'
import type { Review } from '../report/review.ts'
import { saveHistory, saveReport } from '../train/record.ts'
import { reviewModel } from '../train/review.ts'
import type { Evaluation, TrainOptions, TrainStep } from '../train/trainer.ts'
import { choose, chooseLoss, chooseOptimizer } from './choices.ts'
import { fitExamples, loadData, onlyInput, splitOff } from './data.ts'
import { showPath } from './explain.ts'
import { EXIT, UsageError } from './failure.ts'
import { signalExit, watchInterrupts } from './interrupt.ts'
import { loadModel } from './model.ts'
import { type FollowedPage, servePage } from './follow.ts'
import type { TrainCommand } from './program.ts'
import { BACKENDS, checkOut, clearOut } from './run.ts'
import { readHistory } from './runs.ts'
import { showEvaluation } from './evaluate.ts'
import { readSettings } from './settings.ts'
import { colors } from './terminal.ts'
import { openBrowser } from './view.ts'
import { completeSettings, readTrainSettings, type TrainSettings, writeTrainSettings } from './trainSettings.ts'

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

interface Sizes {
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** What is trained, on what, and how. */
function introduce(model: Model, settings: TrainSettings, sizes: Sizes): void {
  const { bold } = colors(process.stdout)
  const { graph } = model
  const weights = Object.values(model.weights()).reduce((sum, { data }) => sum + data.length, 0)
  const validation = sizes.validation === 0 ? '' : `, ${showCount(sizes.validation)} to validate`
  say(`${bold(graph.name)}  ${showDims(onlyInput(graph))}, ${showCount(weights)} parameters`)
  say(`${settings.data}  ${showCount(sizes.train)} images to train on${validation}, ${showCount(sizes.test)} to test with`)
  const { optimizer, batchSize, epochs, seed, backend } = settings
  say(`${optimizer}, batches of ${batchSize}, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, seed ${seed}, on ${backend}`)
  say('')
}

/** How a training came to its end. */
interface Ended {
  readonly history: History
  /** The last update; `null` when there was none to make. */
  readonly last: TrainStep | null
  /** What stopped it before its time. */
  readonly signal: NodeJS.Signals | null
}

const isDone = ({ epoch, epochs, epochEnd }: TrainStep): boolean => epochEnd !== null && epoch === epochs

/** Trains until the end or a signal, showing how it goes; the model is saved after every epoch. */
async function run(
  model: Model, examples: Examples, options: TrainOptions, { out, page }: { readonly out: string; readonly page: FollowedPage | null },
): Promise<Ended> {
  const display = showProgress(process.stdout)
  const interruption = watchInterrupts({
    onFirst: () => {
      display.stop()
      process.stderr.write('stopping after this batch; once more to quit at once\n')
    },
    onSecond: display.stop,
  })
  let last: TrainStep | null = null
  try {
    for await (const step of model.train(examples, options)) {
      last = step
      display(step)
      page?.step(step)
      if (step.epochEnd !== null) await saveRun(model, step.history, out)
      if (interruption.signal !== null) break
    }
  } finally {
    display.stop()
    interruption.forget()
  }
  const signal = last !== null && isDone(last) ? null : interruption.signal
  await page?.end(signal === null ? 'trained' : 'stopped')
  return { history: last?.history ?? [], last, signal }
}

async function saveRun(model: Model, history: History, out: string): Promise<void> {
  await model.save(out)
  await saveHistory(out, history)
}

const quote = (text: string): string => (/^[\w@%+=:,./#-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** The command that goes on where this one stopped. The other settings are in the folder. */
function resumeCommand(model: string, set: readonly string[], out: string): string {
  const settings = set.map((pair) => `--set ${quote(pair)}`)
  return ['npx layergraph train', quote(model), ...settings, '--out', quote(out), '--resume'].join(' ')
}

function optionsOf(settings: TrainSettings, validation: Examples | null, out: string, resume: boolean): TrainOptions {
  return {
    epochs: settings.epochs, batchSize: settings.batchSize, seed: settings.seed,
    optimizer: chooseOptimizer(settings), loss: chooseLoss(settings.loss), checkpoint: out,
    ...(validation === null ? {} : { validation }), ...(resume ? { resume: out } : {}),
  }
}

/** Sizes that the graph leaves open are those of the images. */
const openModel = (graph: AnyGraph, settings: TrainSettings, images: ArrayTensor): Promise<Model> =>
  createModel(graph, {
    seed: settings.seed, backend: choose('backend', settings.backend, BACKENDS),
    ...(onlyInput(graph).includes(null) ? { input: images.shape.slice(1) } : {}),
  })

/** The page that follows the training, its address printed. */
async function follow(graph: AnyGraph, out: string, command: TrainCommand): Promise<FollowedPage> {
  const page = await servePage(graph, out, command.resume === true ? readHistory(out) : [], command)
  say(`follow it at ${page.address}`)
  say('')
  if (command.open) openBrowser(page.address)
  return page
}

/** Trains a model and saves it with its history and a report. Gives the exit code. */
export async function train(argument: string, command: TrainCommand): Promise<number> {
  const graph = await loadModel(argument, readSettings(command.set))
  const { resume = false, overwrite = false, out = `runs/${graph.name}` } = command
  const settings = completeSettings(resume ? readTrainSettings(out) : {}, command)
  // Names are checked first, the folder next, and both before the data is read.
  choose('backend', settings.backend, BACKENDS)
  optionsOf(settings, null, out, resume)
  await checkOut(out, graph, { resume, overwrite })
  const data = await loadData(settings.data)
  const fitted = fitExamples(data.train, graph, settings.data)
  const { train: examples, validation } = splitOff({ inputs: fitted.inputs, labels: data.train.labels }, settings.validation)
  const test = fitExamples(data.test, graph, settings.data)
  const model = await openModel(graph, settings, fitted.inputs)
  const rows = ({ inputs }: Examples): number => (inputs as ArrayTensor).shape[0] as number
  introduce(model, settings, {
    train: rows(examples), validation: validation === null ? 0 : rows(validation), test: rows(test),
  })
  if (overwrite) await clearOut(out)
  await writeTrainSettings(out, settings)
  const page = command.view === true ? await follow(graph, out, command) : null
  const ended = await run(model, examples, optionsOf(settings, validation, out, resume), { out, page })
    .finally(() => page?.close())
  const { last, signal, history } = ended
  if (last === null) {
    throw new UsageError(
      `${showPath(resolve(out))} is trained for ${settings.epochs} epochs already`,
      `say for how many in all: --epochs ${2 * settings.epochs}`,
    )
  }
  if (signal !== null) {
    await saveRun(model, history, out)
    return stopped(last, signal, out, resumeCommand(argument, command.set ?? [], out))
  }
  const result = await model.evaluate(test, { loss: chooseLoss(settings.loss) })
  return finished(model, history, result, { argument, settings, out, review: reviewModel(model, test) })
}

function stopped({ epoch, epochs, step, steps }: TrainStep, signal: NodeJS.Signals, out: string, command: string): number {
  say(`stopped in epoch ${epoch} of ${epochs}, after ${step} of ${steps} batches; saved in ${showPath(resolve(out))}`)
  say(`    → go on with: ${command}`)
  return signalExit(signal)
}

async function finished(
  model: Model, history: History, test: Evaluation,
  { argument, settings, out, review }: {
    readonly argument: string; readonly settings: TrainSettings; readonly out: string; readonly review: Review | null
  },
): Promise<number> {
  await saveReport(out, { graph: model.graph, history, test, review, settings: { model: argument, ...settings } })
  say('')
  say(showEvaluation(test, 'test'))
  say(`saved in ${showPath(resolve(out))}, with report.html`)
  model.dispose()
  return EXIT.fine
}
