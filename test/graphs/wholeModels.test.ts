// The published numbers of whole models, to the digit.
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  alexnet, densenet121, efficientnetB0, fcn, googlenet, graphs, inception, inceptionMini, inceptionV3,
  kerasMnist, lenet5, mnistNet, mobilenetV1, mobilenetV2, pytorchMnist, resnet101, resnet152, resnet18,
  resnet34, resnet50, shufflenetV1, shufflenetV2, sppMini, squeezenet, unet, vgg16, xception,
} from '../../graphs/index.ts'
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
  { model: alexnet, trainable: 61_100_840, all: 61_100_840, macs: 714_188_480, field: '195 / 32 / 66' },
  { model: googlenet, trainable: 6_998_552, all: 6_998_552, macs: 1_582_671_872, field: '715 / 32 / 327' },
  { model: squeezenet, trainable: 1_248_424, all: 1_248_424, macs: 818_924_576, field: '155 / 16 / 60' },
  { model: resnet34, trainable: 21_797_672, all: 21_814_696, macs: 3_663_761_408, field: '899 / 32 / 449' },
  { model: resnet50, trainable: 25_557_032, all: 25_610_152, macs: 4_089_184_256, field: '427 / 32 / 213' },
  { model: resnet101, trainable: 44_549_160, all: 44_654_504, macs: 7_801_405_440, field: '971 / 32 / 485' },
  { model: resnet152, trainable: 60_192_808, all: 60_344_232, macs: 11_513_626_624, field: '1451 / 32 / 725' },
  { model: inceptionV3, trainable: 23_834_568, all: 23_869_000, macs: 5_713_216_096, field: '1311 / 32 / 618' },
  { model: densenet121, trainable: 7_978_856, all: 8_062_504, macs: 2_834_161_664, field: '2071 / 32 / 1021' },
  { model: mobilenetV2, trainable: 3_504_872, all: 3_538_984, macs: 300_774_272, field: '491 / 32 / 245' },
  { model: shufflenetV2, trainable: 2_278_604, all: 2_294_784, macs: 144_907_992, field: '527 / 32 / 263' },
  // From the first squeeze-and-excitation on every unit sees the whole image.
  { model: efficientnetB0, trainable: 5_288_548, all: 5_330_564, macs: 385_814_752, field: '7 / 2 / 3' },
  { model: mobilenetV1, trainable: 4_231_976, all: 4_253_864, macs: 568_740_352, field: '315 / 32 / 126' },
  { model: shufflenetV1, trainable: 1_865_728, all: 1_890_208, macs: 137_460_672, field: '527 / 32 / 263' },
] as const

test.each(published)('$model.name has its published numbers', ({ model, trainable, all, macs, field }) => {
  const analysis = analyze(model())
  expect(analysis.totals).toMatchObject({ params: all, trainableParams: trainable, macs, uncounted: [] })
  expect(lastField(analysis)).toBe(field)
  expect(analysis.findings).toEqual([])
})

test('xception has the numbers of Keras, and shortcuts whose pixels are not those of its pools', () => {
  const { totals, findings } = analyze(xception())
  expect(totals).toMatchObject({ params: 22_910_480, trainableParams: 22_855_952, macs: 8_357_403_496, uncounted: [] })
  expect([...new Set(findings.map(({ code }) => code))]).toEqual(['field/misaligned-centre'])
})

test('mobilenetV2 at half the width', () => {
  expect(analyze(mobilenetV2({ width: 0.5 })).totals.trainableParams).toBe(1_968_680)
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
    expect(analyze(net).nodes.at(-1)?.outputShape.at(-1)).toBe(7)
  })

  test('takes a width, a factor of its channels or the channels it starts with', () => {
    const { width } = model.config.parse({}) as { readonly width: number }
    expect(width).toBeGreaterThan(0)
    const [narrow, usual, wide] = [width / 2, width, 2 * width].map((one) => analyze(model({ width: one })).totals.params as number)
    expect(narrow).toBeLessThan(usual as number)
    expect(wide).toBeGreaterThan(1.3 * (usual as number))
    expect(() => model({ width: 0 })).toThrow('width')
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

test('the small networks are small', () => {
  expect(analyze(inceptionMini()).totals).toMatchObject({ params: 32_678, macs: 2_574_368 })
  expect(analyze(sppMini(), { input: [28, 28, 1] }).totals).toMatchObject({ params: 116_506, macs: 3_823_296 })
  expect(analyze(sppMini(), { input: [35, 20, 1] }).totals).toMatchObject({ params: 116_506, uncounted: [] })
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

test('unet has the sizes and the layers of the paper', () => {
  const { nodes, totals } = analyze(unet())
  expect(nodes.at(-1)?.outputShape).toEqual([388, 388, 2])
  expect(nodes.filter(({ kind }) => kind === 'conv2d' || kind === 'conv2dTranspose')).toHaveLength(23)
  expect(nodes.find(({ id }) => id.startsWith('bottom'))?.outputShape).toEqual([30, 30, 1024])
  // The parameters of the usual rewriting with one class, whose last convolution has 65 less.
  expect(totals.params).toBe(31_030_593 + 65)
})

test('unet with same padding gives every pixel its scores, for images of any size that fits', () => {
  const net = unet({ padding: 'same', inputShape: [null, null, 3], width: 8, depth: 3, classes: 4 })
  expect(analyze(net, { input: [96, 64, 3] }).nodes.at(-1)?.outputShape).toEqual([96, 64, 4])
  expect(() => unet({ inputShape: [null, null, 1] })).toThrow("padding 'valid' cuts maps to each other's size, which is not known")
})

test('fcn gives every pixel its scores from three sizes of maps', () => {
  const { nodes, totals } = analyze(fcn())
  expect(nodes.at(-1)?.outputShape).toEqual([224, 224, 21])
  // VGG16's convolutions; its first two dense layers as convolutions; scores of three maps; kernels of 4, 4 and 16.
  const vgg = 14_714_688
  const dense = 7 * 7 * 512 * 4096 + 4096 + 4096 * 4096 + 4096
  const scores = (4096 + 512 + 256 + 3) * 21
  expect(totals.params).toBe(vgg + dense + scores + (4 * 4 + 4 * 4 + 16 * 16) * 21 * 21)
})

test('mobilenetV1 with a width of a half has the published parameters', () => {
  // Keras' MobileNet with alpha 0.5.
  expect(analyze(mobilenetV1({ width: 0.5 })).totals.params).toBe(1_342_536)
})
