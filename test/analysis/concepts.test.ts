// Every concept of the field can be asked for, and its numbers are those of the programs that do the work.
import { describe, expect, test } from 'vitest'
import { concepts, explainConcept, type Letters } from '../../src/analysis/concepts/index.ts'
import { inLanguage, type Words } from '../../src/analysis/derivation.ts'
import { adaptivePool2d } from '../../src/kernels/reference/adaptivePool2d.ts'
import { batchNormApply, channelMoments } from '../../src/kernels/reference/batchNorm.ts'
import { localResponseNorm } from '../../src/kernels/reference/localResponseNorm.ts'
import { meanSquaredError, sigmoidCrossEntropy, softmaxCrossEntropy } from '../../src/kernels/reference/loss.ts'
import { adamUpdate, sgdUpdate } from '../../src/kernels/reference/optimizer.ts'
import { upsample2d } from '../../src/kernels/reference/upsample2d.ts'
import { initialValues } from '../../src/runtime/weights.ts'
import { cosineDecay, exponentialDecay, stepDecay, warmup } from '../../src/train/schedules.ts'

const english = (words: Words): string => inLanguage(words, 'en')
/** The numbers of the steps with these labels. */
const numbersOf = (id: string, letters: Letters, ...labels: readonly string[]): number[] => {
  const { steps } = explainConcept(id, letters)
  return labels.flatMap((label) => {
    const found = steps.find((one) => one.label.en === label)
    if (found === undefined) throw new Error(`${id} has no step ${label}`)
    return english(found.result).split(', ').map((text) => Number(text.replaceAll(',', '')))
  })
}
const expectClose = (got: readonly number[], wanted: ArrayLike<number>, digits = 4): void => {
  expect(got).toHaveLength(wanted.length)
  for (const [index, value] of got.entries()) expect(value).toBeCloseTo(wanted[index] as number, digits)
}

/** What the field speaks of, and the name it goes by here. */
const FIELD = [
  'convolution', 'denseVsConvolution', 'receptiveField', 'effectiveField', 'transposedConvolution', 'dilatedConvolution', 'gridding', 'hdc',
  'spatiallySeparable', 'depthwiseSeparable', 'groupedConvolution', 'channelShuffle', 'deformableConvolution', 'pointwiseConvolution', 'convolution3d',
  'pooling', 'poolingGradient', 'globalPooling', 'adaptivePooling', 'spatialPyramidPooling', 'globalWeightedPooling',
  'sigmoid', 'hardSigmoid', 'softmax', 'logSoftmax', 'tanh', 'relu', 'leakyRelu', 'randomizedLeakyRelu', 'prelu', 'relu6', 'elu', 'gelu', 'silu', 'hardSwish',
  'selu', 'softplus', 'vanishingGradient', 'deadRelu',
  'batchNorm', 'groupNorm', 'localResponseNorm', 'residual', 'concatenation', 'upsampling',
  'glorot', 'he', 'softmaxCrossEntropy', 'sigmoidCrossEntropy', 'meanSquaredError', 'sgd', 'adam', 'learningRateSchedule', 'dropout', 'batches',
]

test('the list is complete, each name once', () => {
  expect(concepts.map(({ id }) => id).sort()).toEqual([...FIELD].sort())
})

test.each(concepts)('$id has a formula, the numbers of a worked example and what comes out, in both languages', ({ id, letters, real = [], least = {} }) => {
  const { steps, name, meaning } = explainConcept(id)
  expect(steps.some(({ formula, numbers, result }) => english(formula) !== '' && /\d/.test(english(numbers)) && /\d/.test(english(result)))).toBe(true)
  for (const lang of ['en', 'zh'] as const) {
    for (const words of [name, meaning, ...steps.flatMap((one) => [one.label, one.formula, one.numbers, one.result])]) {
      expect(inLanguage(words, lang)).not.toMatch(/NaN|undefined|Infinity/)
    }
    expect(steps.every(({ label }) => inLanguage(label, lang) !== '')).toBe(true)
  }
  expect([...real, ...Object.keys(least)].filter((letter) => letters[letter] === undefined)).toEqual([])
})

