// Training: how weights start, how far answers are off, how weights change, and what keeps a net from learning by heart.
import { both, inBrackets, listed, product, show, step, times } from '../derivation.ts'
import type { Concept } from './concept.ts'

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

// ── how weights start ───────────────────────────────────────────────────────

const FAN_IN = both('numbers in', '输入个数')
const FAN_OUT = both('numbers out', '输出个数')
const VARIANCE = both('variance', '方差')

const glorot: Concept = {
  id: 'glorot', name: both('Glorot (Xavier) initialization', 'Glorot（Xavier）初始化'),
  meaning: both('Random weights whose variance keeps that of numbers on the way forward and of gradients on the way back, for activations that are linear around zero, such as tanh.', '随机权重的方差使前向的数值与反向的梯度都大致保持方差，适合在零附近近似线性的激活，如 tanh。'),
  letters: { K: [3], Cin: [64], Cout: [128] },
  derive({ one }) {
    const [K, Cin, Cout] = [one('K'), one('Cin'), one('Cout')]
    const [ins, outs] = [product(K, K, Cin), product(K, K, Cout)]
    const variance = 2 / (ins + outs)
    return [
      step(FAN_IN, 'in = K · K · Cin', times(K, K, Cin), ins),
      step(FAN_OUT, 'out = K · K · Cout', times(K, K, Cout), outs),
      step(VARIANCE, '2/(in + out)', `2/(${ins} + ${outs})`, variance),
      step(both('glorotUniform, within ±', 'glorotUniform 的范围 ±'), '√(3 · variance) = √(6/(in + out))', `√(6/${ins + outs})`, Math.sqrt(3 * variance)),
      step(both('glorotNormal, deviation', 'glorotNormal 的标准差'), '√variance', `√${show(variance)}`, Math.sqrt(variance)),
    ]
  },
}

const he: Concept = {
  id: 'he', name: both('He (Kaiming) initialization', 'He（Kaiming）初始化'),
  meaning: both('Twice the variance of 1/in: relu sets half of the numbers to zero, and this makes up for it.', '方差为 1/in 的两倍，以补偿 relu 把一半的数置零。'),
  letters: { K: [3], Cin: [64] },
  derive({ one }) {
    const [K, Cin] = [one('K'), one('Cin')]
    const ins = product(K, K, Cin)
    return [
      step(FAN_IN, 'in = K · K · Cin', times(K, K, Cin), ins),
      step(VARIANCE, '2/in', `2/${ins}`, 2 / ins),
      step(both('heUniform, within ±', 'heUniform 的范围 ±'), '√(3 · variance) = √(6/in)', `√(6/${ins})`, Math.sqrt(6 / ins)),
      step(both('heNormal, deviation', 'heNormal 的标准差'), '√variance', `√${show(2 / ins)}`, Math.sqrt(2 / ins)),
    ]
  },
}

// ── how far answers are off ─────────────────────────────────────────────────

const LOSS = both('loss', '损失')
const GRADIENT = both('gradient by the outputs', '对输出的梯度')

const softmaxCrossEntropy: Concept = {
  id: 'softmaxCrossEntropy', name: both('softmax cross-entropy', 'Softmax 交叉熵'),
  meaning: both('The loss of classifiers: minus the logarithm of the probability that softmax gives the right class. It takes logits; with softmax in one, the gradient is simply p − t.', '分类器的损失：softmax 给正确类别的概率取负对数；输入为 logits，与 softmax 合并后梯度就是 p − t。'),
  letters: { x: [2, 1, 0.1], class: [0] }, real: ['x'], least: { class: 0 },
  derive({ one, list }) {
    const [x, truth] = [list('x'), one('class')]
    const most = Math.max(...x)
    const log = most + Math.log(sumOf(x.map((value) => Math.exp(value - most))))
    const p = x.map((value) => Math.exp(value - log))
    if (truth >= x.length) return [step(both('class', '类别'), both('class < numbers in x', 'class < x 的个数'), `${truth} ≥ ${x.length}`, both('there is no such class', '没有这个类别'))]
    return [
      step(both('probabilities', '概率'), 'p = softmax(x)', `softmax(${listed(x)})`, listed(p)),
      step(LOSS, '−ln p[class] = ln Σe^x − x[class]', `${show(log)} − ${inBrackets(x[truth] as number)}`, log - (x[truth] as number)),
      step(GRADIENT, both('p − t, where t is 1 for the class, else 0', 'p − t，t 在正确类别为 1，其余为 0'), '', listed(p.map((value, index) => value - (index === truth ? 1 : 0)))),
      step(both('a guess among as many', '随机猜测时'), 'ln n', `ln ${x.length}`, Math.log(x.length)),
    ]
  },
}

