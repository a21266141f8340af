// Nothing in this file may be an error: what the types cannot know, they must not complain about.
import {
  add, avgPool1d, avgPool2d, avgPool3d, batchNorm, channelShuffle, concat, conv1d, conv2d, conv2dTranspose, conv3d,
  crop1d, crop2d, crop3d, defineLayer, dense, depthToSpace, depthwiseConv2d, dropout, flatten, globalAvgPool2d, graph, input,
  maxPool1d, maxPool2d, maxPool3d, named, parallel, pipe, relu, reshape, residual, sequence, shared, sigmoid, softmax,
  spaceToDepth, tanh, upsample1d, upsample2d, upsample3d, zeroPad1d, zeroPad2d, zeroPad3d,
} from '../../../src/index.ts'
import type { Layer, Op, Padding2d, Size2d, Tensor } from '../../../src/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
/** Compiles when x has exactly the shape S: `is<[26, 26, 32]>()(x)`. */
declare function is<S extends readonly number[]>(): <T>(x: T & (Equal<T, Tensor<S>> extends true ? unknown : never)) => void

declare const n: number
declare const threeOrFive: 3 | 5
declare const anyPadding: Padding2d
declare const anySize: Size2d
declare const anything: any
declare const flag: boolean
declare const config: { filters: number; kernelSize: number }
const photo = input([null, null, 3])
const image = input([28, 28, 1])

// ── sizes that are known are exact ──────────────────────────────────────────

