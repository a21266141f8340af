// Normalization, and the wiring that lets deep nets learn.
import { both, inBrackets, listed, product, show, step, times } from '../derivation.ts'
import type { Step } from '../derivation.ts'
import type { Concept } from './concept.ts'

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const meanOf = (values: readonly number[]): number => sumOf(values) / values.length

/** Mean and variance of numbers, and the numbers standardized. */
function standardized(x: readonly number[], epsilon: number): { readonly steps: readonly Step[]; readonly mean: number; readonly variance: number; readonly n: readonly number[] } {
  const mean = meanOf(x)
  const variance = meanOf(x.map((value) => (value - mean) ** 2))
  const n = x.map((value) => (value - mean) / Math.sqrt(variance + epsilon))
  return {
    mean, variance, n,
    steps: [
      step(both('mean', '均值'), 'μ = Σx/n', `(${x.map(inBrackets).join(' + ')})/${x.length}`, mean),
      step(both('variance', '方差'), 'σ² = Σ(x − μ)²/n', `(${x.map((value) => `${inBrackets(value - mean)}²`).join(' + ')})/${x.length}`, variance),
      step(both('standardized', '标准化'), '(x − μ)/√(σ² + ε)', `(x − ${inBrackets(mean)})/√(${show(variance)} + ${show(epsilon)})`, listed(n)),
    ],
  }
}

const batchNorm: Concept = {
  id: 'batchNorm', name: both('batch normalization', '批归一化'),
  meaning: both('Each channel gets mean 0 and variance 1 over the batch and all places, then a learned scale and shift. Prediction uses moving averages, which are why it folds into the convolution before it.', '每个通道在整批与所有位置上标准化，再乘学习到的缩放并加平移；推理用滑动平均，因此可并入前面的卷积。'),
  letters: { x: [1, 2, 3, 6], gamma: [1], beta: [0], momentum: [0.99], moving: [0], epsilon: [0.001], C: [64] },
  real: ['x', 'gamma', 'beta', 'momentum', 'moving', 'epsilon'],
  derive({ one, list }) {
    const { steps, mean, n } = standardized(list('x'), one('epsilon'))
    const [gamma, beta, momentum, moving, C] = [one('gamma'), one('beta'), one('momentum'), one('moving'), one('C')]
    return [
      ...steps,
      step(both('output', '输出'), 'γ · n + β', `${show(gamma)} · n + ${inBrackets(beta)}`, listed(n.map((value) => gamma * value + beta))),
      step(both('moving mean', '滑动均值'), 'momentum · moving + (1 − momentum) · μ', `${show(momentum)} · ${inBrackets(moving)} + ${show(1 - momentum)} · ${inBrackets(mean)}`, momentum * moving + (1 - momentum) * mean),
      step(both('parameters', '参数量'), both('4 · C, of which 2 · C trainable', '4 · C，其中可训练 2 · C'), times(4, C), 4 * C),
    ]
  },
}

const groupNorm: Concept = {
  id: 'groupNorm', name: both('group, layer and instance normalization', '组归一化、层归一化与实例归一化'),
  meaning: both('As batch norm, but over one image and one group of its channels, so that the batch does not matter. One group is the whole image, as many as channels is instance norm; layer norm takes the channels of one place.', '与批归一化相同，但在单幅图像的一组通道内计算，与批大小无关；一组即整幅图像，组数等于通道数即实例归一化；层归一化取一个位置的所有通道。'),
  letters: { H: [28], W: [28], C: [64], g: [32], x: [1, 2, 3, 6], epsilon: [0.001] }, real: ['x', 'epsilon'],
  derive({ one, list }) {
    const [H, W, C, g] = [one('H'), one('W'), one('C'), one('g')]
    if (C % g !== 0) return [step(both('divides', '整除'), 'C mod g', `${C} mod ${g}`, both(`${C % g}: ${g} groups do not divide ${C} channels`, `${C % g}：${g} 组不能整除 ${C} 个通道`))]
    return [
      step(both('numbers in a group', '每组的数'), 'H · W · C/g', times(H, W, C / g), product(H, W, C / g)),
      ...standardized(list('x'), one('epsilon')).steps,
      step(both('parameters', '参数量'), both('2 · C, all trainable', '2 · C，全部可训练'), times(2, C), 2 * C),
    ]
  },
}

