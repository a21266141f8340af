// Activations with their derivatives, and what goes wrong with them.
import { type Bilingual, both, inBrackets, listed, show, type Step, step } from '../derivation.ts'
import type { Concept, Letters, Numbers } from './concept.ts'

const DERIVATIVE = both('derivative', '导数')
const VALUE = both('value', '取值')

const sigmoidOf = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

interface Curve {
  readonly id: string
  readonly name: Bilingual
  readonly meaning: Bilingual
  readonly formula: string
  readonly slope: string
  readonly letters?: Letters
  readonly at: (x: number, numbers: Numbers) => number
  readonly slopeAt: (x: number, numbers: Numbers) => number
}

function curve({ id, name, meaning, formula, slope, letters = {}, at, slopeAt }: Curve): Concept {
  return {
    id, name, meaning, letters: { x: [-2], ...letters }, real: ['x', ...Object.keys(letters)],
    derive(numbers) {
      const x = numbers.one('x')
      const others = Object.keys(letters).map((letter) => `, ${letter} = ${show(numbers.one(letter))}`).join('')
      return [
        step(VALUE, formula, `x = ${show(x)}${others}`, at(x, numbers)),
        step(DERIVATIVE, slope, `x = ${show(x)}${others}`, slopeAt(x, numbers)),
      ]
    },
  }
}

const leak = (slope: (numbers: Numbers) => number): Pick<Curve, 'at' | 'slopeAt'> => ({
  at: (x, numbers) => (x >= 0 ? x : slope(numbers) * x), slopeAt: (x, numbers) => (x >= 0 ? 1 : slope(numbers)),
})

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }
const gauss = (x: number): number => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)
/** Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/15 + …). Beyond 8 deviations nothing is left to add. */
function phi(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0
  let [term, sum] = [x, x]
  for (let odd = 3; Math.abs(term) > 1e-17 && odd < 400; odd += 2) {
    term *= x ** 2 / odd
    sum += term
  }
  return 0.5 + gauss(x) * sum
}