is<[26, 26, 32]>()(conv2d({ filters: 32, kernelSize: 3, activation: 'relu' })(image))
is<[14, 28, 4]>()(conv2d({ filters: 4, kernelSize: 3, strides: [2, 1], padding: 'same' })(image))
is<[29, 30, 4]>()(conv2d({ filters: 4, kernelSize: 3, padding: [[1, 2], [3, 1]] })(image))
is<[12, 24, 4]>()(conv2d({ filters: 4, kernelSize: 3, strides: [2, 1], dilationRate: 2, groups: 1 })(image))
is<[26, 26, 12]>()(depthwiseConv2d({ kernelSize: 3, depthMultiplier: 4 })(input([28, 28, 3])))
is<[9, 9, 1]>()(maxPool2d({ poolSize: 3 })(image))
is<[10, 10, 1]>()(maxPool2d({ poolSize: 3, ceilMode: true })(image))
is<[14, 15, 1]>()(avgPool2d({ poolSize: 2, padding: [[0, 1], [1, 1]] })(image))
is<[24, 8]>()(conv1d({ filters: 8, kernelSize: 3, dilationRate: 2, padding: [[4, 0]] })(input([24, 2])))
is<[6, 8, 9, 4]>()(conv3d({ filters: 4, kernelSize: 3, strides: [2, 1, 1], padding: [[0, 0], [0, 0], [2, 1]] })(input([14, 10, 8, 1])))
is<[5, 2]>()(maxPool1d({ poolSize: 3, strides: 2, ceilMode: true })(input([10, 2])))
is<[5, 2]>()(avgPool1d({ poolSize: 2 })(input([10, 2])))
is<[2, 5, 4, 3]>()(maxPool3d({ poolSize: [2, 1, 1], padding: 'same', strides: 2 })(input([4, 9, 8, 3])))
is<[3, 3, 3, 3]>()(avgPool3d({ poolSize: 2, padding: [[1, 1], [0, 0], [0, 1]] })(input([4, 6, 5, 3])))
is<[5, 5, 8]>()(conv2dTranspose({ filters: 8, kernelSize: 3, strides: 2, padding: 1 })(input([3, 3, 4])))
is<[56, 84, 8]>()(conv2dTranspose({ filters: 8, kernelSize: 3, strides: [2, 3], padding: 'same' })(image))
is<[56, 57, 8]>()(conv2dTranspose({ filters: 8, kernelSize: 3, strides: 2, padding: [[1, 1], [0, 0]], outputPadding: [1, 0] })(image))
is<[25, 26, 1]>()(crop2d({ cropping: [[1, 2], [2, 0]] })(image))
is<[7, 2]>()(crop1d({ cropping: [[1, 2]] })(input([10, 2])))
is<[2, 3, 4, 1]>()(crop3d({ cropping: [[1, 1], [0, 1], [2, 0]] })(input([4, 4, 6, 1])))
is<[12, 2]>()(zeroPad1d({ padding: [[2, 0]] })(input([10, 2])))
is<[6, 6, 8, 1]>()(zeroPad3d({ padding: 1 })(input([4, 4, 6, 1])))
is<[20, 2]>()(upsample1d()(input([10, 2])))
is<[8, 12, 6, 1]>()(upsample3d({ size: [2, 3, 1], interpolation: 'trilinear' })(input([4, 4, 6, 1])))
is<[56, 56, 1]>()(upsample2d()(image))
is<[56, 84, 1]>()(upsample2d({ size: [2, 3], interpolation: 'bilinear' })(image))
is<[7, 7, 64]>()(channelShuffle({ groups: 4 })(input([7, 7, 64])))
is<[14, 14, 16]>()(depthToSpace({ blockSize: 2 })(input([7, 7, 64])))
is<[14, 14, 4]>()(spaceToDepth({ blockSize: 2 })(image))
is<[number, number, 8]>()(conv2dTranspose({ filters: 8, kernelSize: 3, strides: 2 })(input([null, null, 4])))
is<[1]>()(globalAvgPool2d()(image))
is<[784]>()(flatten()(image))
is<[10]>()(dense({ units: 10 })(input([784])))
is<[196, 10]>()(dense({ units: 10 })(input([196, 768])))
is<[7, 4, 28]>()(reshape({ shape: [7, 4, 28] })(image))
is<[30, 30, 1]>()(zeroPad2d({ padding: 1 })(image))
is<[29, 33, 1]>()(zeroPad2d({ padding: [[0, 1], [2, 3]] })(image))
is<[28, 28, 3]>()(concat()([image, input([28, 28, 2])]))
is<[28, 28, 1]>()(add()([image, image, image]))
is<[28, 28, 1]>()(pipe(image, batchNorm(), relu(), sigmoid(), tanh(), dropout({ rate: 0.1 }), softmax()))
is<[40]>()(pipe(image, parallel([
  conv2d({ filters: 16, kernelSize: 1 }),
  sequence(conv2d({ filters: 8, kernelSize: 1 }), batchNorm(), conv2d({ filters: 24, kernelSize: 5, padding: 'same' })),
], concat()), globalAvgPool2d()))
is<[7, 7, 64]>()(pipe(input([7, 7, 64]), residual(conv2d({ filters: 64, kernelSize: 3, padding: 'same' }))))
is<[7, 7, 8]>()(pipe(input([7, 7, 64]), residual(conv2d({ filters: 8, kernelSize: 1 }), conv2d({ filters: 8, kernelSize: 1 }))))
is<[7, 7, 64]>()(relu()([input([7, 7, 64])]))
is<[5]>()(named('head', sequence(flatten(), shared(dense({ units: 5 }))))(image))

// ── sizes that are not known flow through ───────────────────────────────────

