// A picture for every concept, drawn by src/draw from the letters of its worked example where these are small enough.
import { chart } from '../dist/src/draw/chart.js'
import { cellsPicture, wiresPicture } from '../dist/src/draw/diagram.js'
import { graphDrawing } from '../dist/src/draw/graphDrawing.js'
import { analyze, conv2d, graph, input, sequence } from '../dist/src/index.js'
import { inception, residual } from '../dist/graphs/index.js'
import { cosineDecay, exponentialDecay, stepDecay, warmup } from '../dist/src/train/schedules.js'

const range = (count, make = (index) => index) => Array.from({ length: count }, (_, index) => make(index))
const grid = (rows, columns, make) => range(rows, (row) => range(columns, (column) => make(row, column)))
const short = (value) => String(Math.round(value * 100) / 100)
const steps = (from, to, count) => range(count + 1, (index) => from + ((to - from) * index) / count)
/** Colours of groups, in turn. */
const GROUPS = ['blue', 'sand', 'green', 'rose']

/** Functions of one number, as lines. */
const lines = (title, xTitle, x, functions, show = short) => chart({
  title, x, xTitle, show, series: Object.entries(functions).map(([name, f]) => ({ name, values: x.map((value, index) => f(value, index)) })),
})

/** What a rule makes of a state, again and again. */
function course(count, first, next) {
  const states = [first]
  while (states.length < count) states.push(next(states.at(-1), states.length))
  return states
}

const small = (name, build) => {
  const x = input([28, 28, 32])
  const made = graph({ name, inputs: { x }, outputs: { y: build(x) } })
  return graphDrawing(made, analyze(made))
}

const channel = (index, group) => ({ text: String(index), colour: GROUPS[group % GROUPS.length] })

function grouped({ g }) {
  const [groups, per] = [Math.min(g[0], 2), 3]
  const channels = range(groups * per, (index) => channel(index, Math.floor(index / per)))
  const wires = range(groups * per).flatMap((from) => range(groups * per).filter((to) => Math.floor(to / per) === Math.floor(from / per)).map((to) => [from, to]))
  return wiresPicture('Channels of a group see each other, and no others', [{ caption: 'in', channels }, { caption: 'out', channels }], [wires])
}

function shuffled({ C: [channels], g: [groups] }) {
  const per = channels / groups
  const before = range(channels, (index) => channel(index, Math.floor(index / per)))
  const order = range(channels, (index) => (index % groups) * per + Math.floor(index / groups))
  return wiresPicture('Where the channels go, coloured by their groups', [
    { caption: 'in', channels: before }, { caption: 'out', channels: order.map((from) => before[from]) },
  ], [order.map((from, to) => [from, to])])
}

/** A window that moves in depth as well: the slices that it covers. */
const volume = ({ K: [size] }) => cellsPicture('The window covers neighbouring slices', range(size + 1, (slice) => ({
  caption: `slice ${slice}`, side: 5,
  rows: grid(5, 5, (row, column) => ({ colour: slice < size && row < size && column < size ? 'seen' : 'cell' })),
})))

function poolingGradient({ K: [size] }) {
  const values = grid(size, size, (row, column) => ((row * 3 + column * 2) % (size * size)) + 1)
  const largest = Math.max(...values.flat())
  return cellsPicture('The gradient g of one output, handed back', [
    { caption: 'input', rows: values.map((row) => row.map((value) => ({ text: String(value) }))) },
    { caption: 'average', rows: values.map((row) => row.map(() => ({ text: `g/${size * size}`, colour: 'blue' }))) },
    { caption: 'max', rows: values.map((row) => row.map((value) => (value === largest ? { text: 'g', colour: 'seen' } : { text: '0' }))) },
  ])
}

/** A map, and the one number that becomes of it. */
const whole = (weighted) => ({ H: [height], W: [width] }) => cellsPicture(weighted ? 'Every place has a weight of its own' : 'Every place counts alike', [
  { caption: `${height}×${width}`, side: 5, rows: grid(height, width, (row, column) => ({ colour: weighted ? GROUPS[(row * 3 + column) % GROUPS.length] : 'blue' })) },
  { caption: '1×1', rows: [[{ colour: 'unit' }]] },
])

