// Pooling: sizes, gradients, and any image as so many numbers.
import { both, product, show, step, times, WORDS } from '../derivation.ts'
import type { Concept } from './concept.ts'

const pooling: Concept = {
  id: 'pooling',
  name: both('max and average pooling', '最大池化与平均池化'),
  meaning: both('The largest or the mean number under a window. With ceilMode the size is rounded up, and a last window that would start in the padding is dropped.', '取窗口内的最大值或平均值；ceilMode 向上取整，起点落在填充里的最后一个窗口被舍去。'),
  letters: { in: [9], K: [4], S: [4], P: [2], ceil: [1] }, least: { P: 0, ceil: 0 },
  derive({ one }) {
    const [size, K, S, P, ceil] = [one('in'), one('K'), one('S'), one('P'), one('ceil') > 0]
    const raw = (size + 2 * P - K) / S
    const rounded = (ceil ? Math.ceil(raw) : Math.floor(raw)) + 1
    const start = (rounded - 1) * S
    const dropped = ceil && start >= size + P
    const name = ceil ? 'ceil' : 'floor'
    return [
      step(WORDS.size, `${name}((in + 2P − K)/S) + 1`, `${name}((${size} + ${2 * P} − ${K})/${S}) + 1`, rounded),
      ...(ceil ? [step(both('last window starts', '最后窗口起点'), '(out − 1)·S < in + P', `${start} ${dropped ? '≥' : '<'} ${size + P}`, dropped ? both(`dropped: ${rounded - 1}`, `舍去：${rounded - 1}`) : both(`kept: ${rounded}`, `保留：${rounded}`))] : []),
    ]
  },
}

const backward: Concept = {
  id: 'poolingGradient',
  name: both('gradient of pooling', '池化的反向传播'),
  meaning: both('Average pooling spreads the gradient evenly; max pooling sends it to the maximum alone. The sum is kept.', '平均池化平均分配梯度，最大池化只传给最大值，梯度之和不变。'),
  letters: { K: [2] },
  derive({ one }) {
    const taps = one('K') ** 2
    return [
      step(both('average: each pixel gets', '平均池化每个像素'), 'g / K²', `g / ${taps}`, `${show(1 / taps)} g`),
      step(both('max: the maximum gets', '最大池化的最大值'), 'g', '', both(`g, the other ${taps - 1} get 0`, `g，其余 ${taps - 1} 个为 0`)),
      step(both('sum', '总和'), 'K² · g/K² = g', `${taps} · ${show(1 / taps)} g`, 'g'),
    ]
  },
}

const globalPooling: Concept = {
  id: 'globalPooling',
  name: both('global pooling', '全局池化'),
  meaning: both('H×W×C becomes C: one number per channel. With one dense layer after it, that layer\'s weights over the map are class activation maps (CAM).', 'H×W×C 变为 C，每通道一个数；其后接一个全连接层即可得到类激活图（CAM）。'),
  letters: { H: [7], W: [7], C: [512], units: [1000] },
  derive({ one }) {
    const [H, W, C, units] = [one('H'), one('W'), one('C'), one('units')]
    return [
      step(WORDS.shape, 'C', times(C), C),
      step(both('weights of dense after it', '其后全连接层权重'), 'C · units', times(C, units), C * units),
      step(both('after flatten instead', '若改为展平'), 'H · W · C · units', times(H, W, C, units), product(H, W, C, units)),
    ]
  },
}

const adaptive: Concept = {
  id: 'adaptivePooling',
  name: both('adaptive pooling', '自适应池化'),
  meaning: both('An image of any size becomes one of a fixed size: the windows follow from both, and may differ by a pixel and overlap.', '任意尺寸的图像变为固定尺寸：窗口由两者决定，大小可能相差一个像素并有重叠。'),
  letters: { in: [7], out: [3] },
  derive({ one }) {
    const [size, out] = [one('in'), one('out')]
    const shown = Array.from({ length: Math.min(out, 12) }, (_, index) => [Math.floor((index * size) / out), Math.ceil(((index + 1) * size) / out)] as const)
    return [
      step(both('windows', '窗口'), both('from floor(i · in/out) to ceil((i + 1) · in/out) − 1', '从 floor(i · in/out) 到 ceil((i + 1) · in/out) − 1'), `in = ${size}, out = ${out}`,
        `${shown.map(([from, to]) => `${from}–${to - 1}`).join(', ')}${out > 12 ? ', …' : ''}`),
      step(both('sizes', '大小'), '', '', shown.map(([from, to]) => to - from).join(', ')),
    ]
  },
}

const pyramid: Concept = {
  id: 'spatialPyramidPooling',
  name: both('spatial pyramid pooling (SPP)', '空间金字塔池化'),
  meaning: both('The maximum of each of bins × bins parts, for several bins: as many numbers whatever the size of the image.', '对若干级 bins × bins 分块取最大值：无论图像大小，输出长度固定。'),
  letters: { bins: [4, 2, 1], C: [256] },
  derive({ one, list }) {
    const squares = list('bins').map((bins) => bins ** 2)
    const sum = squares.reduce((total, square) => total + square, 0)
    return [step(WORDS.shape, 'Σ bins² · C', `(${squares.join(' + ')}) · ${one('C')}`, sum * one('C'))]
  },
}

const weighted: Concept = {
  id: 'globalWeightedPooling',
  name: both('global weighted pooling', '全局加权池化'),
  meaning: both('A depthwise convolution as large as the map: global pooling with learned weights.', '与特征图同样大的深度卷积：权重可学习的全局池化。'),
  letters: { H: [7], W: [7], C: [512] },
  derive({ one }) {
    const [H, W, C] = [one('H'), one('W'), one('C')]
    return [
      step(WORDS.shape, '1 × 1 × C', '', `1 × 1 × ${C}`),
      step(both('weights', '权重数'), 'H · W · C', times(H, W, C), product(H, W, C)),
    ]
  },
}

export const poolings: readonly Concept[] = [pooling, backward, globalPooling, adaptive, pyramid, weighted]
