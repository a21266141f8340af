// A look at the answers of a trained classifier: which classes it takes for which, and where it was surest and wrong.
import type { Mistake, Picture, Review } from '../report/review.ts'
import { unitsOf, type Watchable } from '../runtime/units.ts'
import type { WeightArray, WeightArrays } from '../runtime/weights.ts'
import { type ArrayTensor, type Examples, isArrayTensor, rowsOf } from './data.ts'

/** The parts of a model that are looked at. */
export interface Reviewed extends Watchable {
  predict(inputs: ArrayTensor): unknown
  weights(): WeightArrays
}

export interface ReviewOptions {
  /** Mistakes to keep, default 24. */
  readonly mistakes?: number
  /** Examples at a time, default 256. */
  readonly batchSize?: number
  /** So many examples, from the first on, show what the units do; default 1000. */
  readonly samples?: number
}

const isImage = (shape: readonly number[]): boolean => shape.length === 4 && (shape[3] === 1 || shape[3] === 3)

/** Numbers stretched from their least and largest to 0 … 255. */
function stretch(values: ArrayLike<number>, from: number, to: number): Uint8Array {
  const room = to - from || 1
  return Uint8Array.from({ length: values.length }, (_, index) =>
    Math.round(255 * Math.min(Math.max(((values[index] as number) - from) / room, 0), 1)))
}

function pictureOf({ data, shape }: ArrayTensor, index: number): Picture {
  const [, height, width, channels] = shape as [number, number, number, 1 | 3]
  const size = height * width * channels
  return { width, height, channels, data: stretch(data.subarray(index * size, (index + 1) * size), 0, 1) }
}

/** The kernels of the first weight that slides over a gray or coloured image; none where there is no such. */
function filtersOf({ graph, weights }: Reviewed): readonly Picture[] {
  const { shape } = graph.inputs[0] ?? { shape: [] }
  const first = Object.entries(weights()).find(([name]) => name.endsWith('/kernel'))?.[1]
  if (first === undefined || first.shape.length !== 4 || first.shape[2] !== shape[2]) return []
  const [height, width, channels, count] = first.shape as [number, number, number, number]
  if (channels !== 1 && channels !== 3) return []
  const most = first.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return Array.from({ length: count }, (_, filter) => ({
    width, height, channels,
    data: stretch(Float32Array.from({ length: height * width * channels }, (_value, index) => first.data[index * count + filter] as number), -most, most),
  }))
}

interface Answer {
  readonly answer: number
  readonly confidence: number
}

/** The most probable class of a row of logits. */
function answerOf(logits: Float32Array): Answer {
  let answer = 0
  for (let i = 1; i < logits.length; i++) if ((logits[i] as number) > (logits[answer] as number)) answer = i
  const most = logits[answer] as number
  return { answer, confidence: 1 / logits.reduce((sum, value) => sum + Math.exp(value - most), 0) }
}

/**
 * Goes through arrays of examples [n, h, w, 1 or 3] from 0 to 1 with class ids [n]. `null` for a model that is no classifier of such images.
 */
export function reviewModel(
  model: Reviewed, { inputs, labels }: Examples,
  { mistakes: kept = 24, batchSize = 256, samples = 1000 }: ReviewOptions = {},
): Review | null {
  if (!isArrayTensor(inputs) || !isArrayTensor(labels)) return null
  const [count = 0] = inputs.shape
  const one = model.graph.inputs.length === 1 && model.graph.outputs.length === 1
  if (!one || !isImage(inputs.shape) || labels.data.length !== count) return null
  const confusion: number[][] = []
  const mistakes: Omit<Mistake, 'picture'>[] = []
  for (let start = 0; start < count; start += batchSize) {
    const here = Math.min(batchSize, count - start)
    const { data, shape } = model.predict(rowsOf(inputs, start, start + here)) as WeightArray
    if (shape.length !== 2) return null
    const classes = shape[1] as number
    if (confusion.length === 0) confusion.push(...Array.from({ length: classes }, () => new Array<number>(classes).fill(0)))
    for (let row = 0; row < here; row++) {
      const truth = labels.data[start + row] as number
      const { answer, confidence } = answerOf(data.subarray(row * classes, (row + 1) * classes))
      const counts = confusion[truth]
      if (counts === undefined) return null
      counts[answer] = (counts[answer] as number) + 1
      if (answer !== truth) mistakes.push({ index: start + row, truth, answer, confidence })
    }
  }
  mistakes.sort((a, b) => b.confidence - a.confidence || a.index - b.index)
  return {
    confusion, filters: filtersOf(model), units: unitsOf(model, inputs, { samples }),
    mistakes: mistakes.slice(0, kept).map((mistake) => ({ ...mistake, picture: pictureOf(inputs, mistake.index) })),
  }
}