const curves: readonly Curve[] = [
  {
    id: 'sigmoid', name: both('sigmoid', 'Sigmoid 激活函数'),
    meaning: both('Squeezes numbers into 0 to 1. Its derivative is at most 0.25, and its output is not centred on zero. Written two ways so that e^|x| never overflows.', '把数压到 0 与 1 之间；导数不超过 0.25，输出不以零为中心。分两种写法以避免溢出。'),
    formula: '1/(1 + e^−x) for x ≥ 0, e^x/(1 + e^x) below', slope: 's(1 − s)', at: sigmoidOf, slopeAt: (x) => sigmoidOf(x) * (1 - sigmoidOf(x)),
  },
  {
    id: 'hardSigmoid', name: both('hard sigmoid', 'Hard Sigmoid'),
    meaning: both('A sigmoid out of straight pieces: cheap, and flat beyond −3 and 3.', '用折线近似的 sigmoid：计算便宜，±3 之外为平段。'),
    formula: 'min(max(x + 3, 0), 6)/6', slope: '1/6 for −3 < x < 3, else 0',
    at: (x) => Math.min(Math.max(x + 3, 0), 6) / 6, slopeAt: (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
  },
  {
    id: 'tanh', name: both('tanh', '双曲正切'), meaning: both('Squeezes numbers into −1 to 1, centred on zero; its derivative is at most 1.', '把数压到 −1 与 1 之间，以零为中心；导数不超过 1。'),
    formula: '(e^x − e^−x)/(e^x + e^−x)', slope: '1 − tanh²', at: Math.tanh, slopeAt: (x) => 1 - Math.tanh(x) ** 2,
  },
  {
    id: 'relu', name: both('ReLU', '修正线性单元'), meaning: both('Cheap, and its derivative does not vanish above 0. A unit that is below 0 for every image learns no more: a dead ReLU.', '计算简单，正区间导数不消失；若对所有图像都为负，则不再学习，即“死亡 ReLU”。'),
    formula: 'max(x, 0)', slope: '1 for x > 0, else 0', at: (x) => Math.max(x, 0), slopeAt: (x) => (x > 0 ? 1 : 0),
  },
  {
    id: 'leakyRelu', name: both('leaky ReLU', '带泄漏的 ReLU'), meaning: both('A small slope below 0 keeps units alive.', '负区间保留小斜率，避免单元死亡。'),
    formula: 'x for x ≥ 0, alpha · x below', slope: '1 for x ≥ 0, alpha below', letters: { alpha: [0.01] }, ...leak(({ one }) => one('alpha')),
  },
  {
    id: 'randomizedLeakyRelu', name: both('randomized leaky ReLU', '随机泄漏 ReLU'), meaning: both('The slope below 0 is drawn in training between two bounds; in evaluation it is their mean.', '训练时负区间斜率在上下界之间随机抽取，推理时取两者平均。'),
    formula: 'x for x ≥ 0, (lower + upper)/2 · x below', slope: '1 for x ≥ 0, (lower + upper)/2 below', letters: { lower: [0.125], upper: [0.3333] },
    ...leak(({ one }) => (one('lower') + one('upper')) / 2),
  },
  {
    id: 'prelu', name: both('PReLU', '参数化 ReLU'), meaning: both('The slope below 0 is learned, one per channel or one for all.', '负区间斜率可学习，逐通道或共享。'),
    formula: 'x for x ≥ 0, alpha · x below', slope: '1 for x ≥ 0, alpha below; by alpha: min(x, 0)', letters: { alpha: [0.25] }, ...leak(({ one }) => one('alpha')),
  },
  {
    id: 'relu6', name: both('ReLU6', 'ReLU6'), meaning: both('ReLU that stops at 6, for arithmetic of few bits.', '上限为 6 的 ReLU，适合低精度运算。'),
    formula: 'min(max(x, 0), 6)', slope: '1 for 0 < x < 6, else 0', at: (x) => Math.min(Math.max(x, 0), 6), slopeAt: (x) => (x > 0 && x < 6 ? 1 : 0),
  },
  {
    id: 'elu', name: both('ELU', '指数线性单元'), meaning: both('Smooth below 0, so that outputs centre on zero.', '负区间平滑，使输出更接近零均值。'),
    formula: 'x for x ≥ 0, alpha(e^x − 1) below', slope: '1 for x ≥ 0, alpha · e^x below', letters: { alpha: [1] },
    at: (x, { one }) => (x >= 0 ? x : one('alpha') * Math.expm1(x)), slopeAt: (x, { one }) => (x >= 0 ? 1 : one('alpha') * Math.exp(x)),
  },
  {
    id: 'gelu', name: both('GELU', '高斯误差线性单元'), meaning: both('x times the share of a Gaussian below x.', 'x 乘以标准正态分布的累积概率。'),
    formula: 'x · Φ(x)', slope: 'Φ(x) + x · φ(x)', at: (x) => x * phi(x), slopeAt: (x) => phi(x) + x * gauss(x),
  },
  {
    id: 'silu', name: both('SiLU (swish)', 'SiLU（Swish）'), meaning: both('x times its sigmoid.', 'x 乘以其 sigmoid。'),
    formula: 'x · s(x)', slope: 's + x · s(1 − s)', at: (x) => x * sigmoidOf(x), slopeAt: (x) => sigmoidOf(x) * (1 + x * (1 - sigmoidOf(x))),
  },
  {
    id: 'hardSwish', name: both('hard swish', 'Hard Swish'), meaning: both('Swish out of straight pieces.', '用折线近似的 Swish。'),
    formula: 'x · min(max(x + 3, 0), 6)/6', slope: '0 below −3, 1 above 3, (2x + 3)/6 between',
    at: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6, slopeAt: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6),
  },
  {
    id: 'selu', name: both('SELU', '自归一化 ELU'), meaning: both('ELU scaled so that mean 0 and variance 1 are kept from layer to layer.', '缩放后的 ELU，使各层均值为 0、方差为 1。'),
    formula: '1.0507 · (x for x ≥ 0, 1.6733(e^x − 1) below)', slope: '1.0507 · (1 for x ≥ 0, 1.6733 · e^x below)',
    at: (x) => SELU.scale * (x >= 0 ? x : SELU.alpha * Math.expm1(x)), slopeAt: (x) => SELU.scale * (x >= 0 ? 1 : SELU.alpha * Math.exp(x)),
  },
  {
    id: 'softplus', name: both('softplus', 'Softplus'), meaning: both('A smooth ReLU.', '平滑的 ReLU。'),
    formula: 'ln(1 + e^x)', slope: 's(x)', at: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slopeAt: sigmoidOf,
  },
]