const sigmoidCrossEntropy: Concept = {
  id: 'sigmoidCrossEntropy', name: both('sigmoid (binary) cross-entropy', 'Sigmoid（二元）交叉熵'),
  meaning: both('The loss where each output is a yes or no of its own. Written so that no power overflows.', '每个输出各自是“是/否”时的损失；写法避免指数溢出。'),
  letters: { x: [1.5], t: [1] }, real: ['x', 't'],
  derive({ one }) {
    const [x, t] = [one('x'), one('t')]
    const s = x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
    return [
      step(both('probability', '概率'), 's = 1/(1 + e^−x)', `1/(1 + e^${inBrackets(-x)})`, s),
      step(LOSS, 'max(x, 0) − x · t + ln(1 + e^−|x|)', `${show(Math.max(x, 0))} − ${inBrackets(x)} · ${inBrackets(t)} + ln(1 + e^${inBrackets(-Math.abs(x))})`, Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x)))),
      step(both('gradient by x', '对 x 的梯度'), 's − t', `${show(s)} − ${inBrackets(t)}`, s - t),
    ]
  },
}

const meanSquaredError: Concept = {
  id: 'meanSquaredError', name: both('mean squared error', '均方误差'),
  meaning: both('The loss for numbers rather than classes: far misses count most.', '用于回归的损失：偏差越大影响越大。'),
  letters: { x: [2, 1, 0.5], t: [1, 1, 0] }, real: ['x', 't'],
  derive({ list }) {
    const x = list('x')
    const misses = x.map((value, index) => value - (list('t')[index] ?? 0))
    return [
      step(LOSS, 'Σ(x − t)²/n', `(${misses.map((miss) => `${inBrackets(miss)}²`).join(' + ')})/${x.length}`, sumOf(misses.map((miss) => miss ** 2)) / x.length),
      step(GRADIENT, '2(x − t)/n', `2 · (${listed(misses)})/${x.length}`, listed(misses.map((miss) => (2 * miss) / x.length))),
    ]
  },
}

// ── how weights change ──────────────────────────────────────────────────────

const STEP = both('change of the weight', '权重的变化')

const sgd: Concept = {
  id: 'sgd', name: both('gradient descent with momentum', '带动量的梯度下降'),
  meaning: both('A weight goes against its gradient. Momentum keeps going where earlier gradients pointed, in the end 1/(1 − momentum) times as fast; Nesterov looks one step ahead. Weight decay pulls towards zero.', '权重沿梯度反方向走；动量沿先前方向继续，最终快 1/(1 − momentum) 倍；Nesterov 先看一步；权重衰减把权重拉向零。'),
  letters: { rate: [0.01], momentum: [0.9], g: [0.5], v: [0.2], w: [1], decay: [0] }, real: ['rate', 'momentum', 'g', 'v', 'w', 'decay'],
  derive({ one }) {
    const [rate, momentum, g, v, w, decay] = [one('rate'), one('momentum'), one('g'), one('v'), one('w'), one('decay')]
    const whole = g + decay * w
    const next = momentum * v + whole
    return [
      ...(decay === 0 ? [] : [step(both('gradient with decay', '含衰减的梯度'), 'g + decay · w', `${show(g)} + ${show(decay)} · ${inBrackets(w)}`, whole)]),
      step(both('velocity', '速度'), 'v = momentum · v + g', `${show(momentum)} · ${inBrackets(v)} + ${inBrackets(whole)}`, next),
      step(STEP, '−rate · v', `−${show(rate)} · ${inBrackets(next)}`, -rate * next),
      step(both('the same with Nesterov', 'Nesterov 的变化'), '−rate · (g + momentum · v)', `−${show(rate)} · (${show(whole)} + ${show(momentum)} · ${inBrackets(next)})`, -rate * (whole + momentum * next)),
      ...(momentum < 1 ? [step(both('in the end, times', '最终倍数'), '1/(1 − momentum)', `1/(1 − ${show(momentum)})`, 1 / (1 - momentum))] : []),
    ]
  },
}

