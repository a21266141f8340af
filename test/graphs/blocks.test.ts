import { expect, expectTypeOf, test } from 'vitest'
import { convBatchNorm, residual } from '../../graphs/index.ts'
import { analyze, conv2d, graph, input, isLayergraphError, pipe, relu, sequence, type Tensor } from '../../src/index.ts'

const same = (filters: number) => conv2d({ filters, kernelSize: 3, padding: 'same' })

test('a residual adds the body to what came in', () => {
  const image = input([8, 8, 4])
  const y = residual(sequence(conv2d({ filters: 4, kernelSize: 3, padding: 1 }), relu()))(image)
  expectTypeOf(y).toEqualTypeOf<Tensor<[8, 8, 4]>>()
  const net = graph({ name: 'net', inputs: { image }, outputs: { y } })
  expect(net.nodes.map(({ id, from }) => [id, ...from.map((ref) => ref.id)])).toEqual([
    ['conv2d', 'image'], ['relu', 'conv2d'], ['add', 'relu', 'image'],
  ])
})

test('a residual adds the body to the shortcut', () => {
  const image = input([8, 8, 4])
  const y = pipe(image, residual(
    conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 1 }), conv2d({ filters: 6, kernelSize: 1, strides: 2 })))
  expectTypeOf(y).toEqualTypeOf<Tensor<[4, 4, 6]>>()
  expect(y.shape).toEqual([4, 4, 6])
})

test('a body that changes the shape needs a shortcut that does', () => {
  const image = input([8, 8, 4])
  const y = pipe(image as Tensor, residual(same(5)))
  expect(() => graph({ name: 'net', inputs: { image }, outputs: { y } })).toThrow(/8×8×5 and 8×8×4/)
  try {
    graph({ name: 'net', inputs: { image }, outputs: { y } })
  } catch (error) {
    expect(isLayergraphError(error) && error.issues.map(({ code }) => code)).toEqual(['shape/differ'])
  }
})

test('convBatchNorm has no bias and keeps the type of the convolution', () => {
  const image = input([9, 9, 2])
  const y = pipe(image, convBatchNorm({ filters: 4, kernelSize: 3, strides: 2, padding: 1 }))
  expectTypeOf(y).toEqualTypeOf<Tensor<[5, 5, 4]>>()
  const { nodes } = analyze(graph({ name: 'net', inputs: { image }, outputs: { y } }))
  expect(nodes.map(({ kind, params, trainableParams }) => [kind, params, trainableParams])).toEqual([
    ['conv2d', 72, 72], ['batchNorm', 16, 8],
  ])
})
