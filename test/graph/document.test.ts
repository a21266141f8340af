// The graph document: what is printed comes back the same, and every fault of a document is named.
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { graphs } from '../../graphs/index.ts'
import {
  analyze, type AnyGraph, concat, conv2d, defineLayer, dense, documentSchema, type GraphDocument, graph, input, pipe, relu,
  parseGraph, sequence, shared, withInputs,
} from '../../src/index.ts'
import { messageOf } from './support.ts'

const printed = (net: Pick<AnyGraph, 'toJSON'>): string => JSON.stringify(net)

describe('round trip', () => {
  test.each(graphs.map((model) => [model.name, model] as const))('%s', (_name, model) => {
    const net = model()
    const again = parseGraph(JSON.parse(printed(net)))
    expect(printed(again)).toBe(printed(net))
    expect(again.nodes.map(({ site }) => site)).toEqual(net.nodes.map(({ site }) => site))
    expect(analyze(again)).toEqual(analyze(net))
  })

  test('unknown sizes, shared weights, several inputs and outputs', () => {
    const left = input([null, null, 3])
    const right = input([null, 8, 3])
    const body = shared(sequence(conv2d({ filters: 2, kernelSize: 3, padding: [[1, 0], [2, 2]] }), relu()))
    const net = graph({
      name: 'twins', inputs: { left, right }, outputs: { a: body(left), b: concat()([body(left), body(left)]), right },
    })
    const again = parseGraph(JSON.parse(printed(net)))
    expect(printed(again)).toBe(printed(net))
    expect(again.nodes.filter(({ weights }) => weights !== null)).toHaveLength(2)
  })

  test('an own layer, given to the reader', () => {
    const gain = defineLayer({
      kind: 'gain', category: 'activation', summary: 'Multiplies.',
      config: z.strictObject({ factor: z.number().default(2) }),
      examples: [{ config: {}, inputs: [[3]] }],
      infer: ({ inputs: [x] }) => ({ outputs: [x ?? []] }),
      macs: () => 0, field: () => ({ rule: 'pointwise' }), forward: (op, { config }, [x]) => op.blend(x!, x!, config.factor, 0),
    })
    const x = input([3])
    const net = graph({ name: 'own', inputs: { x }, outputs: { y: pipe(x, gain()) } })
    expect(net.toJSON().nodes[0]?.config).toEqual({ factor: 2 })
    expect(printed(parseGraph(net.toJSON(), { layers: [gain] }))).toBe(printed(net))
    expect(messageOf(() => parseGraph(net.toJSON()))).toBe([
      '✖ gain: there is no layer of kind "gain".',
      '    → pass your own layers: parseGraph(json, { layers: [yours] })          graph/unknown-kind',
    ].join('\n'))
  })

  test('holds every default, and is a copy', () => {
    const x = input([3])
    const net = graph({ name: 'net', inputs: { x }, outputs: { y: dense({ units: 2 })(x) } })
    expect(net.toJSON().nodes[0]).toEqual({
      id: 'dense', kind: 'dense', from: ['x'],
      config: {
        units: 2, useBias: true, activation: 'linear', kernelInitializer: 'glorotUniform', biasInitializer: 'zeros',
      },
    })
    net.toJSON().nodes.length = 0
    expect(net.toJSON().nodes).toHaveLength(1)
  })

  test('short settings in a document written by hand are filled in', () => {
    const net = parseGraph({
      format: 'layergraph/1', name: 'hand', inputs: [{ id: 'x', shape: [8, 8, 1] }],
      nodes: [{ id: 'c', kind: 'conv2d', from: ['x'], config: { filters: 2, kernelSize: 3, padding: 1 } }],
      outputs: [{ name: 'y', from: 'c' }],
    })
    expect(net.toJSON().nodes[0]?.config).toMatchObject({ kernelSize: [3, 3], padding: [[1, 1], [1, 1]], groups: 1 })
  })
})

// ── faults ──────────────────────────────────────────────────────────────────

const conv = (id: string, from: string, more: object = {}) =>
  ({ id, kind: 'conv2d', from: [from], config: { filters: 3, kernelSize: 3, padding: 'same' }, ...more })

const sound = {
  format: 'layergraph/1', name: 'net', inputs: [{ id: 'x', shape: [8, 8, 3] }],
  nodes: [conv('a', 'x'), conv('b', 'a')], outputs: [{ name: 'y', from: 'b' }],
}

const faultsOf = (changes: object): string => messageOf(() => parseGraph({ ...sound, ...changes }))

