// Random graphs of windows: branches, dilation, padding, groups, transposed, pooling, upsampling, shared weights.
// A number gives the same graph everywhere.
import { parallel, shared } from '../../../src/graph/compose.ts'
import type { AnyGraph } from '../../../src/graph/graph.ts'
import {
  add, avgPool2d, concat, conv2d, conv2dTranspose, depthwiseConv2d, isLayergraphError, maxPool2d, type Op, relu, residual,
  sequence, upsample2d, zeroPad2d,
} from '../../../src/index.ts'
import { type Random, seededRandom } from '../../../src/spec/random.ts'
import { chain } from '../nets.ts'

const CHANNELS = 2

const upTo = (random: Random, most: number): number => 1 + random.integer(most)
const two = (random: Random, most: number): [number, number] => [upTo(random, most), upTo(random, most)]
const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)] as T
const sides = (random: Random, below: number): [[number, number], [number, number]] =>
  [[random.integer(below), random.integer(below)], [random.integer(below), random.integer(below)]]
const padding = (random: Random, below: number): 'valid' | 'same' | number | [[number, number], [number, number]] =>
  pick(random, ['valid', 'same', random.integer(below), sides(random, below)] as const)

/** A convolution that keeps the image's size. */
const keeping = (random: Random): Op =>
  conv2d({ filters: CHANNELS, kernelSize: two(random, 4), dilationRate: two(random, 3), padding: 'same', groups: upTo(random, 2) }) as Op

type Make = (random: Random) => Op

const MAKES: readonly Make[] = [
  (random) => conv2d({
    filters: CHANNELS, kernelSize: two(random, 5), strides: two(random, 3), dilationRate: two(random, 2), padding: padding(random, 4),
    groups: upTo(random, 2),
  }) as Op,
  (random) => conv2d({ filters: CHANNELS, kernelSize: two(random, 3), dilationRate: two(random, 3), padding: padding(random, 3) }) as Op,
  (random) => depthwiseConv2d({ kernelSize: two(random, 4), strides: two(random, 2), padding: padding(random, 3) }) as Op,
  (random) => conv2dTranspose({
    filters: CHANNELS, kernelSize: two(random, 4), strides: two(random, 3), dilationRate: two(random, 2), outputPadding: 0,
    padding: pick(random, ['valid', 'same', 0] as const),
  }) as Op,
  (random) => {
    const poolSize: [number, number] = [upTo(random, 3) + 1, upTo(random, 3) + 1]
    const config = { poolSize, strides: two(random, 3), padding: pick(random, ['valid', 'same', 1] as const), ceilMode: random.uniform() < 0.4 }
    return (random.uniform() < 0.5 ? avgPool2d(config) : maxPool2d(config)) as Op
  },
  (random) => upsample2d({ size: two(random, 2), interpolation: pick(random, ['nearest', 'bilinear'] as const) }) as Op,
  (random) => zeroPad2d({ padding: sides(random, 3) }) as Op,
  () => relu() as Op,
  (random) => {
    const strides = two(random, 2)
    const branches = Array.from({ length: 2 + random.integer(2) }, () =>
      sequence(keeping(random), conv2d({ filters: CHANNELS, kernelSize: two(random, 3), strides, padding: 'same' }) as Op) as Op)
    return random.uniform() < 0.5 ? parallel(branches, add() as Op) as Op
      : sequence(parallel(branches, concat() as Op) as Op, conv2d({ filters: CHANNELS, kernelSize: 1 }) as Op) as Op
  },
  (random) => {
    const twin = shared(keeping(random) as never) as unknown as Op
    return sequence(twin, residual(twin), twin) as Op
  },
]

/** The graph of this number. */
export function randomGraph(number: number): AnyGraph {
  for (let attempt = 0; ; attempt++) {
    const random = seededRandom(number * 64 + attempt)
    const size = [16 + random.integer(17), 16 + random.integer(17), CHANNELS]
    const layers = Array.from({ length: 2 + random.integer(5) }, () => pick(random, MAKES)(random))
    try {
      const net = chain(size, ...layers)
      const [h, w] = net.nodes.at(-1)?.site.outputs[0] as [number, number]
      if (h * w <= 4096) return net
    } catch (error) {
      if (!isLayergraphError(error)) throw error
    }
  }
}

/** The units to look at: the one in the middle, and one in a corner. */
export function unitsOf(net: AnyGraph): readonly (readonly [number, number])[] {
  const [h, w] = net.nodes.at(-1)?.site.outputs[0] as [number, number]
  return [[Math.floor(h / 2), Math.floor(w / 2)], [0, w - 1]]
}