const localResponseNorm: Concept = {
  id: 'localResponseNorm', name: both('local response normalization', '局部响应归一化'),
  meaning: both('A number is damped by those of neighbouring channels at its place. AlexNet and GoogLeNet have it; batch norm took its place.', '一个数被同一位置相邻通道的数抑制；用于 AlexNet 与 GoogLeNet，后被批归一化取代。'),
  letters: { x: [1, 2, 30, 4, 5], k: [2], alpha: [0.0001], beta: [0.75] }, real: ['x', 'k', 'alpha', 'beta'],
  derive({ one, list }) {
    const [x, k, alpha, beta] = [list('x'), one('k'), one('alpha'), one('beta')]
    const middle = x[Math.floor(x.length / 2)] as number
    const squares = sumOf(x.map((value) => value ** 2))
    const base = k + alpha * squares
    return [
      step(both('squares of the window', '窗口内平方和'), 'Σx²', x.map((value) => `${inBrackets(value)}²`).join(' + '), squares),
      step(both('the middle one becomes', '中间的数变为'), 'x/(k + α · Σx²)^β', `${show(middle)}/(${show(k)} + ${show(alpha)} · ${show(squares)})^${show(beta)}`, middle * base ** -beta),
    ]
  },
}

const residual: Concept = {
  id: 'residual', name: both('residual connection', '残差连接'),
  meaning: both('A block adds what it computes to its input, so that gradients also go around it, undiminished. Where shapes differ, a 1×1 convolution projects the shortcut.', '模块把计算结果加到输入上，梯度可绕过模块无损传递；形状不同时用 1×1 卷积投影捷径。'),
  letters: { layers: [4], slope: [0.25], Cin: [64], Cout: [128] }, real: ['slope'],
  derive({ one }) {
    const [layers, slope, Cin, Cout] = [one('layers'), one('slope'), one('Cin'), one('Cout')]
    return [
      step(both('gradient of a block', '模块的梯度'), 'd(x + F(x))/dx = 1 + F′', `1 + ${inBrackets(slope)}`, 1 + slope),
      step(both('of plain blocks in a row', '普通模块串联'), 'F′ⁿ', `${inBrackets(slope)}^${layers}`, slope ** layers),
      step(both('of residual blocks in a row', '残差模块串联'), '(1 + F′)ⁿ', `(1 + ${inBrackets(slope)})^${layers}`, (1 + slope) ** layers),
      step(both('weights of a projection', '投影的权重'), 'Cin · Cout', times(Cin, Cout), Cin * Cout),
    ]
  },
}

const concatenation: Concept = {
  id: 'concatenation', name: both('branches joined by their channels', '通道拼接'),
  meaning: both('Branches see the same image through different windows and are laid side by side: Inception. A dense block hands on all that was before.', '各分支以不同窗口看同一图像，按通道并列：Inception；密集块把之前的所有特征一并传下去。'),
  letters: { C: [64, 128, 32, 32], growth: [32], layers: [6] },
  derive({ one, list }) {
    const [channels, growth, layers] = [list('C'), one('growth'), one('layers')]
    const sum = sumOf(channels)
    return [
      step(both('channels', '通道'), 'ΣC', channels.map(show).join(' + '), sum),
      step(both('after a dense block', '密集块之后'), 'ΣC + layers · growth', `${show(sum)} + ${times(layers, growth)}`, sum + layers * growth),
    ]
  },
}

const upsampling: Concept = {
  id: 'upsampling', name: both('upsampling: nearest and bilinear', '上采样：最近邻与双线性'),
  meaning: both('An image enlarged by a whole factor, without weights. Places are those of pixel centres; bilinear blends the pixels on either side, and repeats the edge. A transposed convolution that starts this way learns from there.', '按整数倍放大图像，没有权重；按像素中心对齐，双线性混合两侧像素，边缘重复。转置卷积可由此开始学习。'),
  letters: { x: [10, 20, 30, 40], factor: [2], at: [3] }, real: ['x'], least: { at: 0 },
  derive({ one, list }) {
    const [factor, at, x] = [one('factor'), one('at'), list('x')]
    const place = (at + 0.5) / factor - 0.5
    const inside = (index: number): number => Math.min(Math.max(index, 0), x.length - 1)
    const before = Math.floor(place)
    const part = place - before
    const [low, high] = [x[inside(before)] as number, x[inside(before + 1)] as number]
    const K = 2 * factor - (factor % 2)
    return [
      step(both('output size', '输出尺寸'), 'out = in · factor', times(x.length, factor), x.length * factor),
      step(both('nearest takes pixel', '最近邻取像素'), 'floor(at/factor)', `floor(${at}/${factor})`, Math.floor(at / factor)),
      step(both('place in the input', '输入中的位置'), '(at + 1/2)/factor − 1/2', `(${at} + 0.5)/${factor} − 0.5`, place),
      step(both('bilinear', '双线性'), both('(1 − part) · pixel + part · next', '(1 − 小数部分) · 像素 + 小数部分 · 下一像素'), `${show(1 - part)} · ${inBrackets(low)} + ${show(part)} · ${inBrackets(high)}`, (1 - part) * low + part * high),
      step(both('kernel of the same as a transposed convolution', '等效转置卷积的核'), 'K = 2 · factor − factor mod 2', `2 · ${factor} − ${factor % 2}`, K),
    ]
  },
}

export const normalizations: readonly Concept[] = [batchNorm, groupNorm, localResponseNorm, residual, concatenation, upsampling]
