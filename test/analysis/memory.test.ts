import { describe, expect, test } from 'vitest'
import { add, conv2d, flatten, graph, type Op, parallel, pipe, relu, sequence, type Tensor } from '../../src/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { join, open, through } from './nets.ts'

const to = (filters: number): Op => conv2d({ filters, kernelSize: 1 }) as unknown as Op
/** Bytes of 10 × 10 float32 with so many channels. */
const image = (channels: number): number => 10 * 10 * channels * 4

describe('inference', () => {
  test('a chain holds two tensors at once', () => {
    expect(through([10, 10, 1], to(5), to(8), to(2), to(6)).totals.memory.peak).toBe(image(5 + 8))
  })

  test('the input counts while it is used', () => {
    expect(through([10, 10, 9], to(5), to(8)).totals.memory.peak).toBe(image(9 + 5))
  })

  test('a shortcut is held until it is added', () => {
    const bypass = parallel([relu() as Op, sequence(to(8), to(2), to(3))], add())
    // Alive at the widest node: the rectified input, the input and 8 channels.
    expect(through([10, 10, 3], bypass as Op).totals.memory.peak).toBe(image(3 + 3 + 8))
  })

  test('outputs of the graph are held to the end', () => {
    const x = open([10, 10, 1])
    const early = pipe(x, to(7)) as Tensor
    const late = pipe(early, to(1), to(4), to(4)) as Tensor
    const peak = (outputs: Record<string, Tensor>): unknown =>
      analyze(graph({ name: 'net', inputs: { x }, outputs })).totals.memory.peak
    expect(peak({ late })).toBe(image(7 + 1))
    expect(peak({ late, early })).toBe(image(7 + 4 + 4))
  })

  test('one tensor used twice by one node counts once', () => {
    const x = open([10, 10, 2])
    const y = join(add(), [x, x])
    expect(analyze(graph({ name: 'net', inputs: { x }, outputs: { y } })).totals.memory.peak).toBe(image(2 + 2))
  })
})

test('training holds the output of every node', () => {
  expect(through([10, 10, 1], to(5), relu(), flatten()).totals.memory.activations).toBe(image(5) * 3)
})

test('weights are four bytes each, trained or not', () => {
  expect(through([10, 10, 1], to(5)).totals.memory.weights).toBe(10 * 4)
})

describe('a step of training', () => {
  const peak = (...layers: Op[]): number | null => through([10, 10, 1], ...layers).totals.memory.trainingPeak

  test('of one layer holds its input, its output and the gradient of that', () => {
    expect(peak(to(5))).toBe(image(1 + 5 + 5))
  })

  test('is highest where a large gradient meets all that is still held', () => {
    // Forward holds 1 + 5 + 2 + 1. Backward at the third: gradients of 1 and 2; at the second, with 1 and its gradient
    // gone: 1 + 5 + 2, gradients of 2 and 5.
    expect(peak(to(5), to(2), to(1))).toBe(image(1 + 5 + 2 + 2 + 5))
  })

  test('a branch keeps its gradient until its maker is reached', () => {
    const x = open([10, 10, 1])
    const early = pipe(x, to(4)) as Tensor
    const y = join(add(), [pipe(early, to(4)) as Tensor, early])
    // At add: x 1, early 4, branch 4, sum 4, and the gradients of sum, branch and early.
    expect(analyze(graph({ name: 'net', inputs: { x }, outputs: { y } })).totals.memory.trainingPeak).toBe(image(1 + 4 + 4 + 4 + 4 + 4 + 4))
  })

  test('is not known for unknown sizes', () => {
    expect(through([null, 10, 1], to(5)).totals.memory.trainingPeak).toBeNull()
  })
})
