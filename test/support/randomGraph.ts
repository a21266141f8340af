// Random graphs of layers that like to run in one go, and of what keeps them from it: branches, outputs in the middle,
// weights that are shared.
import {
  add, batchNorm, channelShuffle, concat, conv2d, dense, depthwiseConv2d, dropout, elu, flatten, graph, input, maxPool2d, relu, relu6,
  reshape, shared, sigmoid, softmax, tanh,
} from 'layergraph'
import type { AnyGraph } from '../../src/graph/graph.ts'
import { mixSeed, seededRandom } from '../../src/spec/random.ts'

/** A tensor of the graph and its shape, as far as this generator needs to know. */
interface Node {
  readonly tensor: unknown
  readonly shape: readonly number[]
}
type Layer = (tensor: unknown) => unknown

/** One graph per seed: an image [6, 7, 3] in, one to three outputs. */
export function randomGraph(seed: number): AnyGraph {
  const random = seededRandom(mixSeed(seed, 77))
  const pick = <T>(...choices: readonly T[]): T => choices[random.integer(choices.length)] as T
  const use = (layer: unknown, { tensor }: Node, shape: readonly number[]): Node => ({ tensor: (layer as Layer)(tensor), shape })
  const activation = () => pick('linear', 'linear', 'relu', 'tanh', 'elu')

  const convolution = (x: Node): Node => {
    const filters = pick(2, 4, 6)
    const channels = x.shape[2] as number
    const groups = channels % 2 === 0 ? pick(1, 2) : 1
    const config = { filters, kernelSize: pick(1, 3), padding: 'same', groups, useBias: pick(true, false), activation: activation() } as const
    return use(conv2d(config), x, [x.shape[0] as number, x.shape[1] as number, filters])
  }
  const depthwise = (x: Node): Node => {
    const depthMultiplier = pick(1, 2)
    const config = { kernelSize: 3, padding: 'same', depthMultiplier, useBias: pick(true, false), activation: activation() } as const
    return use(depthwiseConv2d(config), x, [x.shape[0] as number, x.shape[1] as number, (x.shape[2] as number) * depthMultiplier])
  }
  const pointwise = (x: Node): Node =>
    use(pick<() => unknown>(relu, relu, relu6, sigmoid, tanh, elu, softmax, () => dropout({ rate: 0.3 }), () => dropout({ rate: 0 }))(), x, x.shape)
  const norm = (x: Node): Node => use(batchNorm({ center: pick(true, true, false), scale: pick(true, true, false), momentum: 0.8 }), x, x.shape)
  const shuffle = (x: Node): Node => ((x.shape[2] as number) % 2 === 0 ? use(channelShuffle({ groups: 2 }), x, x.shape) : x)
  const units = (x: Node): Node => {
    const count = pick(3, 5)
    return use(dense({ units: count, useBias: pick(true, false), activation: activation() }), x, [...x.shape.slice(0, -1), count])
  }
  const pool = (x: Node): Node => {
    const [h, w, c] = x.shape as readonly [number, number, number]
    return h < 2 || w < 2 ? x : use(maxPool2d({ poolSize: 2 }), x, [h >> 1, w >> 1, c])
  }
  const sum = (x: Node): Node => {
    const [a, b] = [norm(x), x]
    return use(add(), { tensor: [a.tensor, b.tensor], shape: x.shape }, x.shape)
  }
  const join = (x: Node): Node => {
    const [a, b] = [norm(convolution(x)), convolution(x)]
    return use(concat(), { tensor: [a.tensor, b.tensor], shape: [] }, [...x.shape.slice(0, 2), (a.shape[2] as number) + (b.shape[2] as number)])
  }
  const twice = (x: Node): Node => {
    const channels = x.shape[2] as number
    const layer = shared(conv2d({ filters: channels, kernelSize: 3, padding: 'same' }) as never)
    return use(layer, norm(use(layer, x, x.shape)), x.shape)
  }
  const flat = (x: Node): Node => {
    const size = x.shape.reduce((product, one) => product * one, 1)
    return pick(true, false) ? use(flatten(), x, [size]) : use(reshape({ shape: [size] }), x, [size])
  }

  const image = input([6, 7, 3])
  let node: Node = { tensor: image, shape: [6, 7, 3] }
  const middle: Node[] = []
  const steps = 4 + random.integer(7)
  for (let i = 0; i < steps; i++) {
    const images = [convolution, convolution, depthwise, norm, norm, pointwise, pointwise, shuffle, shuffle, pool, sum, join, twice, units, flat]
    node = node.shape.length === 3 ? pick(...images)(node) : pick(units, norm, pointwise)(node)
    if (random.integer(6) === 0 && node.tensor !== image) middle.push(node)
  }
  const last = use(dense({ units: 4 }), flat(node), [4])
  const outputs = Object.fromEntries([last, ...middle.slice(0, 2)].map(({ tensor }, index) => [`y${index}`, tensor]))
  return graph({ name: `random${seed}`, inputs: { image }, outputs: outputs as never }) as unknown as AnyGraph
}
