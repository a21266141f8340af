// The safetensors file format: named arrays behind a JSON header, readable in Python by `safetensors.numpy.load_file`.
//
//   bytes 0–7    length of the header, u64 little-endian
//   header       JSON: { "name": { "dtype": "F32", "shape": [3, 3], "data_offsets": [begin, end] }, …,
//                        "__metadata__": { "key": "text" } }, padded with spaces so that the data starts at a multiple of 8
//   data         the arrays, little-endian, row-major, without gaps; offsets count from here
//
// https://github.com/huggingface/safetensors#format
import { failure, type LayergraphError } from '../spec/issue.ts'
import { countOf } from '../spec/tensor.ts'

export type StoredArray = Float32Array | Int32Array | Uint8Array

/** A named array of a file. */
export interface StoredTensor {
  readonly data: StoredArray
  readonly shape: readonly number[]
}

export interface TensorFile {
  readonly tensors: Readonly<Record<string, StoredTensor>>
  readonly metadata: Readonly<Record<string, string>>
}

const PREFIX = 8
/** The reference implementation refuses longer headers. */
const LONGEST_HEADER = 100_000_000
const METADATA = '__metadata__'

const TYPES = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const
type TypeName = keyof typeof TYPES

interface Entry {
  readonly dtype: TypeName
  readonly shape: readonly number[]
  readonly data_offsets: readonly [begin: number, end: number]
}

const typeName = (data: StoredArray): TypeName =>
  data instanceof Float32Array ? 'F32' : data instanceof Int32Array ? 'I32' : 'U8'

/** The bytes of a file. Tensors are stored by width of their type, then by name, so that all are aligned. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const names = Object.keys(tensors).sort((a, b) => {
    const width = (name: string): number => (tensors[name] as StoredTensor).data.BYTES_PER_ELEMENT
    return width(b) - width(a) || (a < b ? -1 : 1)
  })
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [METADATA]: metadata }
  let end = 0
  for (const name of names) {
    const { data, shape } = tensors[name] as StoredTensor
    if (countOf(shape) !== data.length) throw new RangeError(`${name}: ${data.length} numbers are not a tensor of ${shape.join('×')}`)
    header[name] = { dtype: typeName(data), shape, data_offsets: [end, end += data.byteLength] } satisfies Entry
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = PREFIX + Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(start + end).fill(0x20, PREFIX + text.length, start)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX), true)
  bytes.set(text, PREFIX)
  for (const name of names) {
    const { data } = tensors[name] as StoredTensor
    const [begin] = (header[name] as Entry).data_offsets
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + begin)
  }
  return bytes
}

const corrupt = (file: string, message: string): LayergraphError =>
  failure('store/corrupt', file, message, 'the file is damaged or is no safetensors file; save it again')

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; start: number } {
  if (bytes.length < PREFIX) throw corrupt(file, `has ${bytes.length} bytes, too few for the length of a header`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > LONGEST_HEADER || PREFIX + length > bytes.length) {
    throw corrupt(file, `announces a header of ${length} bytes, but has ${bytes.length} bytes in all`)
  }
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREFIX, PREFIX + length)))
  } catch (error) {
    throw failure('store/corrupt', file, 'its header is not JSON', 'the file is damaged; save it again', error)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw corrupt(file, 'its header is not an object')
  return { header: header as Record<string, unknown>, start: PREFIX + length }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function checkEntry(name: string, value: unknown, dataLength: number, file: string): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>
  if (typeof dtype !== 'string' || !(dtype in TYPES)) {
    throw failure('store/type', file, `"${name}" is stored as ${String(dtype)}`, `convert it to one of ${Object.keys(TYPES).join(', ')}`)
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw corrupt(file, `"${name}" has no valid shape`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) throw corrupt(file, `"${name}" has no valid data_offsets`)
  const [begin, end] = offsets as unknown as Entry['data_offsets']
  const expected = countOf(shape) * TYPES[dtype].BYTES_PER_ELEMENT
  if (end - begin !== expected) throw corrupt(file, `"${name}" of ${shape.join('×')} takes ${expected} bytes, but has ${end - begin}`)
  if (end > dataLength) throw corrupt(file, `"${name}" ends at byte ${end} of the data, which has ${dataLength}`)
  return { dtype, shape, data_offsets: [begin, end] }
}

/** Every byte of the data belongs to one tensor: nothing overlaps and nothing is hidden. */
function checkCoverage(entries: readonly (readonly [string, Entry])[], dataLength: number, file: string): void {
  let end = 0
  for (const [name, { data_offsets: [begin, next] }] of [...entries].sort((a, b) => a[1].data_offsets[0] - b[1].data_offsets[0] || a[1].data_offsets[1] - b[1].data_offsets[1])) {
    if (begin !== end) throw corrupt(file, `"${name}" begins at byte ${begin} of the data, but the tensor before it ends at ${end}`)
    end = next
  }
  if (end !== dataLength) throw corrupt(file, `its tensors take ${end} bytes, but ${dataLength} follow the header`)
}

function readMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {}
  const sound = typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string')
  if (!sound) throw corrupt(file, 'its __metadata__ is not a record of texts')
  return value as Record<string, string>
}

/**
 * The tensors of a file, copied out of its bytes.
 *
 * @param file The name by which errors speak of it.
 * @throws LayergraphError `store/corrupt` when the bytes are not a sound file, `store/type` for other types than F32, I32, U8.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const { header, start } = readHeader(bytes, file)
  const { [METADATA]: metadata, ...rest } = header
  const dataLength = bytes.length - start
  const entries = Object.entries(rest).map(([name, value]) => [name, checkEntry(name, value, dataLength, file)] as const)
  checkCoverage(entries, dataLength, file)
  const tensors = entries.map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
    // Copied, because a typed array must begin at a multiple of its width. (`slice` of a Buffer would copy nothing.)
    const copy = new Uint8Array(bytes.subarray(start + begin, start + end))
    return [name, { data: new TYPES[dtype](copy.buffer), shape }] as const
  })
  return { tensors: Object.fromEntries(tensors), metadata: readMetadata(metadata, file) }
}
