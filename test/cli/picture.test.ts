// From image files to what a model sees.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { encode, type ImageData } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { readPicture } from '../../src/cli/picture.ts'
import { fitPicture } from '../../src/picture/digit.ts'
import { type Picture, toGray } from '../../src/picture/picture.ts'
import { resize } from '../../src/picture/resize.ts'
import { folder } from '../support/command.ts'
import { allDigits } from '../support/digits.ts'

async function read(image: ImageData): Promise<Picture> {
  const path = join(folder(), 'image.png')
  writeFileSync(path, encode(image))
  return readPicture(path)
}

async function readBytes(bytes: Uint8Array): Promise<Picture> {
  const path = join(folder(), 'image.png')
  writeFileSync(path, bytes)
  return readPicture(path)
}

/** A PNG of one row by hand, in the forms that encoders rarely write. https://www.w3.org/TR/png */
function png({ width, colour, depth, row, palette }: {
  readonly width: number; readonly colour: number; readonly depth: number; readonly row: readonly number[]; readonly palette?: readonly number[]
}): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(8)
    out.writeUInt32BE(data.length)
    out.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)])
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', Uint8Array.of(0, 0, 0, width, 0, 0, 0, 1, depth, colour, 0, 0, 0)),
    ...(palette === undefined ? [] : [chunk('PLTE', Uint8Array.from(palette))]),
    chunk('IDAT', deflateSync(Uint8Array.of(0, ...row))), chunk('IEND', new Uint8Array()),
  ])
}

