// A few real digits as IDX files, for tests that train.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type ImageSet, type ImageSets, mnist } from '../../src/train/mnist.ts'

/** The bytes of an IDX file. */
export function encodeIdx(data: Uint8Array, shape: readonly number[]): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head[2] = 8
  head[3] = shape.length
  for (const [axis, size] of shape.entries()) head.writeUInt32BE(size, 4 + 4 * axis)
  return Buffer.concat([head, data])
}

function first({ inputs, labels }: ImageSet, count: number): { readonly images: Buffer; readonly labels: Buffer } {
  const [, height, width] = inputs.shape
  const pixels = Uint8Array.from(inputs.data.subarray(0, count * height * width), (value) => Math.round(value * 255))
  return { images: encodeIdx(pixels, [count, height, width]), labels: encodeIdx(labels.data.subarray(0, count), [count]) }
}

let all: Promise<ImageSets> | undefined

/** All of MNIST, read once. */
export const allDigits = (): Promise<ImageSets> => (all ??= mnist())

/** Writes the first images of MNIST to `folder`, which is made if need be: the images plain, the labels gzipped. */
export async function writeDigits(folder: string, { train = 256, test = 64 } = {}): Promise<string> {
  const sets = await allDigits()
  mkdirSync(folder, { recursive: true })
  for (const [name, set, count] of [['train', sets.train, train], ['t10k', sets.test, test]] as const) {
    const { images, labels } = first(set, count)
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), images)
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`), gzipSync(labels))
  }
  return folder
}