is<[number, number, 32]>()(conv2d({ filters: 32, kernelSize: 3 })(photo))
is<[number, 32]>()(conv1d({ filters: 32, kernelSize: 3 })(input([null, 2])))
is<[number, 4, number, 2]>()(maxPool3d({ poolSize: 2 })(input([null, 8, null, 2])))
is<[10]>()(pipe(photo, conv2d({ filters: 48, kernelSize: 3, strides: 2 }), globalAvgPool2d(), dense({ units: 10 })))
is<[number]>()(flatten()(photo))
is<[12, 12]>()(reshape({ shape: [12, 12] })(flatten()(photo)))
is<[number, number, 6]>()(concat()([photo, photo]))
is<[28, 28, 3]>()(add()([photo, input([28, 28, 3])]))
is<[number, number, 3]>()(zeroPad2d({ padding: 2 })(photo))
is<[number, number, 3]>()(maxPool2d({ poolSize: 2, ceilMode: true, padding: 1 })(photo))
is<[26, 26, number]>()(conv2d({ filters: n, kernelSize: 3 })(image))
is<[number, number, number]>()(conv2d(config)(image))
conv2d({ filters: 8, kernelSize: threeOrFive })(image)
conv2d({ filters: 8, kernelSize: 3, padding: anyPadding })(image)
conv2d({ filters: 8, kernelSize: anySize, strides: anySize, dilationRate: anySize })(image)
conv2d({ filters: anything, kernelSize: anything, groups: anything })(image)
conv2d({ filters: n, kernelSize: 3, groups: 4 })(input([9, 9, 8]))
conv2d({ filters: 8, kernelSize: 3, groups: n })(input([9, 9, 8]))
conv2d({ filters: 8, kernelSize: 3, groups: 4 })(input([9, 9, null]))
conv2d({ filters: 8, kernelSize: 3, useBias: flag, kernelInitializer: { constant: n } })(image)
maxPool2d({ poolSize: 2, ceilMode: flag })(image)
maxPool2d({ poolSize: n })(image)
maxPool2d({ poolSize: 2, strides: anything })(image)
zeroPad2d({ padding: n })(image)
reshape({ shape: [n, 4] })(image)
reshape({ shape: anything })(image)
dense({ units: n })(photo)
add()([conv2d(config)(image), conv2d({ filters: 32, kernelSize: 3 })(image)])
add()([conv2d({ filters: 8, kernelSize: threeOrFive })(image), conv2d({ filters: 8, kernelSize: 3 })(image)])

// ── tensors whose rank is not known ─────────────────────────────────────────

declare const unknownTensor: Tensor
const sizes: number[] = [3, 4, 5]
pipe(unknownTensor, conv2d({ filters: 8, kernelSize: 3 }), flatten(), dense({ units: 4 }))
pipe(input(sizes), conv2d({ filters: 3, kernelSize: 3 }), globalAvgPool2d(), softmax())
concat()([unknownTensor, image])
concat()([image, unknownTensor])
add()([unknownTensor, image])
reshape({ shape: [4, 4] })(unknownTensor)
zeroPad2d({ padding: 1 })(unknownTensor)
batchNorm()(unknownTensor)
softmax()(dense({ units: 4 })(unknownTensor))
let walk: Tensor = photo
for (let i = 0; i < 4; i++) walk = conv2d({ filters: 16, kernelSize: 3 })(walk)
dense({ units: 3 })(flatten()(walk))

// ── lists of unknown length ─────────────────────────────────────────────────

declare const list: Tensor<[28, 28, 3]>[]
is<[28, 28, 3]>()(add()(list))
is<[28, 28, number]>()(concat()(list))
is<[28, 28, number]>()(concat()([image, ...list]))
declare const layers: Layer[]
sequence(...layers)(photo)
pipe(photo, ...layers)
sequence(conv2d({ filters: 8, kernelSize: 3 }), ...layers, dense({ units: 3 }))(photo)
declare const oneLayer: Layer
pipe(photo, oneLayer, dense({ units: 3 }))
const tower = (depth: number, filters: number) =>
  sequence(...Array.from({ length: depth }, () => conv2d({ filters, kernelSize: 3, padding: 'same' })))
tower(5, 64)(photo)
const kernels = [1, 3, 5].map((kernelSize) => conv2d({ filters: 8, kernelSize, padding: 'same' }))
pipe(input([9, 9, 3]), parallel(kernels, concat()), flatten(), dense({ units: 2 }))
pipe(input([9, 9, 3]), parallel(kernels, add()))

// ── functions of layers ─────────────────────────────────────────────────────

const bottleneck = <const F extends number>(filters: F) =>
  sequence(conv2d({ filters, kernelSize: 1 }), conv2d({ filters, kernelSize: 3, padding: 'same' }), batchNorm(), relu())
is<[7, 7, 64]>()(bottleneck(64)(input([7, 7, 256])))
is<[7, 7, 64]>()(pipe(input([7, 7, 64]), residual(bottleneck(64))))
const separable = <const F extends number, const K extends Size2d>(filters: F, kernelSize: K) =>
  sequence(depthwiseConv2d({ kernelSize }), batchNorm(), conv2d({ filters, kernelSize: 1 }))