describe('the numbers are those of the programs', () => {
  test('initial weights', () => {
    for (const [id, initializer, fans] of [['glorot', 'glorotUniform', { in: 36, out: 72 }], ['he', 'heUniform', { in: 36, out: 72 }]] as const) {
      const letters: Letters = id === 'glorot' ? { K: [3], Cin: [4], Cout: [8] } : { K: [3], Cin: [4] }
      const [bound] = numbersOf(id, letters, `${initializer}, within ±`) as [number]
      const spec = { name: 'kernel', shape: [3, 3, 4, 8], initializer, trainable: true, fans } as const
      const drawn = initialValues({ name: 'kernel', spec }, [100, 100], 1)
      const most = drawn.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
      expect(most).toBeLessThanOrEqual(bound * 1.0001)
      expect(most).toBeGreaterThan(bound * 0.99)
    }
  })

  test('losses and their gradients', () => {
    const x = [0.3, -1.2, 2.5]
    const soft = softmaxCrossEntropy(Float32Array.from(x), Float32Array.of(0, 0, 1), 3)
    expectClose(numbersOf('softmaxCrossEntropy', { x, class: [2] }, 'loss', 'gradient by the outputs'), [...soft.loss, ...soft.gradient])
    const binary = sigmoidCrossEntropy(Float32Array.of(-2.5), Float32Array.of(1), 1)
    expectClose(numbersOf('sigmoidCrossEntropy', { x: [-2.5], t: [1] }, 'loss', 'gradient by x'), [...binary.loss, ...binary.gradient])
    const squared = meanSquaredError(Float32Array.from(x), Float32Array.of(1, 0, -1), 3)
    expectClose(numbersOf('meanSquaredError', { x, t: [1, 0, -1] }, 'loss', 'gradient by the outputs'), [...squared.loss, ...squared.gradient])
    expect(english(explainConcept('softmaxCrossEntropy', { class: [3] }).steps[0]?.result ?? '')).toBe('there is no such class')
  })

  test('optimizers', () => {
    for (const nesterov of [false, true]) {
      const weight = Float32Array.of(2)
      sgdUpdate(weight, Float32Array.of(-0.4), Float32Array.of(0.7), { learningRate: 0.1, momentum: 0.8, nesterov, weightDecay: 0.05 })
      const letters = { rate: [0.1], momentum: [0.8], g: [-0.4], v: [0.7], w: [2], decay: [0.05] }
      expectClose(numbersOf('sgd', letters, nesterov ? 'the same with Nesterov' : 'change of the weight'), [(weight[0] as number) - 2], 5)
    }
    const [weight, m, v] = [Float32Array.of(2), Float32Array.of(0.3), Float32Array.of(0.2)]
    adamUpdate(weight, Float32Array.of(-0.4), m, v, { learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-8, step: 4, weightDecay: 0.1 })
    const letters = { rate: [0.05], g: [-0.4], m: [0.3], v: [0.2], step: [4], beta1: [0.8], beta2: [0.95], w: [2], decay: [0.1] }
    const [first, second, adam, decay] = numbersOf('adam', letters, 'mean', 'mean square', 'change of the weight', 'AdamW, besides') as [number, number, number, number]
    expectClose([first, second, adam + decay], [m[0] as number, v[0] as number, (weight[0] as number) - 2], 5)
  })

  test('schedules', () => {
    const at = { step: 2 * 50 + 20, steps: 200, epoch: 2, epochs: 4 }
    const letters = { rate: [0.02], at: [20], of: [50], epochs: [4], epoch: [2], warmup: [150], factor: [0.3], every: [2] }
    expectClose(numbersOf('learningRateSchedule', letters, 'cosine', 'exponential', 'step', 'warm-up, times'), [
      cosineDecay(0.02)(at), exponentialDecay(0.02, { factor: 0.3 })(at), stepDecay(0.02, { every: 2, factor: 0.3 })(at), warmup(150, 1)(at),
    ], 6)
  })

  test('normalizations', () => {
    const x = Float32Array.of(3, -1, 0.5, 4)
    const [mean, variance] = channelMoments(x, 1)
    const wanted = batchNormApply(x, mean, variance, Float32Array.of(2), Float32Array.of(-0.5), 0.01)
    const letters = { x: [...x], gamma: [2], beta: [-0.5], epsilon: [0.01] }
    expectClose(numbersOf('batchNorm', letters, 'mean', 'variance', 'output'), [...mean, ...variance, ...wanted])
    const alone = batchNormApply(x, mean, variance, null, null, 0.01)
    expectClose(numbersOf('groupNorm', { x: [...x], epsilon: [0.01] }, 'standardized'), alone)
    const damped = localResponseNorm(x.slice(0, 3), 3, { size: 3, k: 1.5, alpha: 0.2, beta: 0.6 })
    expectClose(numbersOf('localResponseNorm', { x: [3, -1, 0.5], k: [1.5], alpha: [0.2], beta: [0.6] }, 'the middle one becomes'), damped.slice(1, 2))
  })

  test('windows of adaptive pooling, and places of upsampling', () => {
    const ramp = Float32Array.from({ length: 11 }, (_, index) => index)
    const last = adaptivePool2d(ramp, [1, 11, 1, 1], { outputSize: [4, 1], mode: 'max' })
    const windows = english(explainConcept('adaptivePooling', { in: [11], out: [4] }).steps[0]?.result ?? '')
    expect(windows.split(', ').map((window) => Number(window.split('–')[1]))).toEqual([...last])
    const x = [1, 5, 2, -4]
    const larger = (interpolation: 'nearest' | 'bilinear'): Float32Array => upsample2d(Float32Array.from(x), [1, 4, 1, 1], { size: [3, 1], interpolation })
    for (let at = 0; at < 12; at++) {
      const [pixel, blended] = numbersOf('upsampling', { x, factor: [3], at: [at] }, 'nearest takes pixel', 'bilinear') as [number, number]
      expect(x[pixel]).toBe(larger('nearest')[at])
      expect(blended).toBeCloseTo(larger('bilinear')[at] as number, 4)
    }
  })

  test('batches of MNIST', () => {
    expect(numbersOf('batches', {}, 'updates in an epoch', 'in the last batch', 'updates in all')).toEqual([469, 96, 1407])
  })
})
