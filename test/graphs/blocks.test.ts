import { expect, expectTypeOf, test } from 'vitest'
import {
  basicBlock, bottleneckBlock, convBatchNorm, denseBlock, denseTransition, fire, inceptionA, inceptionB, inceptionC, inceptionD,
  inceptionE, invertedResidual, residual, shuffleUnitV2, sppHead, squeezeExcite,
} from '../../graphs/index.ts'
import { analyze, conv2d, graph, input, isLayergraphError, pipe, relu, sequence, type Tensor } from '../../src/index.ts'
import type { Op } from '../../src/types/layer.ts'

/** The shape that a block gives, and its trainable parameters. */
function made(block: Op, shape: readonly number[]): { readonly shape: readonly (number | null)[]; readonly params: number | null } {
  const image = input(shape)
  const y = pipe(image as Tensor, ...([block] as readonly Op[])) as Tensor
  const { totals } = analyze(graph({ name: 'net', inputs: { image }, outputs: { y } }))
  return { shape: y.shape, params: totals.trainableParams }
}

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

test('squeezeExcite keeps the image and has two small dense layers', () => {
  const y = squeezeExcite({ channels: 8, squeezed: 2 })(input([5, 6, 8]))
  expectTypeOf(y).toEqualTypeOf<Tensor<[5, 6, 8]>>()
  expect(made(squeezeExcite({ channels: 8, squeezed: 2 }), [5, 6, 8])).toEqual({ shape: [5, 6, 8], params: 8 * 2 + 2 + 2 * 8 + 8 })
})

test('fire gives twice its expansion', () => {
  const y = fire({ squeeze: 3, expand: 8 })(input([7, 7, 4]))
  expectTypeOf(y).toEqualTypeOf<Tensor<[7, 7, 16]>>()
  expect(made(fire({ squeeze: 3, expand: 8 }), [7, 7, 4]).params).toBe(4 * 3 + 3 + (3 * 8 + 8) + (9 * 3 * 8 + 8))
})

test('spatial pyramid pooling: bins 4, 2, 1 on 256 channels give 5,376 numbers whatever the image', () => {
  for (const [h, w] of [[13, 13], [7, 31], [2, 3]]) {
    expect(made(sppHead({ classes: 10 }), [h as number, w as number, 256])).toEqual({ shape: [10], params: 5376 * 10 + 10 })
  }
  expect(made(sppHead({ classes: 3, bins: [2, 1], units: [7], dropout: 0.5 }), [9, 8, 4]).params).toBe(20 * 7 + 7 + 7 * 3 + 3)
})

test.each([
  ['an inverted residual that expands', invertedResidual({ channels: 8, filters: 8, expansion: 6 }), [9, 9, 8], [9, 9, 8], 8 * 48 + 96 + 9 * 48 + 96 + 48 * 8 + 16],
  ['one with strides', invertedResidual({ channels: 8, filters: 12, expansion: 1, strides: 2, kernelSize: 5 }), [9, 9, 8], [5, 5, 12], 25 * 8 + 16 + 8 * 12 + 24],
  ['a basic block', basicBlock({ filters: 8, strides: 2, project: true }), [9, 8, 4], [5, 4, 8], 9 * 4 * 8 + 16 + 9 * 8 * 8 + 16 + 4 * 8 + 16],
  ['a bottleneck', bottleneckBlock({ filters: 4 }), [6, 6, 16], [6, 6, 16], 16 * 4 + 8 + 9 * 4 * 4 + 8 + 4 * 16 + 32],
  ['a dense block', denseBlock({ layers: 3, growth: 4 }), [6, 6, 8], [6, 6, 20], [8, 12, 16].reduce((sum, c) => sum + 2 * c + 16 * c + 32 + 9 * 16 * 4, 0)],
  ['a dense transition', denseTransition({ filters: 4 }), [7, 6, 8], [3, 3, 4], 16 + 32],
  ['a shuffle unit', shuffleUnitV2({ filters: 8 }), [6, 6, 8], [6, 6, 8], 4 * 4 + 8 + 9 * 4 + 8 + 4 * 4 + 8],
  ['a shuffle unit with strides', shuffleUnitV2({ filters: 8, strides: 2 }), [6, 6, 4], [3, 3, 8], 9 * 4 + 8 + 4 * 4 + 8 + 4 * 4 + 8 + 9 * 4 + 8 + 4 * 4 + 8],
] as const)('%s', (_what, block, shape, expected, params) => {
  expect(made(block, shape)).toEqual({ shape: expected, params })
})

test.each([
  ['a', inceptionA({ pool: 32 }), [35, 35, 192], [35, 35, 256]],
  ['b', inceptionB(), [35, 35, 288], [17, 17, 768]],
  ['c', inceptionC({ filters: 128 }), [17, 17, 768], [17, 17, 768]],
  ['d', inceptionD(), [17, 17, 768], [8, 8, 1280]],
  ['e', inceptionE(), [8, 8, 1280], [8, 8, 2048]],
] as const)('Inception block %s of the third version', (_kind, block, shape, expected) => {
  expect(made(block, shape).shape).toEqual(expected)
})
