import { expect, test } from 'vitest'
import { add } from '../../layers/add.ts'
import { conv2d } from '../../layers/conv2d.ts'
import { graph } from '../../src/graph/build.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import { input, named, parallel, pipe, sequence, shared } from '../../src/graph/compose.ts'
import { readDocument } from '../../src/graph/document.ts'
import type { LayerDefinition } from '../../src/spec/layer.ts'

const definitions = [add, conv2d] as unknown as LayerDefinition[]
const same = (filters: number) => conv2d({ filters, kernelSize: 3, padding: 'same' })
const rows = (net: Pick<AnyGraph, 'toJSON'>) =>
  net.toJSON().nodes.map(({ id, from, weights }) => [id, from.join(' '), weights ?? ''])

function message(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

test('ids count per scope, names replace kinds, shared weights point to the first use', () => {
  const image = input([28, 28, 1])
  const twice = shared(same(8))
  const y = pipe(
    image, named('stem', sequence(same(8), same(8))), twice, twice,
    parallel([conv2d({ filters: 8, kernelSize: 1 }), named('wide', same(8))], add()),
  )
  const net = graph({ name: 'net', inputs: { image }, outputs: { y } })
  expect(rows(net)).toEqual([
    ['stem/conv2d', 'image', ''],
    ['stem/conv2d_1', 'stem/conv2d', ''],
    ['conv2d', 'stem/conv2d_1', ''],
    ['conv2d_1', 'conv2d', 'conv2d'],
    ['conv2d_2', 'conv2d_1', ''],
    ['wide', 'conv2d_1', ''],
    ['add', 'conv2d_2 wide', ''],
  ])
  expect(y.shape).toEqual([28, 28, 8])
})

test('a graph is a layer: copied with weights of its own, or shared', () => {
  const x = input([8, 8, 4])
  const block = graph({ name: 'block', inputs: { x }, outputs: { y: same(4)(x) } })
  const image = input([8, 8, 4])
  const copies = graph({ name: 'copies', inputs: { image }, outputs: { y: pipe(image, block, block) } })
  expect(rows(copies)).toEqual([['block/conv2d', 'image', ''], ['block_1/conv2d', 'block/conv2d', '']])
  const one = shared(block)
  const both = graph({ name: 'both', inputs: { image }, outputs: { y: one(one(image)) } })
  expect(rows(both)).toEqual([['block/conv2d', 'image', ''], ['block_1/conv2d', 'block/conv2d', 'block/conv2d']])
})

test('a document survives the round trip exactly', () => {
  const image = input([null, null, 3])
  const net = graph({ name: 'net', inputs: { image }, outputs: { y: pipe(image, same(4), same(4)) } })
  const text = JSON.stringify(net)
  const again = readDocument(JSON.parse(text), definitions)
  expect(again.nodes.map(({ id, site }) => [id, site.outputs[0]])).toEqual([['conv2d', [null, null, 4]], ['conv2d_1', [null, null, 4]]])
})

test('all layers that do not fit are named at once', () => {
  const image = input([28, 28, 1])
  const large = conv2d({ filters: 8, kernelSize: 31 })(image as never)
  const split = conv2d({ filters: 9, kernelSize: 3, groups: 2 })(image as never)
  expect(message(() => graph({ name: 'bad', inputs: { image }, outputs: { large, split } as never }))).toBe([
    '✖ conv2d (conv2d): a window of 31×31 does not fit into 28×28×1.',
    '    input 0   28×28×1  from image',
    '    → use padding "same", or a smaller window          shape/window-too-large',
    '✖ conv2d_1 (conv2d): 2 groups do not divide 9 filters.',
    '    input 0   28×28×1  from image',
    '    → choose groups that divide both the channels and the 9 filters          shape/groups',
  ].join('\n'))
})

test('faults of a document are named at once', () => {
  const bad = {
    format: 'layergraph/1', name: 'bad', inputs: [{ id: 'x', shape: [8, 8, 3] }],
    nodes: [
      { id: 'a', kind: 'nonsense', from: ['x'], config: {} },
      { id: 'b', kind: 'conv2d', from: ['later'], config: { filters: 1, kernelSize: 1 } },
    ],
    outputs: [{ name: 'y', from: 'nowhere' }],
  }
  const text = message(() => readDocument(bad, definitions))
  for (const code of ['graph/unknown-kind', 'graph/unknown-id']) expect(text).toContain(code)
  expect(text.match(/✖/g)).toHaveLength(3)
})