const adam: Concept = {
  id: 'adam', name: both('Adam and AdamW', 'Adam 与 AdamW'),
  meaning: both('The mean gradient over the root of the mean square: every weight moves by about the learning rate, however large its gradients. The divisions by 1 − βᵗ make up for means that start at zero. AdamW shrinks weights apart from that.', '梯度均值除以均方根：无论梯度大小，每步约为学习率；除以 1 − βᵗ 修正从零开始的均值；AdamW 另行衰减权重。'),
  letters: { rate: [0.001], g: [0.5], m: [0], v: [0], step: [1], beta1: [0.9], beta2: [0.999], w: [1], decay: [0.01] },
  real: ['rate', 'g', 'm', 'v', 'beta1', 'beta2', 'w', 'decay'],
  derive({ one }) {
    const [rate, g, m, v, t, beta1, beta2] = [one('rate'), one('g'), one('m'), one('v'), one('step'), one('beta1'), one('beta2')]
    const first = beta1 * m + (1 - beta1) * g
    const second = beta2 * v + (1 - beta2) * g ** 2
    const [mean, square] = [first / (1 - beta1 ** t), second / (1 - beta2 ** t)]
    const [w, decay] = [one('w'), one('decay')]
    return [
      step(both('mean', '均值'), 'm = β₁m + (1 − β₁)g', `${show(beta1)} · ${inBrackets(m)} + ${show(1 - beta1)} · ${inBrackets(g)}`, first),
      step(both('mean square', '平方均值'), 'v = β₂v + (1 − β₂)g²', `${show(beta2)} · ${inBrackets(v)} + ${show(1 - beta2)} · ${inBrackets(g)}²`, second),
      step(both('corrected', '修正后'), 'm̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)', `${show(first)}/(1 − ${show(beta1)}^${t}), ${show(second)}/(1 − ${show(beta2)}^${t})`, listed([mean, square])),
      step(STEP, '−rate · m̂/(√v̂ + 1e-8)', `−${show(rate)} · ${inBrackets(mean)}/(√${show(square)} + 1e-8)`, (-rate * mean) / (Math.sqrt(square) + 1e-8)),
      step(both('AdamW, besides', 'AdamW 另外'), '−rate · decay · w', `−${show(rate)} · ${show(decay)} · ${inBrackets(w)}`, -rate * decay * w),
    ]
  },
}