describe('every fault has its sentence', () => {
  test('a sound document has none', () => expect(printed(parseGraph(sound))).toContain('"id":"b"'))

  test.each<[string, object, string]>([
    ['another format', { format: 'layergraph/9' },
      '✖ graph document: format: Invalid input: expected "layergraph/1".\n    → correct the value          config/invalid'],
    ['an unknown key', { layers: [] },
      '✖ graph document: Unrecognized key: "layers".\n    → remove layers          config/unknown-key'],
    ['a size that is none', { inputs: [{ id: 'x', shape: [8, 0, 3] }] },
      '✖ graph document: inputs.0.shape.1: Too small: expected number to be >0.\n    → correct the value          config/invalid'],
    ['a cycle', { nodes: [conv('a', 'b'), conv('b', 'a')] },
      '✖ a: comes from "b", which is not an input or an earlier node.\n    → list nodes in topological order          graph/unknown-id'],
    ['a node that takes from itself', { nodes: [conv('a', 'x'), conv('b', 'b')] },
      '✖ b: comes from "b", which is not an input or an earlier node.\n    → list nodes in topological order          graph/unknown-id'],
    ['an unknown id', { nodes: [conv('a', 'x'), conv('b', 'c')] },
      '✖ b: comes from "c", which is not an input or an earlier node.\n    → list nodes in topological order          graph/unknown-id'],
    ['an output from nowhere', { outputs: [{ name: 'y', from: 'c' }] },
      '✖ output y: comes from "c", which is not an input or an earlier node.\n'
      + '    → list nodes in topological order          graph/unknown-id'],
    ['an id used twice', { nodes: [conv('a', 'x'), conv('a', 'a'), conv('b', 'a')] },
      '✖ a: the id "a" is used twice.\n    → rename one of them          graph/duplicate-id'],
    ['an input id used twice', { inputs: [sound.inputs[0], sound.inputs[0]] },
      '✖ x: the id "x" is used twice.\n    → rename one of them          graph/duplicate-id'],
    ['a node with the id of an input', { nodes: [conv('a', 'x'), conv('b', 'a'), conv('x', 'a')] },
      '✖ x: the id "x" is used twice.\n    → rename one of them          graph/duplicate-id'],
    ['an output name used twice', { outputs: [{ name: 'y', from: 'a' }, { name: 'y', from: 'b' }] },
      '✖ y: two outputs are named "y".\n    → rename one of them          graph/duplicate-output'],
    ['a second output that there is not', { nodes: [conv('a', 'x'), conv('b', 'a:1')] },
      '✖ b: comes from "a:1", but "a" has no output 1.\n    → use "a"          graph/unknown-output'],
    ['an unknown kind', { nodes: [conv('a', 'x', { kind: 'conv9d' }), conv('b', 'x')] },
      '✖ a: there is no layer of kind "conv9d".\n'
      + '    → pass your own layers: parseGraph(json, { layers: [yours] })          graph/unknown-kind'],
    ['a config that is not accepted', { nodes: [conv('a', 'x'), conv('b', 'a', { config: { filters: 3, kernelSize: 3, stride: 2 } })] },
      '✖ b (conv2d): Unrecognized key: "stride".\n    → remove stride          config/unknown-key'],
    ['a layer that does not fit', { nodes: [conv('a', 'x'), conv('b', 'a', { config: { filters: 3, kernelSize: 9 } })] },
      '✖ b (conv2d): a window of 9×9 does not fit into 8×8×3.\n    input 0   8×8×3  from a\n'
      + '    → use padding "same", or a smaller window          shape/window-too-large'],
    ['too many tensors', { nodes: [conv('a', 'x'), conv('b', 'a', { from: ['a', 'x'] })] },
      '✖ b (conv2d): needs one tensor, but gets 2 tensors.\n    input 0   8×8×3  from a\n    input 1   8×8×3  from x\n'
      + '    → merge them first, with add() or concat()          shape/arity'],
    ['weights of a later node', { nodes: [conv('a', 'x', { weights: 'b' }), conv('b', 'a')] },
      '✖ a: uses the weights of "b", which is not an earlier node.\n'
      + '    → name an earlier node of the same kind          graph/unknown-weights'],
    ['weights of no node', { nodes: [conv('a', 'x'), conv('b', 'a', { weights: 'c' })] },
      '✖ b: uses the weights of "c", which is not an earlier node.\n'
      + '    → name an earlier node of the same kind          graph/unknown-weights'],
    ['weights of a node that has none of its own', { nodes: [conv('a', 'x'), conv('b', 'a', { weights: 'a' }), conv('c', 'b', { weights: 'b' })] },
      '✖ c: uses the weights of "b", which itself uses those of "a".\n    → name "a"          graph/unknown-weights'],
    ['weights of another kind', { nodes: [conv('a', 'x'), { id: 'b', kind: 'dense', from: ['a'], config: { units: 3 }, weights: 'a' }] },
      '✖ b: is a dense, but "a" whose weights it uses is a conv2d.\n'
      + '    → share between layers of one kind          graph/shared-weights'],
    ['weights of another size', { nodes: [conv('a', 'x'), conv('b', 'a', { weights: 'a', config: { filters: 4, kernelSize: 3, padding: 'same' } })] },
      '✖ b: needs weights kernel 3×3×3×4, bias 4, but those of "a" are kernel 3×3×3×3, bias 3.\n'
      + '    → feed both from tensors with the same number of channels          graph/shared-weights'],
  ])('%s', (_name, changes, message) => expect(faultsOf(changes)).toBe(message))

  test('and all of them come at once', () => {
    const text = faultsOf({
      nodes: [conv('a', 'later'), conv('a', 'x', { kind: 'nonsense' }), conv('c', 'x', { weights: 'q' }), conv('d', 'x', { config: {} })],
      outputs: [{ name: 'y', from: 'nowhere' }, { name: 'y', from: 'c' }],
    })
    const codes = [...text.matchAll(/ {10}(\S+)$/gm)].map(([, code]) => code)
    expect(codes).toEqual([
      'graph/unknown-id', 'graph/unknown-kind', 'graph/duplicate-id', 'config/invalid', 'config/invalid',
      'graph/unknown-weights', 'graph/unknown-id', 'graph/duplicate-output',
    ])
  })

  test.each([null, 3, 'text', [], {}])('%j is no document', (json) => {
    expect(messageOf(() => parseGraph(json))).toContain('✖ graph document: ')
  })

  test('what follows from a fault is not blamed', () => {
    expect(faultsOf({ nodes: [conv('a', 'x', { kind: 'nonsense' }), conv('b', 'a')] })).not.toContain('✖ b')
  })
})

