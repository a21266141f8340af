// --data: where the images come from, and how they are brought to what a model takes.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { GraphData } from '../graph/graph.ts'
import { acceptsInput } from '../graph/sites.ts'
import { type Dims, showDims } from '../spec/tensor.ts'
import { type ArrayTensor, type Examples, rowsOf } from '../train/data.ts'
import { type ImageSet, type ImageSets, mnist } from '../train/mnist.ts'
import { showPath } from './explain.ts'
import { UsageError } from './failure.ts'
import { nearest } from './nearest.ts'

/** Data sets that go by a name. */
const NAMED = ['mnist']

/** The images that --data names: "mnist", or a folder with IDX files. @throws UsageError, LayergraphError */
export async function loadData(data: string): Promise<ImageSets> {
  const folder = resolve(data)
  if (NAMED.includes(data)) return mnist()
  if (existsSync(folder) && statSync(folder).isDirectory()) return mnist({ dir: folder })
  const near = nearest(data, NAMED)
  throw new UsageError(
    `there is no data set and no folder "${showPath(folder)}"`,
    near === null ? 'name a folder with IDX files, or mnist' : `did you mean ${near}?`,
  )
}

/** The only input of a model that the command trains. @throws UsageError when there are several, of either kind. */
export function onlyInput({ name, inputs, outputs }: GraphData): Dims {
  const ids = inputs.length > 1 ? inputs.map(({ id }) => id) : outputs.map((output) => output.name)
  if (ids.length === 1) return inputs[0]?.shape as Dims
  const what = inputs.length > 1 ? 'inputs' : 'outputs'
  throw new UsageError(
    `${name} has the ${what} ${ids.join(', ')}, but the command takes models with one input and one output`,
    'train it in a program: createModel from layergraph/runtime',
  )
}

type Images = ImageSet['inputs']

/** Zeros around each image, as many on either side. */
function padImages(
  { data, shape: [count, height, width, channels] }: Images, [h, w]: readonly [number, number],
): ArrayTensor {
  const padded = new Float32Array(count * h * w * channels)
  const [top, left] = [(h - height) >> 1, (w - width) >> 1]
  const row = width * channels
  for (let line = 0; line < count * height; line++) {
    const [image, y] = [Math.floor(line / height), line % height]
    padded.set(data.subarray(line * row, (line + 1) * row), ((image * h + top + y) * w + left) * channels)
  }
  return { data: padded, shape: [count, h, w, channels] }
}

/** The images as an input takes them: as they are, reshaped, or with a border of zeros. @throws UsageError */
export function fitImages(images: Images, wanted: Dims, taker: string, name: string): ArrayTensor {
  const [count, height, width, channels] = images.shape
  const shapes: readonly Dims[] = [
    [height, width, channels], [height * width * channels], ...(channels === 1 ? [[height, width]] : []),
  ]
  const fitting = shapes.find((shape) => acceptsInput(wanted, shape))
  if (fitting !== undefined) return { data: images.data, shape: [count, ...fitting as readonly number[]] }
  const [h, w, c] = wanted
  if (wanted.length === 3 && h != null && w != null && h >= height && w >= width && (c ?? channels) === channels) {
    return padImages(images, [h, w])
  }
  throw new UsageError(
    `${taker} takes ${showDims(wanted)}, but the images of ${name} are ${showDims([height, width, channels])}`,
    `give the model an input of ${showDims([height, width, channels])}`,
  )
}

/** Images and labels for a model. */
export function fitExamples(set: ImageSet, graph: GraphData, name: string): Examples & { readonly inputs: ArrayTensor } {
  return { inputs: fitImages(set.inputs, onlyInput(graph), graph.name, name), labels: set.labels }
}

/** The last part of the examples apart from the others, without copying. */
export function splitOff(
  { inputs, labels }: { readonly inputs: ArrayTensor; readonly labels: ArrayTensor }, share: number,
): { readonly train: Examples; readonly validation: Examples | null } {
  const count = inputs.shape[0] as number
  const kept = count - Math.round(count * share)
  if (kept === count) return { train: { inputs, labels }, validation: null }
  if (kept === 0) throw new UsageError(`--validation ${share} leaves none of the ${count} images to train on`)
  const part = (from: number, to: number): Examples => ({ inputs: rowsOf(inputs, from, to), labels: rowsOf(labels, from, to) })
  return { train: part(0, kept), validation: part(kept, count) }
}
