// Layers that run in one go give what they give one by one: outputs, losses, gradients, and all of it again once the
// weights have changed.
import * as tf from '@tensorflow/tfjs-core'
import {
  add, batchNorm, channelShuffle, conv2d, dense, dropout, flatten, graph, input, maxPool2d, pipe, relu, relu6,
} from 'layergraph'
import { createModel, type Model, sgd, type WeightArrays } from 'layergraph/runtime'
import { describe, expect, it } from 'vitest'
import { planSteps } from '../../src/analysis/plan.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import { mixSeed, seededRandom } from '../../src/spec/random.ts'
import { randomGraph } from '../support/randomGraph.ts'

const GRAPHS = 60
const BATCH = 3

/** Random numbers for all weights; variances stay positive. */
function randomWeights(model: Model, seed: number): WeightArrays {
  return Object.fromEntries(Object.entries(model.weights()).map(([name, { data, shape }], index) => {
    const random = seededRandom(mixSeed(seed, index))
    const draw = name.endsWith('Variance') ? () => 0.3 + random.uniform() : () => random.normal() * 0.5
    return [name, { data: data.map(draw), shape }]
  }))
}

function randomImages(seed: number, batch: number, shape: readonly number[]): { data: Float32Array; shape: number[] } {
  const random = seededRandom(seed)
  return { data: new Float32Array(batch * shape.reduce((a, b) => a * b, 1)).map(random.normal), shape: [batch, ...shape] }
}

type Arrays = Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>

function outputsOf(model: Model, image: { data: Float32Array; shape: number[] }): Arrays {
  const outputs = model.predict(image) as unknown
  return (model.graph.outputs.length === 1 ? { y0: outputs } : outputs) as Arrays
}

/** The largest difference, measured by the largest number. */
function difference(a: Arrays, b: Arrays): number {
  expect(Object.keys(a)).toEqual(Object.keys(b))
  return Math.max(...Object.keys(a).map((name) => {
    const [one, other] = [a[name]!, b[name]!]
    expect(one.shape).toEqual(other.shape)
    const size = one.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
    return one.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (other.data[i] as number))), 0) / size
  }))
}

async function pairOf(net: AnyGraph, seed: number): Promise<[Model, Model]> {
  const models = await Promise.all([true, false].map((fuse) => createModel(net, { seed, fuse }))) as unknown as [Model, Model]
  const weights = randomWeights(models[0], seed)
  for (const model of models) model.setWeights(weights)
  return models
}

/** One update of all weights, on random labels for every output. */
async function trainOnce(model: Model, image: { data: Float32Array; shape: number[] }, seed: number): Promise<number> {
  const { meanSquaredError } = (await import('layergraph/runtime')).losses
  const labels = Object.fromEntries(model.graph.outputs.map(({ name }, index) => {
    const shape = model.graph.nodes.find(({ id }) => id === model.graph.outputs[index]!.from.id)!.site.outputs[0] as number[]
    return [name, randomImages(mixSeed(seed, index), image.shape[0]!, shape)]
  }))
  const [record] = await model.fit({ inputs: image, labels }, { batchSize: BATCH, optimizer: sgd(0.05), loss: meanSquaredError, seed: 5 })
  return record!.loss
}

