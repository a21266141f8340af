// The IDX file format of MNIST and its successors: a magic number, the sizes, the bytes.
//
//   bytes 0–1   zero
//   byte 2      type of the numbers: 8 is unsigned byte, the only one that image sets use
//   byte 3      how many sizes follow
//   4 each      the sizes, u32 big-endian
//   then        the numbers, row-major
//
// Files may be gzipped. http://yann.lecun.com/exdb/mnist/
import { readBytes } from '../platform/files.ts'
import { failure, type LayergraphError } from '../spec/issue.ts'
import { countOf } from '../spec/tensor.ts'

/** What an IDX file holds: numbers from 0 to 255. */
export interface IdxData {
  readonly data: Uint8Array
  readonly shape: readonly number[]
}

const UNSIGNED_BYTE = 8

const corrupt = (file: string, message: string): LayergraphError =>
  failure('data/idx', file, message, 'download the file again')

async function unzip(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    const unzipped = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'))
    return new Uint8Array(await new Response(unzipped).arrayBuffer())
  } catch (error) {
    throw failure('data/idx', file, `cannot be unzipped: ${(error as Error).message}`, 'download the file again', error)
  }
}

/** The numbers and sizes of an IDX file's bytes, gzipped or not. @throws LayergraphError `data/idx` naming `file`. */
export async function decodeIdx(content: Uint8Array, file: string): Promise<IdxData> {
  const bytes = await unzip(content, file)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    const magic = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw corrupt(file, `is no IDX file: it begins with ${magic === '' ? 'nothing' : magic}, not with 00 00`)
  }
  const [type, rank] = [view.getUint8(2), view.getUint8(3)]
  if (type !== UNSIGNED_BYTE) throw corrupt(file, `holds numbers of type ${type}, but only unsigned bytes (8) are read`)
  const start = 4 + 4 * rank
  if (rank === 0 || bytes.length < start) throw corrupt(file, `ends before its ${rank} sizes`)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const expected = countOf(shape)
  if (bytes.length - start !== expected) {
    throw corrupt(file, `should hold ${shape.join('×')} = ${expected} bytes, but holds ${bytes.length - start}`)
  }
  // Plain bytes, since a Buffer's slice would share them.
  return { data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, expected), shape }
}

/**
 * Reads an IDX file, gzipped or not.
 *
 * @param rank How many sizes it must have: 3 for images, 1 for labels. Default any.
 * @throws LayergraphError `data/missing`, `data/idx`.
 */
export async function readIdx(file: string, { rank }: { readonly rank?: number } = {}): Promise<IdxData> {
  const idx = await decodeIdx(await readBytes(file, { code: 'data/missing', hint: 'check the path' }), file)
  if (rank !== undefined && idx.shape.length !== rank) {
    throw corrupt(file, `has ${idx.shape.length} sizes (${idx.shape.join('×')}), but ${rank} are needed`)
  }
  return idx
}
