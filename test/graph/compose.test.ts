// What a program becomes: ids, scopes, shared weights, graphs inside graphs.
import { describe, expect, test } from 'vitest'
import {
  add, type AnyGraph, concat, conv2d, dense, flatten, graph, input, isGraph, maxPool2d, named, parallel, pipe, relu,
  residual, sequence, shared,
} from '../../src/index.ts'
import { messageOf } from './support.ts'

const same = (filters: number) => conv2d({ filters, kernelSize: 3, padding: 'same' })
const ids = (net: Pick<AnyGraph, 'nodes'>) => net.nodes.map(({ id }) => id)
const sources = (net: Pick<AnyGraph, 'toJSON'>) =>
  Object.fromEntries(net.toJSON().nodes.map(({ id, from }) => [id, from.join(' ')]))
const weights = (net: Pick<AnyGraph, 'nodes'>) =>
  Object.fromEntries(net.nodes.flatMap(({ id, weights }) => (weights === null ? [] : [[id, weights]])))

describe('ids', () => {
  test('the same program gives the same ids', () => {
    const make = () => {
      const x = input([8, 8, 4])
      const y = pipe(x, same(4), residual(sequence(same(4), relu())), same(4))
      return graph({ name: 'net', inputs: { x }, outputs: { y } })
    }
    expect(JSON.stringify(make())).toBe(JSON.stringify(make()))
    expect(ids(make())).toEqual(['conv2d', 'conv2d_1', 'relu', 'add', 'conv2d_2'])
  })

  test('making layers that are not used does not move the ids of those that are', () => {
    const x = input([8, 8, 4])
    pipe(x, same(4), same(4))
    expect(ids(graph({ name: 'net', inputs: { x }, outputs: { y: same(4)(x) } }))).toEqual(['conv2d'])
  })

  test('an id never equals the id of an input', () => {
    const x = input([8, 8, 4])
    expect(ids(graph({ name: 'net', inputs: { conv2d: x }, outputs: { y: same(4)(x) } }))).toEqual(['conv2d_1'])
  })

  test('a name that looks like a counted one is left alone', () => {
    const x = input([8, 8, 4])
    const y = pipe(x, named('conv2d_1', same(4)), same(4), same(4))
    expect(ids(graph({ name: 'net', inputs: { x }, outputs: { y } }))).toEqual(['conv2d_1', 'conv2d', 'conv2d_2'])
  })

  test('an earlier name wins over a later count', () => {
    const x = input([8, 8, 4])
    const y = pipe(x, same(4), named('conv2d', same(4)))
    expect(ids(graph({ name: 'net', inputs: { x }, outputs: { y } }))).toEqual(['conv2d', 'conv2d_1'])
  })
})

describe('named', () => {
  test('one layer takes the name, several layers are in a scope of that name', () => {
    const x = input([8, 8, 4])
    const y = pipe(x, named('a', same(4)), named('b', sequence(same(4), relu())), named('b', sequence(relu(), relu())))
    expect(ids(graph({ name: 'net', inputs: { x }, outputs: { y } })))
      .toEqual(['a', 'b/conv2d', 'b/relu', 'b_1/relu', 'b_1/relu_1'])
  })

  test('scopes nest, and counts start anew in each', () => {
    const x = input([8, 8, 4])
    const inner = named('inner', parallel([same(2), same(2)], concat()))
    const y = pipe(x, named('outer', sequence(inner, inner)), relu())
    expect(ids(graph({ name: 'net', inputs: { x }, outputs: { y } }))).toEqual([
      'outer/inner/conv2d', 'outer/inner/conv2d_1', 'outer/inner/concat',
      'outer/inner_1/conv2d', 'outer/inner_1/conv2d_1', 'outer/inner_1/concat', 'relu',
    ])
  })

  test('a name in a name is a scope', () => {
    const x = input([4])
    const y = pipe(x, named('head', named('logits', dense({ units: 2 }))))
    expect(ids(graph({ name: 'net', inputs: { x }, outputs: { y } }))).toEqual(['head/logits'])
  })

  test.each(['', '1st', 'a/b', 'a b', 'a:1'])('"%s" is not a name', (name) => {
    expect(messageOf(() => named(name, relu()))).toBe([
      `✖ named: "${name}" is not a name.`,
      '    → use letters, digits, "_", "-" and ".", and nest named() for paths          config/invalid',
    ].join('\n'))
  })
})

