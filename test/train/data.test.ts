import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { createModel, type Data } from 'layergraph/runtime'
import { dense, graph, input } from 'layergraph'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Batch, openData, orderOf } from '../../src/train/data.ts'

const names = { inputs: ['x'], outputs: ['y'] }
const floats = (...values: number[]) => Float32Array.from(values)
const five = { inputs: { data: floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), shape: [5, 2] }, labels: { data: Uint8Array.of(0, 1, 2, 3, 4), shape: [5] } }

async function walk(data: Data, { batchSize = 2, shuffle = null as number | null } = {}): Promise<Batch[]> {
  const batches: Batch[] = []
  // Rooms for batches are used again, so what is kept is copied.
  for await (const batch of openData(data, names).batches({ batchSize, shuffle })) batches.push(structuredClone(batch))
  return batches
}

// Tensors need a backend.
beforeAll(async () => {
  const x = input([1])
  await createModel(graph({ name: 'starter', inputs: { x }, outputs: { y: dense({ units: 1 })(x) } }))
})

describe('examples given at once', () => {
  test('are cut into batches, the last one smaller', async () => {
    const batches = await walk(five)
    expect(batches.map(({ size }) => size)).toEqual([2, 2, 1])
    expect(batches[1]?.inputs['x']).toEqual({ data: floats(4, 5, 6, 7), shape: [2, 2] })
    expect(batches[2]?.labels['y']).toEqual({ data: Uint8Array.of(4), shape: [1] })
  })

  test('stay as they are while the next batch is fetched, and no longer', async () => {
    const batches: Batch[] = []
    for await (const batch of openData(five, names).batches({ batchSize: 2, shuffle: null })) {
      batches.push(batch)
      expect(batches.at(-2)?.labels['y']?.data ?? Uint8Array.of(0, 1)).toEqual(Uint8Array.of(...(batches.length === 3 ? [2, 3] : [0, 1])))
    }
    expect(batches[2]?.inputs['x']?.data.buffer).toBe(batches[0]?.inputs['x']?.data.buffer)
  })

  test('are shuffled by the seed, inputs and labels alike, each example once', async () => {
    const once = await walk(five, { shuffle: 1 })
    expect(await walk(five, { shuffle: 1 })).toEqual(once)
    expect(await walk(five, { shuffle: 2 })).not.toEqual(once)
    const labels = once.flatMap((batch) => [...batch.labels['y']!.data])
    expect([...labels].sort()).toEqual([0, 1, 2, 3, 4])
    expect(once.flatMap((batch) => [...batch.inputs['x']!.data])).toEqual(labels.flatMap((label) => [2 * label, 2 * label + 1]))
  })

  test('may be tensors, which stay the caller\'s', async () => {
    const [inputs, labels] = [tensor2d([[1, 2], [3, 4]]), tensor1d([1, 0], 'int32')]
    const [batch] = await walk({ inputs, labels })
    expect(batch?.inputs['x']).toEqual({ data: floats(1, 2, 3, 4), shape: [2, 2] })
    expect(inputs.isDisposed).toBe(false)
  })
})

test('every order is as likely as another', () => {
  const counts = new Map<string, number>()
  for (let seed = 0; seed < 6000; seed++) {
    const order = orderOf(3, seed).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120)
})

describe('batches', () => {
  const pair = [{ ...five }, { inputs: { data: floats(1, 2), shape: [1, 2] }, labels: { data: Uint8Array.of(1), shape: [1] } }]

  test('keep their order and size, from an array, a generator, or a function that starts one', async () => {
    async function* generate() { yield* pair }
    for (const data of [pair, generate(), generate]) expect((await walk(data)).map(({ size }) => size)).toEqual([5, 1])
  })

  test('that are used up say so', async () => {
    const once = (function* () { yield* pair })()
    await walk(once)
    await expect(walk(once)).rejects.toThrow(/there are no batches[\s\S]*give a function that starts it anew/)
  })
})

test.each([
  ['rows that differ', { ...five, labels: { data: Uint8Array.of(1), shape: [1] } }, 'labels.y: has 1 examples, but inputs.x has 5'],
  ['a shape that is wrong', { ...five, inputs: { data: floats(1, 2, 3), shape: [2, 2] } }, '3 numbers are not a tensor of 2×2'],
  ['another name', { ...five, inputs: { z: five.inputs } }, 'there is no "z"'],
  ['numbers in a list', { ...five, inputs: { x: [1, 2] as never } }, 'is neither a tensor nor'],
  ['no labels', { inputs: five.inputs, labels: {} }, 'labels: there are none'],
  ['no examples', { inputs: { data: floats(), shape: [0, 2] }, labels: { data: floats(), shape: [0] } }, 'there are no examples'],
  ['a number', 3 as never, 'is neither { inputs, labels } nor batches of them'],
])('%s is refused', async (_what, data, said) => {
  await expect(walk(data)).rejects.toThrow(said)
})