describe('running in one go', () => {
  it(`gives the same as one by one, for ${GRAPHS} random graphs`, async () => {
    let fused = 0
    for (let seed = 0; seed < GRAPHS; seed++) {
      const net = randomGraph(seed)
      const [together, apart] = await pairOf(net, seed)
      const image = randomImages(seed, BATCH, [6, 7, 3])
      fused += planSteps(net, { training: false }).reduce((sum, { followers }) => sum + followers.length, 0)
      const label = `graph ${seed}: ${net.nodes.map(({ kind }) => kind).join(' ')}`
      expect(difference(outputsOf(together, image), outputsOf(apart, image)), label).toBeLessThan(2e-5)
      const losses = [await trainOnce(together, image, seed), await trainOnce(apart, image, seed)] as const
      expect(Math.abs(losses[0] - losses[1]) / Math.abs(losses[1]), label).toBeLessThan(1e-5)
      expect(difference(together.weights(), apart.weights()), `${label}, weights`).toBeLessThan(2e-5)
      // The weights are others now, and so must be all that was made of them.
      expect(difference(outputsOf(together, image), outputsOf(apart, image)), `${label}, trained`).toBeLessThan(1e-4)
      together.dispose()
      apart.dispose()
    }
    expect(fused).toBeGreaterThan(2 * GRAPHS)
  })

  it('pools in the same go as it convolves, also odd sizes and one channel', async () => {
    const image = input([17, 16, 1])
    const y0 = pipe(image,
      conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
      conv2d({ filters: 12, kernelSize: 3, padding: 'same' }), relu(), maxPool2d({ poolSize: 2 }), flatten(), dense({ units: 3 }))
    const net = graph({ name: 'pools', inputs: { image }, outputs: { y0 } })
    expect(planSteps(net, { training: true }).map(({ node }) => node.kind)).toEqual(['conv2d', 'conv2d', 'dense'])
    const [together, apart] = await pairOf(net, 2)
    const pixels = randomImages(2, 30, [17, 16, 1])
    expect(difference(outputsOf(together, pixels), outputsOf(apart, pixels))).toBeLessThan(2e-6)
    await trainOnce(together, pixels, 2)
    await trainOnce(apart, pixels, 2)
    expect(difference(together.weights(), apart.weights())).toBeLessThan(1e-5)
    together.dispose()
    apart.dispose()
  })

  it('joins branches and applies relu in the same go, which changes no bit', async () => {
    const image = input([6, 7, 3])
    const way = conv2d({ filters: 5, kernelSize: 3, padding: 'same' })(image)
    const normal = pipe(way, batchNorm(), relu6())
    const joined = relu()(add()([batchNorm()(conv2d({ filters: 5, kernelSize: 1 })(normal)), way]))
    const twice = relu6()(add()([joined, normal, way]))
    const net = graph({ name: 'joins', inputs: { image }, outputs: { y0: dense({ units: 4 })(flatten()(twice)) } })
    const kinds = planSteps(net, { training: true }).map(({ node, followers }) => [node.kind, ...followers.map((one) => one.node.kind)].join('+'))
    expect(kinds.filter((kind) => kind.includes('relu'))).toEqual(['batchNorm+relu6', 'add+relu', 'add+relu6+flatten'])
    const [together, apart] = await pairOf(net, 4)
    const pixels = randomImages(4, 5, [6, 7, 3])
    expect(await trainOnce(together, pixels, 4)).toBe(await trainOnce(apart, pixels, 4))
    expect(together.weights()).toEqual(apart.weights())
    together.dispose()
    apart.dispose()
  })

  it('leaves nothing behind', async () => {
    const before = tf.memory().numTensors
    const [together, apart] = await pairOf(randomGraph(3), 3)
    const image = randomImages(3, BATCH, [6, 7, 3])
    outputsOf(together, image)
    await trainOnce(together, image, 3)
    outputsOf(together, image)
    together.dispose()
    apart.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('the plan', () => {
  const net = () => {
    const image = input([8, 8, 3])
    const logits = pipe(image,
      conv2d({ filters: 4, kernelSize: 3, useBias: false }), batchNorm(), relu(), maxPool2d({ poolSize: 2 }),
      flatten(), dropout({ rate: 0.5 }), dense({ units: 5 }), relu())
    return graph({ name: 'plain', inputs: { image }, outputs: { logits } })
  }
  const show = (training: boolean, fuse = true): string[] => planSteps(net(), { training, fuse })
    .map(({ node, followers }) => [node.kind, ...followers.map((one) => one.node.kind)].join('+'))

  it('puts together what runs in one go', () => {
    expect(show(false)).toEqual(['conv2d+batchNorm+relu+maxPool2d+flatten+dropout', 'dense+relu'])
    expect(show(true)).toEqual(['conv2d', 'batchNorm+relu', 'maxPool2d+flatten', 'dropout', 'dense+relu'])
    expect(show(false, false)).toHaveLength(8)
  })

  it('shuffles in the same go as it convolves in groups', () => {
    const image = input([8, 8, 6])
    const conv = (groups: number) => pipe(image,
      conv2d({ filters: 12, kernelSize: 1, groups }), batchNorm(), relu(), channelShuffle({ groups: 3 }), maxPool2d({ poolSize: 2 }))
    const kinds = (groups: number): string[] => planSteps(graph({ name: 'shuffles', inputs: { image }, outputs: { y: conv(groups) } }), { training: false })
      .map(({ node, followers }) => [node.kind, ...followers.map((one) => one.node.kind)].join('+'))
    expect(kinds(3)).toEqual(['conv2d+batchNorm+relu+channelShuffle', 'maxPool2d'])
    expect(kinds(1)).toEqual(['conv2d+batchNorm+relu', 'channelShuffle', 'maxPool2d'])
  })

  it('lets go of each value after its last use', () => {
    expect(planSteps(net(), { training: false }).map(({ release }) => release))
      .toEqual([['image'], ['dropout']])
  })

  it('keeps apart what somebody else reads as well', () => {
    const image = input([8, 8, 3])
    const conv = conv2d({ filters: 3, kernelSize: 3 })(image)
    const y = relu()(conv)
    const kinds = planSteps(graph({ name: 'two', inputs: { image }, outputs: { conv, y } }), { training: false }).map(({ node }) => node.kind)
    expect(kinds).toEqual(['conv2d', 'relu'])
  })
})