const pyramid = ({ bins }) => cellsPicture('One maximum for each bin, whatever the size of the map', bins.map((count) => (
  { caption: `${count}×${count}`, side: 4, rows: grid(count, count, () => ({ colour: 'blue' })) })))

const bars = (title, names, panels) => cellsPicture(title, Object.entries(panels).map(([caption, values]) => {
  const most = Math.max(...values.map(Math.abs))
  const rows = 6
  return { caption, rows: [
    ...grid(rows, values.length, (row, column) => ({ colour: rows - row <= Math.round((Math.abs(values[column]) / most) * rows) ? 'seen' : 'paper' })),
    values.map((value) => ({ text: short(value), colour: 'cell' })),
  ] }
}))

function softmax({ x }) {
  const powers = x.map((value) => Math.exp(value - Math.max(...x)))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return bars('Numbers, and their probabilities', x, { numbers: x, probabilities: powers.map((power) => power / total) })
}

function logSoftmax({ x }) {
  const log = Math.log(x.reduce((sum, value) => sum + Math.exp(value), 0))
  return bars('Numbers, and the logarithms of their probabilities', x, { numbers: x, 'logarithms of probabilities': x.map((value) => value - log) })
}

/** Which numbers of four images with eight channels have their mean taken together: those of the colour. */
const together = (title, parts) => cellsPicture(title, Object.entries(parts).map(([caption, isIn]) => (
  { caption, rows: grid(4, 8, (image, one) => ({ colour: isIn(image, one) ? 'seen' : 'cell' })) })))

const responses = ({ x, k: [k], alpha: [alpha], beta: [beta] }) => {
  const middle = Math.floor(x.length / 2)
  const damped = x[middle] / (k + alpha * x.reduce((sum, value) => sum + value * value, 0)) ** beta
  return cellsPicture('The middle channel is damped by those beside it', [
    { caption: 'channels at one place', rows: [x.map((value, index) => ({ text: short(value), colour: index === middle ? 'unit' : 'blue' }))] },
    { caption: 'becomes', rows: [[{ text: short(damped), colour: 'unit' }]] },
  ])
}

/** The variance of numbers behind layers that multiply it by so much each. */
const variances = (title, factors) => lines(title, 'layers', range(11), Object.fromEntries(Object.entries(factors).map(([name, factor]) => [name, (n) => factor ** n])))

/** Down a valley f(w) = w²/2 from 1. */
function descent({ momentum: [momentum] }) {
  const rate = 0.02
  const walk = (share) => course(61, { w: 1, v: 0 }, ({ w, v }) => ({ w: w - rate * (share * v + w), v: share * v + w })).map(({ w }) => w)
  const [plain, fast] = [walk(0), walk(momentum)]
  return lines('The way to the lowest point at 0', 'updates', range(61), { plain: (n) => plain[n], [`momentum ${momentum}`]: (n) => fast[n] })
}

/** Two weights, the gradients of one a hundred times those of the other. */
function adam({ rate: [rate], beta1: [beta1], beta2: [beta2] }) {
  const walk = (scale) => course(41, { w: 1, m: 0, v: 0 }, ({ w, m, v }, step) => {
    const g = scale
    const [mean, square] = [beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g]
    return { w: w - (rate * (mean / (1 - beta1 ** step))) / (Math.sqrt(square / (1 - beta2 ** step)) + 1e-7), m: mean, v: square }
  }).map(({ w }) => w)
  const [large, tiny] = [walk(1), walk(0.01)]
  return lines('Two weights under constant gradients', 'updates', range(41), {
    'Adam, gradient 1': (n) => large[n], 'Adam, gradient 0.01': (n) => tiny[n], 'plain, gradient 0.01': (n) => 1 - rate * 0.01 * n,
  }, (value) => value.toFixed(3))
}

