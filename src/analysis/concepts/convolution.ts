// Convolutions: sizes, parameters, multiplications.
import { both, product, show, step, times, WORDS } from '../derivation.ts'
import type { Concept } from './concept.ts'

const convolution: Concept = {
  id: 'convolution',
  name: both('convolution', '卷积'),
  meaning: both(
    'A kernel slides over the image; each output is the weighted sum of the pixels under it, with one set of weights for all places.',
    '卷积核在图像上滑动，每个输出是其下像素的加权和，所有位置共用同一组权重。'),
  letters: { in: [224], K: [3], S: [1], P: [1], D: [1], Cin: [3], Cout: [64], g: [1] }, least: { P: 0 },
  derive({ one }) {
    const [size, K, S, P, D, Cin, Cout, g] = ['in', 'K', 'S', 'P', 'D', 'Cin', 'Cout', 'g'].map(one) as [number, number, number, number, number, number, number, number]
    const out = Math.floor((size + 2 * P - D * (K - 1) - 1) / S) + 1
    return [
      step(WORDS.size, 'out = floor((in + 2P − D(K−1) − 1)/S) + 1', `floor((${size} + ${2 * P} − ${D} · ${K - 1} − 1)/${S}) + 1`, out),
      step(WORDS.params, 'K · K · Cin/g · Cout + Cout', `${times(K, K, Cin / g, Cout)} + ${Cout}`, product(K, K, Cin / g, Cout) + Cout),
      step(WORDS.macs, 'out · out · K · K · Cin/g · Cout', times(out, out, K, K, Cin / g, Cout), product(out, out, K, K, Cin / g, Cout)),
    ]
  },
}

const denseVsConvolution: Concept = {
  id: 'denseVsConvolution',
  name: both('dense layer and convolution', '全连接层与卷积层'),
  meaning: both(
    'A dense layer after flatten is a convolution whose kernel is the whole map; a 1×1 convolution is a dense layer shared by all positions.',
    '展平后的全连接层等价于卷积核与特征图同样大的卷积；1×1 卷积是所有位置共享的全连接层。'),
  letters: { H: [7], W: [7], C: [512], units: [4096], K: [3] },
  derive({ one }) {
    const [H, W, C, units, K] = ['H', 'W', 'C', 'units', 'K'].map(one) as [number, number, number, number, number]
    return [
      step(both('parameters of dense', '全连接层参数量'), 'H · W · C · units + units', `${times(H, W, C, units)} + ${show(units)}`, product(H, W, C, units) + units),
      step(both('parameters of K×K convolution', 'K×K 卷积参数量'), 'K · K · C · units + units', `${times(K, K, C, units)} + ${show(units)}`, product(K, K, C, units) + units),
      step(both('parameters of 1×1 convolution', '1×1 卷积参数量'), 'C · units + units', `${times(C, units)} + ${show(units)}`, C * units + units),
    ]
  },
}

const transposedConvolution: Concept = {
  id: 'transposedConvolution',
  name: both('transposed convolution', '转置卷积'),
  meaning: both(
    'Insert S−1 zeros between the inputs, pad D(K−1)−P, flip the kernel and convolve with stride 1. It is the transpose of the convolution\'s matrix, not its inverse.',
    '在输入之间插入 S−1 个零，填充 D(K−1)−P，翻转卷积核后以步长 1 卷积。它是卷积矩阵的转置，而不是逆运算。'),
  letters: { in: [3], K: [3], S: [2], P: [1], D: [1], outputPadding: [0] }, least: { P: 0, outputPadding: 0 },
  derive({ one }) {
    const [size, K, S, P, D, extra] = ['in', 'K', 'S', 'P', 'D', 'outputPadding'].map(one) as [number, number, number, number, number, number]
    const spread = (size - 1) * S + 1
    const out = (size - 1) * S - 2 * P + D * (K - 1) + extra + 1
    return [
      step(WORDS.size, 'out = (in − 1)·S − 2P + D(K−1) + outputPadding + 1', `(${size} − 1) · ${S} − ${2 * P} + ${D} · ${K - 1} + ${extra} + 1`, out),
      step(both('with zeros inserted', '插零后的尺寸'), '(in − 1)·S + 1', `(${size} − 1) · ${S} + 1`, spread),
      step(both('zeros around it', '四周填充'), 'D(K−1) − P', `${D} · ${K - 1} − ${P}`, D * (K - 1) - P),
      step(both('checkerboard', '棋盘效应'), 'K mod S', `${K} mod ${S}`,
        K % S === 0 ? both('0: every output has as many taps', '0：各输出的采样点数相同')
          : both(`${K % S}: outputs have different numbers of taps, which shows as a checkerboard`, `${K % S}：各输出的采样点数不同，会出现棋盘纹`)),
    ]
  },
}