describe('shared', () => {
  test('every use after the first takes the weights of the first; layers without weights share nothing', () => {
    const x = input([8, 8, 4])
    const block = shared(sequence(same(4), relu(), same(4)))
    const net = graph({ name: 'net', inputs: { x }, outputs: { y: pipe(x, block, block, block) } })
    expect(weights(net)).toEqual({
      conv2d_2: 'conv2d', conv2d_3: 'conv2d_1', conv2d_4: 'conv2d', conv2d_5: 'conv2d_1',
    })
  })

  test('two shared layers of the same config stay apart', () => {
    const x = input([8, 8, 4])
    const [a, b] = [shared(same(4)), shared(same(4))]
    const net = graph({ name: 'net', inputs: { x }, outputs: { y: pipe(x, a, b, a) } })
    expect(weights(net)).toEqual({ conv2d_2: 'conv2d' })
  })

  test('works inside named and across scopes', () => {
    const x = input([8, 8, 4])
    const twin = shared(same(4))
    const y = pipe(x, named('left', sequence(twin, relu())), named('right', sequence(twin, relu())))
    expect(weights(graph({ name: 'net', inputs: { x }, outputs: { y } }))).toEqual({ 'right/conv2d': 'left/conv2d' })
  })

  test('inputs with other channels need other weights, and the error says which', () => {
    const x = input([8, 8, 4])
    const twin = shared(same(6))
    expect(messageOf(() => graph({ name: 'net', inputs: { x }, outputs: { y: pipe(x, twin, twin) } }))).toBe([
      '✖ conv2d_1: needs weights kernel 3×3×6×6, bias 6, but those of "conv2d" are kernel 3×3×4×6, bias 6.',
      '    → feed both from tensors with the same number of channels          graph/shared-weights',
    ].join('\n'))
  })

  test('other heights and widths do not matter', () => {
    const x = input([8, 8, 4])
    const twin = shared(same(4))
    const net = graph({ name: 'net', inputs: { x }, outputs: { y: pipe(x, twin, maxPool2d({ poolSize: 2 }), twin) } })
    expect(weights(net)).toEqual({ conv2d_1: 'conv2d' })
  })
})

describe('several inputs and outputs', () => {
  const left = input([8, 8, 2])
  const right = input([8, 8, 2])
  const both = concat()([same(3)(left), same(3)(right)])
  const net = graph({ name: 'two', inputs: { left, right }, outputs: { both, only: relu()(left) } })

  test('each is found by its name', () => {
    expect(net.inputs).toEqual([{ id: 'left', shape: [8, 8, 2] }, { id: 'right', shape: [8, 8, 2] }])
    expect(net.outputs).toEqual([
      { name: 'both', from: { id: 'concat', output: 0 } }, { name: 'only', from: { id: 'relu', output: 0 } },
    ])
    expect(sources(net)).toEqual({ conv2d: 'left', conv2d_1: 'right', concat: 'conv2d conv2d_1', relu: 'left' })
  })

  test('as a layer it takes a record of tensors and gives one', () => {
    const a = input([8, 8, 2])
    const b = input([8, 8, 2])
    const out = net({ left: a, right: b })
    expect(Object.keys(out)).toEqual(['both', 'only'])
    const outer = graph({ name: 'outer', inputs: { a, b }, outputs: out })
    expect(sources(outer)).toEqual({
      'two/conv2d': 'a', 'two/conv2d_1': 'b', 'two/concat': 'two/conv2d two/conv2d_1', 'two/relu': 'a',
    })
  })

  test('a missing input is named', () => {
    expect(messageOf(() => net({ left } as never))).toBe([
      '✖ two: its input "right" is missing.',
      '    → call it on { left, right }          graph/missing-input',
    ].join('\n'))
  })

  test('the output may be an input, and one tensor may be two outputs', () => {
    const x = input([3])
    const echo = graph({ name: 'echo', inputs: { x }, outputs: { again: x, twice: x } })
    expect(echo.nodes).toEqual([])
    expect(echo.toJSON().outputs).toEqual([{ name: 'again', from: 'x' }, { name: 'twice', from: 'x' }])
  })
})