function schedules({ rate: [rate], of: [perEpoch], epochs: [epochs], warmup: [first], factor: [factor], every: [every] }) {
  const total = perEpoch * epochs
  const at = (schedule) => (step) => schedule({ step, steps: total, epoch: Math.floor(step / perEpoch), epochs })
  return lines('Learning rates over a training', 'updates', steps(0, total - 1, 60).map(Math.round), {
    [`cosine, warm-up ${first}`]: at(warmup(first, cosineDecay(rate))),
    [`step, × ${factor} each epoch`]: at(stepDecay(rate, { every, factor })),
    'exponential, to a half': at(exponentialDecay(rate, { factor: 0.5 })),
  }, (value) => value.toPrecision(2))
}

function dropout({ rate: [rate], x: [x] }) {
  // Any choice serves; this one spreads.
  const isDropped = (row, column) => (row * 7 + column * 3) % Math.round(1 / rate) === 0
  return cellsPicture('Some numbers become zero, the others grow', [
    { caption: 'before', rows: grid(4, 4, () => ({ text: short(x) })) },
    { caption: 'in training', rows: grid(4, 4, (row, column) => (isDropped(row, column) ? { text: '0', colour: 'rose' } : { text: short(x / (1 - rate)), colour: 'green' })) },
    { caption: 'in prediction', rows: grid(4, 4, () => ({ text: short(x) })) },
  ])
}

/** Twelve examples in batches of four. */
const batches = () => cellsPicture('Each colour is a batch: one update. Each row of twelve is an epoch, in an order of its own.', range(2, (epoch) => ({
  caption: `epoch ${epoch + 1}`,
  rows: grid(3, 4, (batch, place) => ({ text: String(((batch * 4 + place) * (epoch === 0 ? 1 : 5) + epoch * 2) % 12), colour: GROUPS[batch] })),
})))

const probability = steps(0.02, 1, 49)
const around = steps(-4, 4, 64)

/** By the id of the concept: from the letters of its example to the picture. */
export const pictures = {
  denseVsConvolution: whole(true),
  groupedConvolution: grouped,
  channelShuffle: shuffled,
  convolution3d: volume,
  poolingGradient,
  globalPooling: whole(false),
  spatialPyramidPooling: pyramid,
  globalWeightedPooling: whole(true),
  softmax,
  logSoftmax,
  vanishingGradient: () => lines('The largest gradient that is left', 'layers', range(11), { sigmoid: (n) => 0.25 ** n, 'ReLU above 0': () => 1 }),
  deadRelu: () => lines('The derivative by the input', 'input', around, { ReLU: (x) => (x > 0 ? 1 : 0), 'leaky ReLU, alpha 0.1': (x) => (x > 0 ? 1 : 0.1) }),
  batchNorm: () => together('Images down, channels across: one mean for the coloured', { 'batch norm': (_image, one) => one === 2 }),
  groupNorm: () => together('Images down, channels across: one mean for the coloured', {
    'group norm, 4 groups': (image, one) => image === 1 && (one === 2 || one === 3), 'instance norm': (image, one) => image === 1 && one === 2,
    'all channels of an image': (image) => image === 1,
  }),
  localResponseNorm: responses,
  residual: () => small('residual', residual(sequence(conv2d({ filters: 32, kernelSize: 3, padding: 'same' }), conv2d({ filters: 32, kernelSize: 3, padding: 'same' })))),
  concatenation: () => small('concatenation', inception({ conv1: 16, conv3: [16, 24], conv5: [4, 8], pool: 8 })),
  glorot: () => variances('Variance of the numbers behind linear layers', { Glorot: 1, 'weights half as large': 0.25, '10 % larger': 1.21 }),
  he: () => variances('Variance of the numbers behind layers with ReLU', { He: 1, Glorot: 0.5 }),
  softmaxCrossEntropy: () => lines('The loss by the probability of the right class', 'probability', probability, { 'softmax cross-entropy': (p) => -Math.log(p) }),
  sigmoidCrossEntropy: () => lines('The loss by the logit', 'logit', around, {
    'target 1': (x) => Math.log1p(Math.exp(-x)), 'target 0': (x) => Math.log1p(Math.exp(x)),
  }),
  meanSquaredError: () => lines('The loss, and how strongly it pulls, by the miss', 'miss', around, { 'squared error': (x) => x * x, gradient: (x) => 2 * x }),
  sgd: descent,
  adam,
  learningRateSchedule: schedules,
  dropout,
  batches,
}