const dilatedConvolution: Concept = {
  id: 'dilatedConvolution',
  name: both('dilated (atrous) convolution', '空洞卷积（膨胀卷积）'),
  meaning: both('The taps of the kernel stand D pixels apart: a larger field for the same weights.', '卷积核的采样点相隔 D 个像素：参数不变，感受野更大。'),
  letters: { K: [3], D: [2] },
  derive({ one }) {
    const [K, D] = [one('K'), one('D')]
    return [
      step(both('effective kernel', '等效卷积核'), 'K + (K−1)(D−1)', `${K} + ${K - 1} · ${D - 1}`, K + (K - 1) * (D - 1)),
      step(both('weights', '权重数'), 'K · K', times(K, K), K * K),
    ]
  },
}

const spatiallySeparable: Concept = {
  id: 'spatiallySeparable',
  name: both('spatially separable convolution', '空间可分离卷积'),
  meaning: both('A K×K kernel that is a column times a row becomes K×1 and then 1×K.', '可写成列向量乘行向量的 K×K 卷积核，拆成 K×1 与 1×K 两步。'),
  letters: { in: [5], K: [3] },
  derive({ one }) {
    const [size, K] = [one('in'), one('K')]
    const out = size - K + 1
    const [first, second] = [product(out, size, K), product(out, out, K)]
    return [
      step(both('multiplications as one', '一步的乘法次数'), 'out · out · K · K', times(out, out, K, K), product(out, out, K, K)),
      step(both('multiplications as two', '两步的乘法次数'), 'out · in · K + out · out · K', `${times(out, size, K)} + ${times(out, out, K)} = ${show(first)} + ${show(second)}`, first + second),
    ]
  },
}

const depthwiseSeparable: Concept = {
  id: 'depthwiseSeparable',
  name: both('depthwise separable convolution', '深度可分离卷积'),
  meaning: both('A kernel for each channel (depthwise), then a 1×1 convolution that mixes the channels (pointwise).', '先逐通道卷积（深度卷积），再用 1×1 卷积混合通道（逐点卷积）。'),
  letters: { K: [3], Cin: [3], Cout: [4], M: [1] },
  derive({ one }) {
    const [K, Cin, Cout, M] = [one('K'), one('Cin'), one('Cout'), one('M')]
    const [depthwise, pointwise] = [product(K, K, Cin, M), product(Cin, M, Cout)]
    const plain = product(K, K, Cin, Cout)
    return [
      step(both('weights as one', '普通卷积权重'), 'K · K · Cin · Cout', times(K, K, Cin, Cout), plain),
      step(both('weights as two', '两步权重'), 'K · K · Cin · M + Cin · M · Cout', `${times(K, K, Cin, M)} + ${times(Cin, M, Cout)} = ${show(depthwise)} + ${show(pointwise)}`, depthwise + pointwise),
      step(both('share', '比例'), '1/Cout + 1/K² for M = 1', `${show(depthwise + pointwise)} / ${show(plain)}`, (depthwise + pointwise) / plain),
    ]
  },
}

const grouped: Concept = {
  id: 'groupedConvolution',
  name: both('grouped convolution', '分组卷积'),
  meaning: both('The channels are split into g groups that do not see each other. g = Cin is depthwise. Groups must divide both Cin and Cout.', '通道分成互不相见的 g 组；g = Cin 即深度卷积。g 必须整除 Cin 与 Cout。'),
  letters: { K: [3], Cin: [64], Cout: [128], g: [4] },
  derive({ one }) {
    const [K, Cin, Cout, g] = [one('K'), one('Cin'), one('Cout'), one('g')]
    const fits = Cin % g === 0 && Cout % g === 0
    return [
      step(both('divides', '整除'), 'Cin mod g, Cout mod g', `${Cin} mod ${g}, ${Cout} mod ${g}`, fits ? both('0, 0: fits', '0, 0：可以') : both(`${Cin % g}, ${Cout % g}: does not fit`, `${Cin % g}, ${Cout % g}：不行`)),
      ...(fits ? [step(WORDS.params, 'K · K · Cin/g · Cout', times(K, K, Cin / g, Cout), product(K, K, Cin / g, Cout))] : []),
      step(both('without groups', '不分组'), 'K · K · Cin · Cout', times(K, K, Cin, Cout), product(K, K, Cin, Cout)),
    ]
  },
}

const channelShuffle: Concept = {
  id: 'channelShuffle',
  name: both('channel shuffle', '通道混洗'),
  meaning: both('Reshape C to (g, C/g), transpose, flatten: the next grouped convolution sees channels of every group.', '将 C 变形为 (g, C/g)，转置后展平：下一个分组卷积能看到各组的通道。'),
  letters: { C: [6], g: [2] },
  derive({ one }) {
    const [C, g] = [one('C'), one('g')]
    if (C % g !== 0) return [step(both('divides', '整除'), 'C mod g', `${C} mod ${g}`, both(`${C % g}: ${g} groups do not divide ${C} channels`, `${C % g}：${g} 组不能整除 ${C} 个通道`))]
    const order = Array.from({ length: C }, (_, index) => (index % g) * (C / g) + Math.floor(index / g))
    const shown = order.length <= 24 ? order : [...order.slice(0, 24)]
    return [step(both('order of the channels', '通道次序'), both('output i is input (i mod g)·C/g + floor(i/g)', '输出 i 取输入 (i mod g)·C/g + floor(i/g)'), `C = ${C}, g = ${g}`, `${shown.join(', ')}${order.length > 24 ? ', …' : ''}`)]
  },
}

