import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../src/store/safetensors.ts'

const floats = (...values: number[]) => Float32Array.from(values)

/** A file by hand. */
function file(header: string | object, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

test('the bytes are those of the format', () => {
  const bytes = encodeSafetensors({ tensors: { b: { data: floats(1, -2), shape: [2] }, a: { data: Uint8Array.of(7), shape: [1, 1] } }, metadata: { who: 'me' } })
  const header = '{"__metadata__":{"who":"me"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1,1],"data_offsets":[8,9]}}'
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8)
  const expected = Buffer.concat([
    Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(padded),
    // 1 and −2 as little-endian floats, then the byte.
    Buffer.from('0000803f000000c007', 'hex'),
  ])
  expect(Buffer.from(bytes)).toEqual(expected)
})

test('what is written is read, whatever the names, types, shapes and values', () => {
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  const stored = fc.tuple(shape, fc.constantFrom(Float32Array, Int32Array, Uint8Array), fc.infiniteStream(fc.double({ noNaN: true })))
    .map(([sizes, Type, stream]): StoredTensor => ({ shape: sizes, data: Type.from([...stream.take(sizes.reduce((product, size) => product * size, 1))]) }))
  const name = fc.string({ minLength: 1 }).filter((text) => !['__metadata__', '__proto__'].includes(text))
  fc.assert(fc.property(fc.dictionary(name, stored, { noNullPrototype: true }), fc.dictionary(name, fc.string(), { noNullPrototype: true }), (tensors, metadata) => {
    expect(decodeSafetensors(encodeSafetensors({ tensors, metadata }), 'file')).toEqual({ tensors, metadata })
  }))
})

test('NaN, infinities and signed zeros keep their bits', () => {
  const data = new Float32Array(Uint32Array.of(0x7fc00001, 0xff800000, 0x80000000, 0x00000001).buffer)
  const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: { x: { data, shape: [4] } }, metadata: {} }), 'file')
  expect(new Uint32Array((tensors['x']?.data as Float32Array).buffer)).toEqual(new Uint32Array(data.buffer))
})

test('a Buffer from a pool is read like any bytes, and copied', () => {
  const bytes = Buffer.from(encodeSafetensors({ tensors: { x: { data: floats(1, 2, 3), shape: [3] } }, metadata: {} }))
  const { tensors } = decodeSafetensors(bytes, 'file')
  bytes.fill(0)
  expect(tensors['x']).toEqual({ data: floats(1, 2, 3), shape: [3] })
})

const x = (over: object = {}) => ({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...over } })

describe('refused, with the name of the file', () => {
  test.each([
    ['empty', new Uint8Array(), 'has 0 bytes'],
    ['a header longer than the file', file(x(), new Uint8Array(4)).subarray(0, 20), 'announces a header of'],
    ['a header longer than sense', Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 0]), 'announces a header of'],
    ['no JSON', file('{"x":'), 'its header is not JSON'],
    ['no object', file('[]'), 'its header is not an object'],
    ['no UTF-8', file('x').with(8, 0xff), 'its header is not JSON'],
    ['another type', file(x({ dtype: 'F64' }), new Uint8Array(4)), '"x" is stored as F64'],
    ['a negative size', file(x({ shape: [-1] }), new Uint8Array(4)), '"x" has no valid shape'],
    ['an offset that is none', file(x({ data_offsets: [0] }), new Uint8Array(4)), '"x" has no valid data_offsets'],
    ['a shape that does not fit', file(x({ shape: [2] }), new Uint8Array(4)), '"x" of 2 takes 8 bytes, but has 4'],
    ['data cut off', file(x(), new Uint8Array(3)), '"x" ends at byte 4 of the data, which has 3'],
    ['data left over', file(x(), new Uint8Array(5)), 'its tensors take 4 bytes, but 5 follow the header'],
    ['tensors that overlap', file({ ...x(), y: { dtype: 'F32', shape: [1], data_offsets: [2, 6] } }, new Uint8Array(6)), '"y" begins at byte 2'],
    ['a gap', file({ ...x(), y: { dtype: 'F32', shape: [1], data_offsets: [8, 12] } }, new Uint8Array(12)), '"y" begins at byte 8'],
    ['metadata of numbers', file({ __metadata__: { a: 1 }, ...x() }, new Uint8Array(4)), 'its __metadata__ is not a record of texts'],
  ])('%s', (_what, bytes, said) => {
    expect(() => decodeSafetensors(bytes, 'weights.safetensors')).toThrow(`weights.safetensors: ${said}`)
  })

  test('whatever byte of the header is changed, nothing but a LayergraphError or other content comes of it', () => {
    const whole = encodeSafetensors({ tensors: { x: { data: floats(1, 2), shape: [2] } }, metadata: {} })
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      try {
        decodeSafetensors(whole.with(at, value), 'file')
      } catch (error) {
        expect((error as Error).name).toBe('LayergraphError')
      }
    }), { numRuns: 500 })
  })
})