describe('the published schema', () => {
  test('names every member of a document', () => {
    const schema = documentSchema() as { properties: Record<string, unknown>; required: string[] }
    expect(Object.keys(schema.properties)).toEqual(['$schema', 'format', 'name', 'inputs', 'nodes', 'outputs'])
    expect(schema.required).toEqual(['format', 'name', 'inputs', 'nodes', 'outputs'])
  })

  test('a document may point at it', () => {
    const net = parseGraph({ $schema: 'https://example.org/graph.json', ...sound })
    expect(Object.keys(net.toJSON()).includes('$schema')).toBe(false)
  })
})

describe('withInputs', () => {
  const x = input([null, null, 3])
  const net = graph({ name: 'net', inputs: { x }, outputs: { y: conv2d({ filters: 2, kernelSize: 3 })(x) } })
  const outputs = (data: Pick<AnyGraph, 'nodes'>) => data.nodes.map(({ site }) => site.outputs[0])

  test('gives every node the shapes for other sizes and leaves the graph alone', () => {
    expect(outputs(withInputs(net, { x: [9, 7, 3] }))).toEqual([[7, 5, 2]])
    expect(outputs(net)).toEqual([[null, null, 2]])
  })

  test('names what does not fit', () => {
    expect(messageOf(() => withInputs(net, { x: [2, 9, 3] })))
      .toContain('✖ conv2d (conv2d): a window of 3×3 does not fit into 2×9×3.')
    expect(messageOf(() => withInputs(net, { z: [9, 9, 3] }))).toContain('✖ net: has no input "z".\n    → its inputs are x')
    expect(messageOf(() => withInputs(net, { x: [9, 9] }))).toContain('✖ x: is declared as ?×?×3, but gets 9×9.')
  })
})

test('documents of the past are read: the first format', () => {
  const document: GraphDocument = {
    format: 'layergraph/1', name: 'old', inputs: [{ id: 'image', shape: [4, 4, 1] }],
    nodes: [
      { id: 'stem/conv2d', kind: 'conv2d', from: ['image'], config: {
        filters: 2, kernelSize: [3, 3], strides: [1, 1], padding: 'same', dilationRate: [1, 1], groups: 1, useBias: true,
        activation: 'relu', kernelInitializer: 'glorotUniform', biasInitializer: 'zeros',
      } },
      { id: 'head/flatten', kind: 'flatten', from: ['stem/conv2d'], config: {} },
    ],
    outputs: [{ name: 'logits', from: 'head/flatten' }],
  }
  expect(parseGraph(document).toJSON()).toEqual(document)
})