is<[5, 3, 64]>()(separable(64, [3, 5])(input([7, 7, 256])))
const strided = <const F extends number, const S extends Size2d>(filters: F, strides: S) => residual(
  sequence(
    conv2d({ filters, kernelSize: 3, strides, padding: 'same' }), batchNorm(), relu(), zeroPad2d({ padding: 1 }),
    maxPool2d({ poolSize: 3, strides: 1 }), parallel([avgPool2d({ poolSize: 3, strides: 1, padding: 'same' })], relu()),
  ),
  conv2d({ filters, kernelSize: 1, strides, padding: 'same' }),
)
is<[4, 4, 24]>()(strided(24, 2)(input([8, 8, 3])))
const grouped = <const F extends number, const G extends number>(filters: F, groups: G) =>
  sequence(conv2d({ filters, kernelSize: 1, groups }), relu())
is<[8, 8, 24]>()(grouped(24, 3)(input([8, 8, 3])))
const classifier = <const C extends number>(classes: C) =>
  sequence(conv2d({ filters: classes, kernelSize: 1 }), globalAvgPool2d(), dense({ units: classes }), relu(), dense({ units: classes }), softmax())
is<[10]>()(classifier(10)(photo))
const block = <const S extends readonly number[], const F extends number>(x: Tensor<S>, filters: F) =>
  pipe(x, conv2d({ filters, kernelSize: 3, padding: 'same' }), batchNorm())
block(input([7, 7, 64]), 16)
sequence(flag ? conv2d({ filters: 8, kernelSize: 3 }) : conv2d({ filters: 8, kernelSize: 5 }), flatten())(image)
sequence(flag ? batchNorm() : relu(), flatten())(image)
sequence(...(flag ? [batchNorm()] : []), dense({ units: 3 }))(input([8]))
const constants = { filters: 64, kernel: 3 } as const
is<[7, 7, 64]>()(conv2d({ filters: constants.filters, kernelSize: constants.kernel })(input([9, 9, 3])))
input([32, 32, 3] as readonly [number, number, 3])

// ── layers as values ────────────────────────────────────────────────────────

export const tensor: Tensor<readonly [number, number, 32]> = conv2d({ filters: 32, kernelSize: 3 })(image)
export const anyTensor: Tensor = tensor
export const op: Op = sequence(...layers)
export const everyLayer: readonly Layer[] = [
  add(), avgPool2d({ poolSize: 2 }), batchNorm(), concat(), conv2d({ filters: 3, kernelSize: 3 }), dense({ units: 2 }),
  depthwiseConv2d({ kernelSize: 3 }), dropout({ rate: 0.5 }), flatten(), globalAvgPool2d(), maxPool2d({ poolSize: 2 }),
  relu(), reshape({ shape: [4] }), sigmoid(), softmax(), tanh(), zeroPad2d({ padding: 1 }),
  sequence(flatten()), parallel([flatten()], concat()), residual(relu()), shared(relu()), named('x', relu()),
]
const head = (layer: Layer) => layer
head(sequence(flatten()))

// ── graphs and layers of one's own ──────────────────────────────────────────

const vector = input([16])
const left = pipe(input([8, 8, 3]), conv2d({ filters: 4, kernelSize: 3 }), flatten())
is<[160]>()(concat()([left, vector]))
const body = graph({ name: 'body', inputs: { photo }, outputs: { features: globalAvgPool2d()(photo) } })
is<[3]>()(body(input([224, 224, 3])))
is<[2]>()(pipe(input([32, 32, 3]), body, dense({ units: 2 })))
const two = graph({ name: 'two', inputs: { image, vector }, outputs: { a: flatten()(image), b: vector } })
is<[784]>()(two({ image, vector: input([16]) }).a)
is<[16]>()(two({ image: unknownTensor, vector }).b)
declare const schema: Parameters<typeof defineLayer<'mine', unknown, Record<never, never>>>[0]
const mine = defineLayer(schema)
pipe(photo, mine(), conv2d({ filters: 2, kernelSize: 3 }), flatten(), dense({ units: 2 }))
sequence(mine(), flatten())