const softmax: Concept = {
  id: 'softmax', name: both('softmax', 'Softmax'),
  meaning: both('Numbers become probabilities. The maximum is subtracted first, which changes nothing but keeps e^x from overflowing.', '把一组数变成概率；先减去最大值，结果不变而不溢出。'),
  letters: { x: [1, 2, 3] }, real: ['x'],
  derive({ list }) {
    const x = list('x')
    const most = Math.max(...x)
    const powers = x.map((one) => Math.exp(one - most))
    const sum = powers.reduce((total, one) => total + one, 0)
    return [
      step(both('e^(x − max)', 'e^(x − max)'), 'e^(xᵢ − max x)', x.map((one) => `e^${inBrackets(one - most)}`).join(', '), powers.map((one) => one.toFixed(4)).join(', ')),
      step(both('probabilities', '概率'), 'e^(xᵢ − max x) / Σ', `Σ = ${sum.toFixed(4)}`, powers.map((one) => (one / sum).toFixed(4)).join(', ')),
    ]
  },
}

const logSoftmax: Concept = {
  id: 'logSoftmax', name: both('log-softmax', '对数 Softmax'),
  meaning: both('The logarithms of the probabilities, exact also where those are nearly 0.', '概率的对数，概率接近 0 时也保持精确。'),
  letters: { x: [1, 2, 3] }, real: ['x'],
  derive({ list }) {
    const x = list('x')
    const most = Math.max(...x)
    const sum = x.reduce((total, one) => total + Math.exp(one - most), 0)
    const log = most + Math.log(sum)
    return [
      step(both('logarithm of the sum', '和的对数'), 'max x + ln Σe^(x − max x)', `${inBrackets(most)} + ln ${sum.toFixed(4)}`, log),
      step(both('logarithms of probabilities', '概率的对数'), 'x − ln Σe^x', `x − ${inBrackets(log)}`, listed(x.map((one) => one - log))),
    ]
  },
}

const dead: Concept = {
  id: 'deadRelu', name: both('dead ReLU', '死亡 ReLU'),
  meaning: both('A unit whose input is negative for every image gives zero, and so does its gradient: nothing brings it back. `layergraph lint model --images mnist --weights run` counts them.', '若一个单元对所有图像的输入都为负，则输出与梯度都为零，无法恢复。`layergraph lint model --images mnist --weights run` 可统计。'),
  letters: { w: [1, -2], x: [0.5, 1], bias: [-1] }, real: ['w', 'x', 'bias'],
  derive({ one, list }): readonly Step[] {
    const [w, x, bias] = [list('w'), list('x'), one('bias')]
    const before = w.reduce((sum, weight, index) => sum + weight * (x[index] ?? 0), bias)
    return [
      step(both('before relu', 'relu 之前'), 'Σ w · x + bias', `${w.map((weight, index) => `${inBrackets(weight)} · ${inBrackets(x[index] ?? 0)}`).join(' + ')} + ${inBrackets(bias)}`, before),
      step(both('output', '输出'), 'max(x, 0)', `max(${show(before)}, 0)`, Math.max(before, 0)),
      step(both('gradient that reaches the weights', '传到权重的梯度'), both('x where the output is above 0, else 0', '输出大于 0 时为 x，否则为 0'), '', listed(w.map((_weight, index) => (before > 0 ? x[index] ?? 0 : 0)))),
      step(both('with leaky relu, alpha 0.01', '换成 leaky ReLU，alpha 0.01'), 'alpha · x', '', listed(w.map((_weight, index) => (before > 0 ? 1 : 0.01) * (x[index] ?? 0)))),
    ]
  },
}

const vanishing: Concept = {
  id: 'vanishingGradient', name: both('vanishing gradient', '梯度消失'),
  meaning: both('Each sigmoid multiplies the gradient by at most 0.25, so that the first of many layers hardly learn.', '每层 sigmoid 至多把梯度乘以 0.25，多层之后前面的层几乎学不到东西。'),
  letters: { layers: [4] },
  derive({ one }): readonly Step[] {
    const layers = one('layers')
    return [
      step(both('sigmoid, at most', 'sigmoid 上限'), '0.25ⁿ', `0.25^${layers}`, 0.25 ** layers),
      step(both('ReLU above 0', 'ReLU 正区间'), '1ⁿ', `1^${layers}`, 1),
    ]
  },
}

export const activations: readonly Concept[] = [...curves.map(curve), softmax, logSoftmax, vanishing, dead]
