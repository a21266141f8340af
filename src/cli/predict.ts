// layergraph predict <run> <images>
import type { AnyGraph } from '../graph/graph.ts'
import { type Fit, fitPicture, type Invert } from '../picture/digit.ts'
import { showShare } from '../report/numbers.ts'
import type { Model } from '../runtime/model.ts'
import type { WeightArray } from '../runtime/weights.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { toProbabilities } from '../train/probabilities.ts'
import { choose } from './choices.ts'
import { onlyInput } from './data.ts'
import { EXIT, UsageError } from './failure.ts'
import { readPicture } from './picture.ts'
import type { PredictCommand } from './program.ts'
import { openRun } from './run.ts'
import { colors } from './terminal.ts'
import { completeSettings, readTrainSettings } from './trainSettings.ts'

const FITS: Readonly<Record<Fit, Fit>> = { auto: 'auto', digit: 'digit', resize: 'resize' }
const INVERTS: Readonly<Record<Invert, Invert>> = { auto: 'auto', yes: 'yes', no: 'no' }

const BAR = 20

const IN_A_PROGRAM = 'predict in a program: loadModel from layergraph/runtime'

/** What the model takes images to be: [height, width, channels]. Flat inputs are taken for square gray images. */
function imageSize(graph: AnyGraph): readonly [number, number, number] {
  const input = onlyInput(graph)
  const side = Math.sqrt(input[0] ?? Number.NaN)
  const sizes: Dims = input.length === 2 ? [...input, 1]
    : input.length === 1 && Number.isInteger(side) ? [side, side, 1] : input
  const [h, w, c] = sizes
  if (sizes.length === 3 && h != null && w != null && (c === 1 || c === 3)) return [h, w, c]
  throw new UsageError(
    `${graph.name} takes ${showDims(input)}, which is no image of known size in gray or colour`, IN_A_PROGRAM,
  )
}

/** What the model makes of a picture, the most probable class first. */
interface Answer {
  readonly file: string
  readonly done: readonly string[]
  readonly classes: readonly { readonly index: number; readonly label: string; readonly probability: number }[]
}

function answer(
  output: WeightArray, row: number, { labels, loss }: { readonly labels: readonly string[] | null; readonly loss: string },
): Answer['classes'] {
  const count = output.shape.at(-1) as number
  return toProbabilities(output.data.subarray(row * count, (row + 1) * count), loss)
    .map((probability, index) => ({ index, label: labels?.[index] ?? String(index), probability }))
    .sort((a, b) => b.probability - a.probability)
}

function readLabels(text: string | undefined, count: number): readonly string[] | null {
  if (text === undefined) return null
  const labels = text.split(',').map((label) => label.trim())
  if (labels.length === count) return labels
  throw new UsageError(`--labels names ${labels.length} classes, but the model has ${count}`, 'separate them by commas')
}

async function predictAll(
  model: Model, files: readonly string[], loss: string, command: PredictCommand,
): Promise<readonly Answer[]> {
  const { graph } = model
  const options = { fit: choose('fit', command.fit, FITS), invert: choose('way to invert', command.invert, INVERTS) }
  const size = imageSize(graph)
  const declared = onlyInput(graph) as readonly number[]
  const fitted = await Promise.all(files.map(async (file) => fitPicture(await readPicture(file), size, options)))
  const pixels = size[0] * size[1] * size[2]
  const data = new Float32Array(files.length * pixels)
  for (const [index, image] of fitted.entries()) data.set(image.data, index * pixels)
  const output = model.predict({ data, shape: [files.length, ...declared] }) as WeightArray
  if (output.shape.length !== 2) {
    throw new UsageError(
      `${graph.name} gives ${showDims(output.shape.slice(1))}, not a number for each class`, IN_A_PROGRAM,
    )
  }
  const labels = readLabels(command.labels, output.shape[1] as number)
  return files.map((file, index) =>
    ({ file, done: fitted[index]?.done ?? [], classes: answer(output, index, { labels, loss }) }))
}

function show({ file, done, classes }: Answer, top: number): string {
  const { bold, dim, cyan } = colors(process.stdout)
  const shown = classes.slice(0, top)
  const width = Math.max(...shown.map(({ label }) => label.length))
  const lines = shown.map(({ label, probability }) => {
    const bar = '█'.repeat(Math.round(probability * BAR))
    return `  ${label.padStart(width)}  ${cyan(bar)}${dim('░'.repeat(BAR - bar.length))}  ${showShare(probability).padStart(8)}`
  })
  const how = done.length === 0 ? '' : `  ${dim(`(${done.join(', ')})`)}`
  return [`${file}: ${bold(classes[0]?.label ?? '')}${how}`, ...lines].join('\n')
}

const asJson = ({ file, classes }: Answer): object => ({
  file, class: classes[0]?.index, label: classes[0]?.label, probability: classes[0]?.probability,
  probabilities: [...classes].sort((a, b) => a.index - b.index).map(({ probability }) => probability),
})

/** Prints which class each image is, and how sure the model is. Gives the exit code. */
export async function predict(run: string, files: readonly string[], command: PredictCommand): Promise<number> {
  const model = await openRun(run, command)
  const { loss } = completeSettings(readTrainSettings(run))
  const answers = await predictAll(model, files, loss, command)
  const text = command.json === true
    ? JSON.stringify(answers.map(asJson), null, 2)
    : answers.map((one) => show(one, command.top)).join('\n\n')
  process.stdout.write(`${text}\n`)
  model.dispose()
  return EXIT.fine
}
