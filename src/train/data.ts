// Training data: from what a user has to batches of plain arrays.
import { Tensor } from '@tensorflow/tfjs-core'
import { failure } from '../spec/issue.ts'
import { mixSeed, seededRandom } from '../spec/random.ts'
import { countOf } from '../spec/tensor.ts'

export type Numbers = Float32Array | Int32Array | Uint8Array

/** Numbers with a shape; the first size is the number of examples. */
export interface ArrayTensor {
  readonly data: Numbers
  readonly shape: readonly number[]
}

export type TensorLike = ArrayTensor | Tensor

/** One tensor where the graph has one input (or output), else one for each by name. */
export type Bundle<T = TensorLike> = T | Readonly<Record<string, T>>

/** Inputs [n, …] and what the outputs should be: class ids [n], or numbers in the shape of the output. */
export interface Examples {
  readonly inputs: Bundle
  readonly labels: Bundle
}

type Batches = Iterable<Examples> | AsyncIterable<Examples>

/**
 * All examples at once, which are shuffled and cut into batches, or batches in an order of their own. Batches that can
 * be walked through only once (a generator) serve one epoch; for more, give a function that starts them anew.
 */
export type Data = Examples | Batches | (() => Batches)

/** Examples that go through a model together, by the names of inputs and outputs. */
export interface Batch {
  readonly size: number
  readonly inputs: Readonly<Record<string, ArrayTensor>>
  readonly labels: Readonly<Record<string, ArrayTensor>>
}

export interface BatchOptions {
  readonly batchSize: number
  /** The seed of the order; `null` keeps the order that the data has. */
  readonly shuffle: number | null
}

/** Data ready to be walked through, epoch by epoch. */
export interface DataSource {
  /** How many examples; `null` when only walking through tells. */
  readonly count: number | null
  /** A batch stays as it is until the one after the next is asked for: there are two rooms for them, used in turn. */
  batches(options: BatchOptions): AsyncIterable<Batch>
}