describe('a graph as a layer', () => {
  const tied = () => {
    const x = input([8, 8, 4])
    const twin = shared(same(4))
    return graph({ name: 'tied', inputs: { x }, outputs: { y: pipe(x, twin, relu(), twin) } })
  }

  test('weights shared inside it are shared inside each copy, not between copies', () => {
    const x = input([8, 8, 4])
    const block = tied()
    const net = graph({ name: 'net', inputs: { x }, outputs: { y: pipe(x, block, block) } })
    expect(ids(net)).toEqual([
      'tied/conv2d', 'tied/relu', 'tied/conv2d_1', 'tied_1/conv2d', 'tied_1/relu', 'tied_1/conv2d_1',
    ])
    expect(weights(net)).toEqual({ 'tied/conv2d_1': 'tied/conv2d', 'tied_1/conv2d_1': 'tied_1/conv2d' })
  })

  test('in shared, all copies have one set of weights', () => {
    const x = input([8, 8, 4])
    const block = shared(tied())
    const net = graph({ name: 'net', inputs: { x }, outputs: { y: pipe(x, block, block) } })
    expect(weights(net)).toEqual({
      'tied/conv2d_1': 'tied/conv2d', 'tied_1/conv2d': 'tied/conv2d', 'tied_1/conv2d_1': 'tied/conv2d',
    })
  })

  test('scopes inside it are kept, and named replaces its own name', () => {
    const x = input([8, 8, 4])
    const inner = graph({ name: 'inner', inputs: { x }, outputs: { y: pipe(x, named('stem', sequence(same(4), relu()))) } })
    const image = input([8, 8, 4])
    const net = graph({ name: 'net', inputs: { image }, outputs: { y: pipe(image, inner, named('second', inner)) } })
    expect(ids(net)).toEqual(['inner/stem/conv2d', 'inner/stem/relu', 'second/stem/conv2d', 'second/stem/relu'])
  })

  test('graphs nest', () => {
    const x = input([4])
    const a = graph({ name: 'a', inputs: { x }, outputs: { y: dense({ units: 4 })(x) } })
    const y = input([4])
    const b = graph({ name: 'b', inputs: { y }, outputs: { z: pipe(y, a, a) } })
    const z = input([4])
    expect(ids(graph({ name: 'c', inputs: { z }, outputs: { out: pipe(z, b) } }))).toEqual(['b/a/dense', 'b/a_1/dense'])
  })

  test('a copy is inferred for the sizes it meets', () => {
    const any = input([null, null, 3])
    const body = graph({ name: 'body', inputs: { any }, outputs: { y: conv2d({ filters: 2, kernelSize: 3 })(any) } })
    expect(body(input([10, 9, 3])).shape).toEqual([8, 7, 2])
  })

  test('sizes it does not take are refused', () => {
    const net = tied()
    expect(messageOf(() => (net as unknown as (x: unknown) => unknown)(input([8, 8, 5])))).toBe([
      '✖ tied: takes 8×8×4, but gets 8×8×5.',
      '    → declare the input with null sizes to accept any          shape/graph-input',
    ].join('\n'))
  })

  test('is frozen, has a kind of its own and is recognised', () => {
    const net = tied()
    expect(Object.isFrozen(net) && Object.isFrozen(net.nodes) && Object.isFrozen(net.nodes[0])).toBe(true)
    expect(isGraph(net)).toBe(true)
    for (const other of [null, {}, relu(), () => 0, { kind: 'graph', nodes: [] }]) expect(isGraph(other)).toBe(false)
  })
})