const schedule: Concept = {
  id: 'learningRateSchedule', name: both('learning rate schedule', '学习率调度'),
  meaning: both('Large steps first, small ones in the end. Warm-up grows the rate over the first updates, while means of gradients are still poor.', '先大步后小步；预热在最初若干步内增大学习率，此时梯度统计还不可靠。'),
  letters: { rate: [0.003], at: [235], of: [469], epochs: [3], epoch: [1], warmup: [200], factor: [0.1], every: [1] }, real: ['rate', 'factor'], least: { at: 0, epoch: 0 },
  derive({ one }) {
    const [rate, at, of, epochs, epoch, warmup, factor, every] = ['rate', 'at', 'of', 'epochs', 'epoch', 'warmup', 'factor', 'every'].map(one) as [number, number, number, number, number, number, number, number]
    const done = Math.min((epoch * of + at) / (of * epochs), 1)
    return [
      step(both('share that is done', '已完成比例'), both('(epoch · of + at)/(epochs · of), epochs from 0', '(epoch · of + at)/(epochs · of)，轮数从 0 起'), `(${epoch} · ${of} + ${at})/(${epochs} · ${of})`, done),
      step(both('cosine', '余弦'), 'rate · (1 + cos(π · share))/2', `${show(rate)} · (1 + cos(π · ${show(done)}))/2`, rate * 0.5 * (1 + Math.cos(Math.PI * done))),
      step(both('exponential', '指数'), 'rate · factor^(share · epochs)', `${show(rate)} · ${show(factor)}^${show(done * epochs)}`, rate * factor ** (done * epochs)),
      step(both('step', '阶梯'), 'rate · factor^floor(epoch/every)', `${show(rate)} · ${show(factor)}^floor(${epoch}/${every})`, rate * factor ** Math.floor(epoch / every)),
      step(both('warm-up, times', '预热倍数'), 'min((update + 1)/warmup, 1)', `min((${epoch * of + at} + 1)/${warmup}, 1)`, Math.min((epoch * of + at + 1) / warmup, 1)),
    ]
  },
}

// ── learning in general rather than by heart ────────────────────────────────

const dropout: Concept = {
  id: 'dropout', name: both('dropout', '随机失活'),
  meaning: both('In training each number becomes zero with the probability rate, and the others are scaled up so that the expected value stays; in prediction it does nothing. spatialDropout2d does so with whole channels, dropPath with whole branches.', '训练时每个数以概率 rate 置零，其余放大以保持期望；推理时不起作用。spatialDropout2d 针对整个通道，dropPath 针对整个分支。'),
  letters: { rate: [0.25], x: [2] }, real: ['rate', 'x'],
  derive({ one }) {
    const [rate, x] = [one('rate'), one('x')]
    return [
      step(both('kept numbers become', '保留的数变为'), 'x/(1 − rate)', `${show(x)}/(1 − ${show(rate)})`, x / (1 - rate)),
      step(both('expected value', '期望'), 'rate · 0 + (1 − rate) · x/(1 − rate)', `${show(1 - rate)} · ${inBrackets(x / (1 - rate))}`, x),
      step(both('variance it adds', '增加的方差'), 'x² · rate/(1 − rate)', `${inBrackets(x)}² · ${show(rate)}/${show(1 - rate)}`, (x ** 2 * rate) / (1 - rate)),
    ]
  },
}

const epochs: Concept = {
  id: 'batches', name: both('batches, updates and epochs', '批次、更新与轮次'),
  meaning: both('An update takes one batch of examples; an epoch goes through all of them once, in a new order. The gradient of a batch is the mean over its examples.', '每次更新用一批样本；一轮按新的顺序走完全部样本。批的梯度是各样本的平均。'),
  letters: { examples: [60000], batch: [128], epochs: [3] },
  derive({ one }) {
    const [examples, batch, rounds] = [one('examples'), one('batch'), one('epochs')]
    const updates = Math.ceil(examples / batch)
    return [
      step(both('updates in an epoch', '每轮更新次数'), 'ceil(examples/batch)', `ceil(${show(examples)}/${batch})`, updates),
      step(both('in the last batch', '最后一批的样本数'), 'examples − (updates − 1) · batch', `${show(examples)} − ${updates - 1} · ${batch}`, examples - (updates - 1) * batch),
      step(both('updates in all', '总更新次数'), 'updates · epochs', times(updates, rounds), updates * rounds),
    ]
  },
}

export const trainings: readonly Concept[] = [
  glorot, he, softmaxCrossEntropy, sigmoidCrossEntropy, meanSquaredError, sgd, adam, schedule, dropout, epochs,
]