/** The names that data goes by. */
export interface Names {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

export function isArrayTensor(value: unknown): value is ArrayTensor {
  const { data, shape } = (value ?? {}) as Partial<ArrayTensor>
  return (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) && Array.isArray(shape)
}

export const isTensorLike = (value: unknown): value is TensorLike => value instanceof Tensor || isArrayTensor(value)

function isExamples(value: unknown): value is Examples {
  return typeof value === 'object' && value !== null && 'inputs' in value && 'labels' in value
}

/** A bundle by names. A single tensor belongs to the only name. @throws LayergraphError `data/names`, `data/type`. */
export function byName(bundle: Bundle, names: readonly string[], at: string): Readonly<Record<string, TensorLike>> {
  if (isTensorLike(bundle)) {
    if (names.length === 1) return { [names[0] as string]: bundle }
    throw failure('data/names', at, `one tensor is given for ${names.length}: ${names.join(', ')}`, `give a record: { ${names.join(', ')} }`)
  }
  for (const [name, tensor] of Object.entries(bundle ?? {})) {
    if (!names.includes(name)) throw failure('data/names', at, `there is no "${name}"`, `the names are ${names.join(', ')}`)
    if (!isTensorLike(tensor)) {
      throw failure('data/type', `${at}.${name}`, 'is neither a tensor nor { data, shape } with a Float32Array, Int32Array or Uint8Array', 'give one of them')
    }
  }
  return bundle
}

function toArray(tensor: TensorLike, at: string): ArrayTensor {
  const array = isArrayTensor(tensor) ? tensor : { data: tensor.dataSync() as Numbers, shape: tensor.shape }
  const size = countOf(array.shape)
  if (size !== array.data.length) {
    throw failure('data/shape', at, `${array.data.length} numbers are not a tensor of ${array.shape.join('×')}`, 'correct the shape')
  }
  if (array.shape.length === 0) throw failure('data/shape', at, 'is a single number', 'the first size is the number of examples')
  return array
}

function toArrays(bundle: Bundle, names: readonly string[], at: string): Record<string, ArrayTensor> {
  return Object.fromEntries(Object.entries(byName(bundle, names, at)).map(([name, tensor]) => [name, toArray(tensor, `${at}.${name}`)]))
}

function missing(given: Readonly<Record<string, unknown>>, names: readonly string[]): readonly string[] {
  return names.filter((name) => given[name] === undefined)
}

/** Examples as arrays, all with the same number of rows. @throws LayergraphError */
function toBatch(examples: Examples, names: Names): Batch {
  if (!isExamples(examples)) throw failure('data/type', 'data', 'a batch is not { inputs, labels }', 'give { inputs, labels } of typed arrays with shapes, or of tensors')
  const inputs = toArrays(examples.inputs, names.inputs, 'inputs')
  const labels = toArrays(examples.labels, names.outputs, 'labels')
  const absent = missing(inputs, names.inputs)
  if (absent.length > 0) throw failure('data/names', 'inputs', `${absent.join(', ')} missing`, `give ${names.inputs.join(', ')}`)
  if (Object.keys(labels).length === 0) throw failure('data/names', 'labels', 'there are none', `give some of ${names.outputs.join(', ')}`)
  const sizes = Object.entries({ ...prefix(inputs, 'inputs'), ...prefix(labels, 'labels') }).map(([name, { shape }]) => [name, shape[0] as number] as const)
  const [first, size] = sizes[0] as readonly [string, number]
  const other = sizes.find(([, one]) => one !== size)
  if (other !== undefined) {
    throw failure('data/shape', other[0], `has ${other[1]} examples, but ${first} has ${size}`, 'give as many of each')
  }
  if (size === 0) throw failure('data/empty', 'data', 'there are no examples', 'check where the data comes from')
  return { size, inputs, labels }
}

const prefix = <T>(record: Readonly<Record<string, T>>, by: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${by}.${name}`, value]))

/** The rows of a tensor from one to before another, not copied. */
export const rowsOf = ({ data, shape }: ArrayTensor, from: number, to: number): ArrayTensor => {
  const width = data.length / (shape[0] as number)
  return { data: data.subarray(from * width, to * width), shape: [to - from, ...shape.slice(1)] }
}

/** The rows of a tensor that `rows` names, in its order, written to `room`. */
function takeRows({ data, shape }: ArrayTensor, rows: Int32Array, room: Numbers): ArrayTensor {
  const width = data.length / (shape[0] as number)
  const taken = room.subarray(0, rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * width
    taken.set(data.subarray(from, from + width), i * width)
  }
  return { data: taken, shape: [rows.length, ...shape.slice(1)] }
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))

/** 0 … count − 1, shuffled by the seed (Fisher and Yates) or in order. */
export function orderOf(count: number, seed: number | null): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index)
  if (seed === null) return order
  const random = seededRandom(seed)
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = order[i] as number
    order[i] = order[j] as number
    order[j] = kept
  }
  return order
}

/** Room for so many rows of each tensor, fetched once: fetching it for every batch takes longer than filling it. */
function makeRooms(count: number): (tensor: ArrayTensor) => Numbers {
  const rooms = new Map<ArrayTensor, Numbers>()
  return (tensor) => {
    const { data, shape } = tensor
    const known = rooms.get(tensor)
    const room = known ?? new (data.constructor as new (length: number) => Numbers)(count * (data.length / (shape[0] as number)))
    rooms.set(tensor, room)
    return room
  }
}

function wholeSource(all: Batch): DataSource {
  return {
    count: all.size,
    async *batches({ batchSize, shuffle }) {
      const order = orderOf(all.size, shuffle)
      const most = Math.min(batchSize, all.size)
      const rooms = [makeRooms(most), makeRooms(most)] as const
      for (let start = 0, turn = 0; start < all.size; start += batchSize, turn = 1 - turn) {
        const rows = order.subarray(start, start + batchSize)
        const roomFor = rooms[turn as 0 | 1]
        const take = (tensor: ArrayTensor): ArrayTensor => takeRows(tensor, rows, roomFor(tensor))
        yield { size: rows.length, inputs: mapValues(all.inputs, take), labels: mapValues(all.labels, take) }
      }
    },
  }
}

function streamSource(start: () => Batches, names: Names): DataSource {
  return {
    count: null,
    async *batches() {
      let empty = true
      for await (const examples of start()) {
        empty = false
        yield toBatch(examples, names)
      }
      if (empty) {
        throw failure('data/empty', 'data', 'there are no batches', 'a generator serves one epoch only; give a function that starts it anew: () => batches()')
      }
    },
  }
}

const isBatches = (data: object): data is Batches => Symbol.iterator in data || Symbol.asyncIterator in data

/** What a user gave, ready to be walked through. @throws LayergraphError `data/…` when it does not fit the names. */
export function openData(data: Data, names: Names): DataSource {
  if (typeof data === 'function') return streamSource(data, names)
  if (isExamples(data)) return wholeSource(toBatch(data, names))
  if (typeof data === 'object' && data !== null && isBatches(data)) return streamSource(() => data, names)
  throw failure('data/type', 'data', 'is neither { inputs, labels } nor batches of them', 'give { inputs: { data, shape }, labels: { data, shape } }')
}

/** The seed of an epoch's order. */
export const epochSeed = (seed: number, epoch: number): number => mixSeed(seed, epoch)
