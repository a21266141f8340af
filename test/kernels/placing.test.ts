import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeBlocks, type Span } from '../../src/kernels/placing.ts'
import { tries } from './comparison.ts'

const span = fc.record({ bytes: fc.nat(1000), first: fc.nat(20), length: fc.nat(20) })
  .map(({ bytes, first, length }): Span => ({ bytes, first, last: first + length }))

const meet = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last

test('blocks that are needed at the same time lie apart, within the bytes that are asked for', () => {
  fc.assert(fc.property(fc.array(span, { maxLength: 25 }), (spans) => {
    const { offsets, bytes } = placeBlocks(spans)
    for (const [i, a] of spans.entries()) {
      expect(offsets[i]! % 64).toBe(0)
      expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes)
      for (const [j, b] of spans.entries()) {
        if (i === j || a.bytes === 0 || b.bytes === 0 || !meet(a, b)) continue
        expect(offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!).toBe(true)
      }
    }
  }), tries(300))
})

test('a chain takes the room of its two largest neighbours', () => {
  const chain = [640, 1280, 640, 64].map((bytes, i) => ({ bytes, first: i, last: i + 1 }))
  expect(placeBlocks(chain).bytes).toBe(1920)
})