const deformable: Concept = {
  id: 'deformableConvolution',
  name: both('deformable convolution', '可变形卷积'),
  meaning: both('Each tap moves by a learned offset (dy, dx) that a convolution reads from the same image; values between pixels are interpolated. Version 2 adds a mask in (0, 1) per tap.', '每个采样点按学习到的偏移 (dy, dx) 移动，偏移由同一图像上的卷积给出，像素之间双线性插值；v2 为每个采样点加 (0,1) 的调制。'),
  letters: { K: [3], Cin: [3], Cout: [8] },
  derive({ one }) {
    const [K, Cin, Cout] = [one('K'), one('Cin'), one('Cout')]
    return [
      step(both('value', '取值'), 'y(p) = Σ w(pₙ) · x(p + pₙ + Δpₙ)', both(`${K * K} taps`, `${K * K} 个采样点`), both('zero offsets give the plain convolution', '偏移为零时即普通卷积')),
      step(both('offset channels', '偏移通道'), '2 · K · K', times(2, K, K), 2 * K * K),
      step(both('mask channels (v2)', '调制通道（v2）'), 'K · K', times(K, K), K * K),
      step(both('weights for the offsets', '偏移卷积权重'), 'K · K · Cin · 2·K·K + 2·K·K', `${times(K, K, Cin, 2 * K * K)} + ${2 * K * K}`, product(K, K, Cin, 2 * K * K) + 2 * K * K),
      step(both('weights of the kernel', '卷积核权重'), 'K · K · Cin · Cout', times(K, K, Cin, Cout), product(K, K, Cin, Cout)),
    ]
  },
}

const pointwise: Concept = {
  id: 'pointwiseConvolution',
  name: both('1×1 convolution', '1×1 卷积（逐点卷积）'),
  meaning: both('Mixes channels at each pixel, changes their number and adds non-linearity. Before a large kernel it makes it cheaper.', '逐像素混合通道、改变通道数并增加非线性；放在大卷积核之前可减少计算。'),
  letters: { Cin: [96], K: [3], Cout: [48], mid: [32] },
  derive({ one }) {
    const [Cin, K, Cout, mid] = [one('Cin'), one('K'), one('Cout'), one('mid')]
    const [reduce, wide] = [Cin * mid, product(K, K, mid, Cout)]
    return [
      step(both('weights straight', '直接的权重'), 'K · K · Cin · Cout', times(K, K, Cin, Cout), product(K, K, Cin, Cout)),
      step(both('weights through a 1×1', '先经 1×1 的权重'), 'Cin · mid + K · K · mid · Cout', `${times(Cin, mid)} + ${times(K, K, mid, Cout)} = ${show(reduce)} + ${show(wide)}`, reduce + wide),
    ]
  },
}

const volume: Concept = {
  id: 'convolution3d',
  name: both('3-D convolution', '三维卷积'),
  meaning: both('The kernel moves in depth, height and width, so that neighbouring slices or frames meet.', '卷积核在深度、高度、宽度三个方向滑动，相邻切片或帧得以结合。'),
  letters: { in: [16, 112, 112], K: [3], S: [1], P: [1], Cin: [3], Cout: [64] }, least: { P: 0 },
  derive({ one, list }) {
    const [K, S, P, Cin, Cout] = [one('K'), one('S'), one('P'), one('Cin'), one('Cout')]
    const out = list('in').map((size) => Math.floor((size + 2 * P - K) / S) + 1)
    return [
      step(WORDS.size, both('out = floor((in + 2P − K)/S) + 1 per axis', '各轴 out = floor((in + 2P − K)/S) + 1'), list('in').map((size) => `floor((${size} + ${2 * P} − ${K})/${S}) + 1`).join(', '), out.join(' × ')),
      step(WORDS.params, 'K · K · K · Cin · Cout + Cout', `${times(K, K, K, Cin, Cout)} + ${Cout}`, product(K, K, K, Cin, Cout) + Cout),
      step(WORDS.macs, 'out · K · K · K · Cin · Cout', times(...out, K, K, K, Cin, Cout), product(...out, K, K, K, Cin, Cout)),
    ]
  },
}

export const convolutions: readonly Concept[] = [
  convolution, denseVsConvolution, transposedConvolution, dilatedConvolution, spatiallySeparable, depthwiseSeparable,
  grouped, channelShuffle, deformable, pointwise, volume,
]
