// The published numbers of whole models, to the digit.
import { describe, expect, expectTypeOf, test } from 'vitest'
import { graphs, inception, kerasMnist, lenet5, mnistNet, pytorchMnist, resnet18, vgg16 } from '../../graphs/index.ts'
import { type Analysis, analyze } from '../../src/analysis/analyze.ts'
import { parseGraph } from '../../src/door.ts'
import { input, type Tensor } from '../../src/index.ts'

/** Size / stride / padding of the last node that is still a grid. */
function lastField({ nodes }: Analysis): string | undefined {
  const field = nodes.findLast((node) => node.field?.stride != null)?.field
  return field == null ? undefined : [field.size, field.stride, field.padding].map(one).join(' / ')
}

const one = (pair: unknown): unknown => {
  const [h, w] = pair as [number, number]
  expect(h).toBe(w)
  return h
}

const published = [
  { model: lenet5, trainable: 61_706, all: 61_706, macs: 416_520, field: '32 / 4 / 0' },
  { model: kerasMnist, trainable: 34_826, all: 34_826, macs: 2_440_960, field: '10 / 4 / 0' },
  { model: pytorchMnist, trainable: 1_199_882, all: 1_199_882, macs: 11_992_448, field: '6 / 2 / 0' },
  { model: vgg16, trainable: 138_357_544, all: 138_357_544, macs: 15_470_264_320, field: '212 / 32 / 90' },
  { model: resnet18, trainable: 11_689_512, all: 11_699_112, macs: 1_814_073_344, field: '435 / 32 / 217' },
] as const

test.each(published)('$model.name has its published numbers', ({ model, trainable, all, macs, field }) => {
  const analysis = analyze(model())
  expect(analysis.totals).toMatchObject({ params: all, trainableParams: trainable, macs, uncounted: [] })
  expect(lastField(analysis)).toBe(field)
  expect(analysis.findings).toEqual([])
})

describe.each(graphs)('$name', (model) => {
  test('is named as it says and survives its document', () => {
    const net = model()
    expect(net.name).toBe(model.name)
    expect(analyze(parseGraph(JSON.parse(JSON.stringify(net))))).toEqual(analyze(net))
  })

  test('takes the number of classes and the number of channels', () => {
    const inputShape = [...(model().inputs[0]?.shape ?? []).slice(0, 2), 2]
    const net = model({ classes: 7, inputShape })
    expect(net.inputs[0]?.shape).toEqual(inputShape)
    expect(analyze(net).nodes.at(-1)?.outputShape).toEqual([7])
  })

  test('refuses a wrong config with every wrong key', () => {
    expect(() => model({ classes: 0, inputShap: [1, 1, 1] })).toThrow(/classes[\s\S]*inputShap/)
  })

  test('has one sentence about itself', () => {
    expect(model.summary).toMatch(/^[A-Z].*\.$/)
  })
})

test('the first convolution of lenet5 can pad the images of MNIST', () => {
  const analysis = analyze(lenet5({ inputShape: [28, 28, 1], padding: 2 }))
  expect(analysis.totals).toMatchObject({ params: 61_706, macs: 416_520 })
  expect(lastField(analysis)).toBe('32 / 4 / 2')
})

test('the Keras total of a net with batch norm counts its moving statistics', () => {
  const statistics = analyze(resnet18()).nodes
    .filter(({ kind }) => kind === 'batchNorm')
    .reduce((sum, { outputShape }) => sum + 2 * (outputShape.at(-1) as number), 0)
  expect(statistics).toBe(11_699_112 - 11_689_512)
})

test('resnet18 works for images whose size is not known', () => {
  const analysis = analyze(resnet18({ inputShape: [null, null, 3] }))
  expect(analysis.totals).toMatchObject({ params: 11_699_112, macs: 512_000 })
  expect(analysis.totals.uncounted).toHaveLength(20)
  expect(lastField(analysis)).toBe('435 / 32 / 217')
  expect(analyze(resnet18({ inputShape: [null, null, 3] }), { input: [224, 224, 3] })).toEqual(analyze(resnet18()))
})

test('mnistNet is as small as it says', () => {
  expect(analyze(mnistNet()).totals).toMatchObject({ params: 63_294, trainableParams: 63_294, macs: 1_749_760 })
})

test('the types follow an inception block', () => {
  const image = input([14, 14, 32])
  const y = inception({ conv1: 16, conv3: [24, 32], conv5: [8, 16], pool: 12 })(image)
  expectTypeOf(y).toEqualTypeOf<Tensor<[14, 14, 76]>>()
  expect(y.shape).toEqual([14, 14, 76])
})
