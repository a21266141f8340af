import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { mnist, readIdx } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { decodeIdx } from '../../src/train/idx.ts'
import { folder } from '../support/command.ts'
import { allDigits, encodeIdx, writeDigits } from '../support/digits.ts'

const bytes = Uint8Array.from({ length: 24 }, (_, index) => index * 10)

describe('IDX', () => {
  test('plain or gzipped, of any sizes, comes back as it was written', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
    await fc.assert(fc.asyncProperty(sizes, fc.boolean(), fc.infiniteStream(fc.nat(255)), async (shape, zipped, stream) => {
      const data = Uint8Array.from(stream.take(shape.reduce((product, size) => product * size, 1)))
      const file = encodeIdx(data, shape)
      expect(await decodeIdx(zipped ? gzipSync(file) : file, 'file')).toEqual({ data, shape })
    }))
  })

  const whole = encodeIdx(bytes, [2, 3, 4])
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(whole)
    copy[at] = value
    return copy
  }
  test.each([
    ['empty', Buffer.alloc(0), 'is no IDX file: it begins with nothing'],
    ['a text', Buffer.from('<html>'), 'is no IDX file: it begins with 3c 68 74 6d'],
    ['other numbers', changed(2, 0x0d), 'holds numbers of type 13'],
    ['no sizes', changed(3, 0), 'ends before its 0 sizes'],
    ['sizes cut off', whole.subarray(0, 10), 'ends before its 3 sizes'],
    ['numbers cut off', whole.subarray(0, 30), 'should hold 2×3×4 = 24 bytes, but holds 14'],
    ['too many numbers', Buffer.concat([whole, bytes]), 'should hold 2×3×4 = 24 bytes, but holds 48'],
    ['a gzip file cut off', gzipSync(whole).subarray(0, 20), 'cannot be unzipped'],
  ])('%s is refused by name', async (_what, file, said) => {
    await expect(decodeIdx(file, 'images.idx')).rejects.toThrow(`images.idx: ${said}`)
  })

  test('a file with another number of sizes than is needed, and one that is not there', async () => {
    const path = join(folder(), 'labels')
    writeFileSync(path, whole)
    await expect(readIdx(path, { rank: 1 })).rejects.toThrow('has 3 sizes (2×3×4), but 1 are needed')
    await expect(readIdx(`${path}s`)).rejects.toThrow('there is no such file')
  })
})

describe('mnist', () => {
  test('is the real one', async () => {
    const { train, test: others } = await allDigits()
    expect(train.inputs.shape).toEqual([60_000, 28, 28, 1])
    expect(others.inputs.shape).toEqual([10_000, 28, 28, 1])
    // As everybody who has the files counts them.
    const counts = new Array<number>(10).fill(0)
    for (const label of train.labels.data) counts[label]! += 1
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    let sum = 0
    for (const value of train.inputs.data) sum += value
    expect(sum / train.inputs.data.length).toBeCloseTo(0.1307, 4)
    expect([...others.labels.data.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4])
  })

  test('from a folder, with labels gzipped', async () => {
    const dir = await writeDigits(folder(), { train: 5, test: 3 })
    const { train, test: others } = await mnist({ dir })
    const all = await allDigits()
    expect(train.inputs.data).toEqual(all.train.inputs.data.subarray(0, 5 * 784))
    expect(others.labels.data).toEqual(all.test.labels.data.slice(0, 3))
  })

  test('files that do not belong together, files that are missing', async () => {
    const dir = await writeDigits(folder(), { train: 5, test: 3 })
    writeFileSync(join(dir, 'train-labels-idx1-ubyte.gz'), encodeIdx(bytes, [24]))
    await expect(mnist({ dir })).rejects.toThrow('has 5 images, but 24 labels')
    await expect(mnist({ dir: folder() })).rejects.toThrow('has no file train-images-idx3-ubyte')
    await expect(mnist({ dir: join(dir, 'nowhere') })).rejects.toThrow('there is no such directory')
  })
})