/** The checksum of PNG and zip. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320)
  }
  return ~crc >>> 0
}

const near = (picture: Picture, channels: number, expected: readonly number[]): void => {
  expect(picture.channels).toBe(channels)
  expect(picture.data).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(picture.data[index]).toBeCloseTo(value, 5)
}

describe('a PNG', () => {
  test('gray of 8 and 16 bits', async () => {
    near(await read({ width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.of(0, 51) }), 1, [0, 0.2])
    near(await read({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(65535, 13107) }), 1, [1, 0.2])
  })

  test('colours, with and without transparency, which is white paper', async () => {
    near(await read({ width: 1, height: 2, channels: 3, depth: 8, data: Uint8Array.of(255, 0, 51, 0, 255, 0) }), 3, [1, 0, 0.2, 0, 1, 0])
    near(await read({ width: 2, height: 1, channels: 4, depth: 8, data: Uint8Array.of(0, 0, 0, 0, 255, 0, 0, 51) }), 3, [1, 1, 1, 1, 0.8, 0.8])
    near(await read({ width: 2, height: 1, channels: 2, depth: 8, data: Uint8Array.of(0, 0, 0, 204) }), 1, [1, 0.2])
  })

  test('one bit to a pixel, and a palette', async () => {
    near(await readBytes(png({ width: 10, colour: 0, depth: 1, row: [0b10101010, 0b11000000] })), 1, [1, 0, 1, 0, 1, 0, 1, 0, 1, 1])
    near(await readBytes(png({ width: 3, colour: 0, depth: 2, row: [0b00011100] })), 1, [0, 1 / 3, 1])
    const palette = [255, 0, 51, 0, 0, 0]
    near(await readBytes(png({ width: 2, colour: 3, depth: 4, row: [0x01], palette })), 3, [1, 0, 0.2, 0, 0, 0])
  })

  test('gray is as bright as the eye sees it', () => {
    near(toGray({ width: 2, height: 1, channels: 3, data: Float32Array.of(1, 1, 1, 1, 0, 0) }), 1, [1, 0.299])
  })
})

describe('resize', () => {
  const picture = (height: number, width: number, data: readonly number[]): Picture => ({ height, width, channels: 1, data: Float32Array.from(data) })

  test('to the same size changes nothing', () => {
    const same = picture(2, 3, [1, 2, 3, 4, 5, 6])
    expect(resize(same, same)).toEqual(same)
  })

  test('keeps what is even, and the mean', () => {
    expect([...resize(picture(4, 4, new Array<number>(16).fill(0.25)), { height: 7, width: 3 }).data]).toEqual(new Array(21).fill(0.25))
    const half = resize(picture(8, 8, Array.from({ length: 64 }, (_, i) => (i * 37 % 64) / 64)), { height: 4, width: 4 })
    expect(half.data.reduce((sum, value) => sum + value, 0) / 16).toBeCloseTo(31.5 / 64, 5)
  })

  test('doubling is linear in between', () => {
    expect([...resize(picture(1, 2, [0, 1]), { height: 1, width: 4 }).data]).toEqual([0, 0.25, 0.75, 1])
  })
})

describe('a digit', () => {
  const auto = { fit: 'auto', invert: 'auto' } as const

  async function digit(index: number): Promise<Picture> {
    const { inputs } = (await allDigits()).test
    return { height: 28, width: 28, channels: 1, data: inputs.data.slice(index * 784, (index + 1) * 784) }
  }

  /** The digit in ink on a sheet, this many times as large. */
  function drawn(image: Picture, times: number, { paper = 0.9, ink = 0.8 } = {}): Picture {
    const [height, width] = [28 * times + 60, 28 * times + 140]
    const data = new Float32Array(height * width * 3).fill(paper)
    for (let y = 0; y < 28 * times; y++) {
      for (let x = 0; x < 28 * times; x++) {
        const value = image.data[Math.floor(y / times) * 28 + Math.floor(x / times)] as number
        data.fill(paper - ink * value, ((y + 50) * width + x + 20) * 3, ((y + 50) * width + x + 21) * 3)
      }
    }
    return { height, width, channels: 3, data }
  }

  test('in the form of MNIST already stays as it is', async () => {
    const seven = await digit(0)
    expect(fitPicture(seven, [28, 28, 1], auto)).toEqual({ data: seven.data, done: [] })
  })

  test('dark on light is turned over, once', async () => {
    const seven = await digit(0)
    const inverted = { ...seven, data: seven.data.map((value) => 1 - value) }
    const { data, done } = fitPicture(inverted, [28, 28, 1], auto)
    expect(done).toEqual(['inverted'])
    for (const [index, value] of seven.data.entries()) expect(data[index]).toBeCloseTo(value, 6)
    expect(fitPicture(inverted, [28, 28, 1], { ...auto, invert: 'no' }).data).toEqual(inverted.data)
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('number %i, drawn somewhere on a large sheet, comes back as MNIST has it', async (index) => {
    const image = await digit(index)
    const { data, done } = fitPicture(drawn(image, 6), [28, 28, 1], auto)
    expect(done).toEqual(['gray', 'inverted', 'cut out and centred from 228×308'])
    let [product, a, b] = [0, 0, 0]
    for (let i = 0; i < 784; i++) {
      product += data[i]! * image.data[i]!
      a += data[i]! ** 2
      b += image.data[i]! ** 2
    }
    expect(product / Math.sqrt(a * b)).toBeGreaterThan(0.9)
    expect(Math.max(...data)).toBeGreaterThan(0.8)
  })

  test('an empty sheet is black', () => {
    const { data } = fitPicture({ height: 50, width: 40, channels: 1, data: new Float32Array(2000).fill(1) }, [28, 28, 1], auto)
    expect([...data]).toEqual(new Array(784).fill(0))
  })

  test('a colour model sees the whole picture in colour', async () => {
    const sheet = drawn(await digit(0), 2)
    const { data, done } = fitPicture(sheet, [28, 28, 3], auto)
    expect(data).toHaveLength(28 * 28 * 3)
    expect(done).toEqual(['resized from 116×196'])
    expect(fitPicture(await digit(0), [28, 28, 3], auto).data.subarray(0, 3)).toEqual(Float32Array.of(0, 0, 0))
  })
})