describe('mistakes', () => {
  const x = input([8, 8, 4])
  const make = (parts: object) => messageOf(() => graph({ name: 'net', ...parts } as never))

  test.each([
    ['no inputs', { inputs: {}, outputs: { x } }, '✖ net: inputs: there are none.\n    → name at least one          graph/empty'],
    ['no outputs', { inputs: { x }, outputs: {} }, '✖ net: outputs: there are none.\n    → name at least one          graph/empty'],
    ['an input that is an output', { inputs: { x: same(1)(x) }, outputs: { x } },
      '✖ net: its input "x" is the output of conv2d.\n    → a graph starts at tensors made by input([…])          graph/not-an-input'],
    ['an input named twice', { inputs: { x, z: x }, outputs: { x } },
      '✖ net: the same input tensor is named twice, the second time "z".\n    → make an input([…]) for each          graph/duplicate-input'],
    ['an input that is not named', { inputs: { x }, outputs: { y: add()([x, input([8, 8, 4])]) } },
      '✖ add (add): takes an input of 8×8×4 that the graph "net" does not name.\n'
      + '    → add it to the inputs of graph({ inputs: { … } })          graph/unknown-input'],
  ])('%s', (_name, parts, message) => expect(make(parts)).toBe(message))

  test('what is not a tensor', () => {
    const call = (value: unknown) => messageOf(() => (flatten() as (x: unknown) => unknown)(value))
    expect(call(7)).toContain('✖ flatten: takes a tensor of a graph, but gets 7.')
    expect(call(relu())).toContain('but gets a layer (relu).')
    expect(call(new Float32Array(2))).toContain('but gets a value of type Float32Array.')
    expect(call(undefined)).toContain('but gets undefined.')
  })

  test('what is not a layer', () => {
    expect(messageOf(() => (pipe as (...all: unknown[]) => unknown)(x, relu(), 'relu')))
      .toBe('✖ pipe: argument 1 is not a layer, but string.\n    → give layers, such as conv2d({ … })          graph/not-a-layer')
  })

  test('sizes that are none', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) {
      expect(messageOf(() => input([size]))).toContain(`✖ input: sizes are positive whole numbers or null, but one is ${size}.`)
    }
  })

  test('all misfits are named at once, with what they saw; what depends on them is not blamed', () => {
    const wide = conv2d({ filters: 1, kernelSize: 9 })
    const y = (pipe as (...all: unknown[]) => never)(x, wide, relu())
    const z = (pipe as (...all: unknown[]) => never)(x, named('branch', wide))
    expect(messageOf(() => graph({ name: 'net', inputs: { x }, outputs: { y, z } }))).toBe([
      '✖ conv2d (conv2d): a window of 9×9 does not fit into 8×8×4.',
      '    input 0   8×8×4  from x',
      '    → use padding "same", or a smaller window          shape/window-too-large',
      '✖ branch (conv2d): a window of 9×9 does not fit into 8×8×4.',
      '    input 0   8×8×4  from x',
      '    → use padding "same", or a smaller window          shape/window-too-large',
    ].join('\n'))
  })

  test('the shape of a tensor that cannot be throws the same sentence', () => {
    const y = (conv2d({ filters: 1, kernelSize: 9 }) as (t: unknown) => { shape: unknown })(x)
    expect(messageOf(() => y.shape)).toContain('✖ conv2d (conv2d): a window of 9×9 does not fit into 8×8×4.')
  })
})

test('a chain of ten thousand layers is no deeper than the stack allows', () => {
  const x = input([4])
  let y: unknown = x
  for (let count = 0; count < 10_000; count++) y = (relu() as (t: unknown) => unknown)(y)
  const net = graph({ name: 'deep', inputs: { x }, outputs: { y: y as never } })
  expect(net.nodes).toHaveLength(10_000)
  expect(net.nodes.at(-1)?.id).toBe('relu_9999')
})
