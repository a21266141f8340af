// The harness that every layer goes through: its page's examples, PyTorch's values, and what it refuses.
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import type { WeightArray, WeightArrays } from '../../src/runtime/weights.ts'
import type { LayerDefinition, LayerSpec } from '../../src/spec/layer.ts'
import { hashText } from '../../src/spec/random.ts'
import { leafLayer } from '../../src/spec/symbolic.ts'
import { type Dims, showDims } from '../../src/spec/tensor.ts'
import { expectNear, type Tolerance } from '../kernels/comparison.ts'
import { checkField } from './fieldOfLayer.ts'
import { readFixture } from './fixture.ts'
import { filled, graphOfLayer, openLayer, randomArray, type Run, weightsOf } from './runLayer.ts'

/** A use that does not fit, and what is said of it. */
export interface Refusal {
  readonly config?: Readonly<Record<string, unknown>>
  readonly inputs: readonly Dims[]
  /** Part of the message. */
  readonly says: string
}

export interface SuiteOptions {
  /** Misuse, at least one; a config that is refused when the layer is made counts too. */
  readonly refuses: readonly Refusal[]
  /** Why there are no values from PyTorch in test/fixtures. */
  readonly noFixture?: string
  /** How near PyTorch's values ours must be; default 2e-5 relative and absolute. */
  readonly tolerance?: Tolerance
  /** Weights without a kink nearby, from random ones: gradients are compared with slopes there. */
  readonly smooth?: (weights: WeightArrays) => WeightArrays
  /** Why the receptive field is not compared with the pixels that move an output. */
  readonly noField?: string
  /** Why multiply-accumulates are not those of a count by ones. */
  readonly noCount?: string
}

const BATCH = 2
const WASM: Run = { backend: 'wasm', training: false, seed: 5 }
const NEAR: Tolerance = { relative: 2e-5, absolute: 2e-5 }

const batched = (shape: Dims): readonly number[] => [BATCH, ...(shape as readonly number[])]
const dot = (a: WeightArray, b: WeightArray): number => a.data.reduce((sum, value, index) => sum + value * (b.data[index] as number), 0)

/** Random weights; statistics that are variances are positive. */
const someWeights = (net: AnyGraph): WeightArrays => weightsOf(net, (shape, name) => {
  const { data } = randomArray(shape, hashText(name), 0.5)
  return { shape, data: /variance/i.test(name) ? data.map((value) => value + 1) : data }
})

const DIRECTIONS = 7
/** Along one or two directions a kink may lie in the way: the rest must agree. */
const AGREE = 5

/** The gradients of a layer in training are the slopes of Σ cotangent · output along random directions. */
async function checkSlopes(net: AnyGraph, inputs: readonly WeightArray[], weights: WeightArrays): Promise<void> {
  const open = await openLayer(net, { ...WASM, training: true })
  const cotangents = open.predict(inputs, weights).map(({ shape }, index) => randomArray(shape, 71 + index))
  const ran = open.run(inputs, weights, cotangents)
  const value = (xs: readonly WeightArray[], ws: WeightArrays): number =>
    open.predict(xs, ws).reduce((sum, y, index) => sum + dot(y, cotangents[index] as WeightArray), 0)
  const step = 2 ** -9
  const shifted = ({ data, shape }: WeightArray, by: WeightArray, amount: number): WeightArray =>
    ({ shape, data: data.map((one, index) => one + amount * (by.data[index] as number)) })
  const compare = (what: string, gradient: WeightArray, at: (direction: WeightArray, amount: number) => number): void => {
    const length = Math.sqrt(gradient.data.reduce((sum, one) => sum + one * one, 0))
    const seen = Array.from({ length: DIRECTIONS }, (_, index) => {
      const random = randomArray(gradient.shape, 11 + index)
      const direction = { ...random, data: random.data.map((one) => Math.sign(one)) }
      return { slope: (at(direction, step) - at(direction, -step)) / (2 * step), expected: dot(gradient, direction) }
    })
    // Near to the rounding of float32 divided by the step.
    const near = seen.filter(({ slope, expected }) => Math.abs(slope - expected) < 0.01 * length + 0.02)
    expect(near.length, `${what}: ${seen.map(({ slope, expected }) => `slope ${slope}, gradient ${expected}`).join('; ')}`).toBeGreaterThanOrEqual(AGREE)
  }
  for (const [index, gradient] of ran.inputGradients.entries()) {
    compare(`input ${index}`, gradient, (direction, amount) =>
      value(inputs.map((x, at) => (at === index ? shifted(x, direction, amount) : x)), weights))
  }
  for (const [name, gradient] of Object.entries(ran.weightGradients)) {
    compare(name, gradient, (direction, amount) =>
      value(inputs, { ...weights, [name]: shifted(weights[name] as WeightArray, direction, amount) }))
    expect(gradient.data.some((one) => one !== 0), `${name} has a gradient`).toBe(true)
  }
  open.close()
}

/** With ones for inputs and kernels, an output counts the products that made it. */
async function checkMacs(definition: LayerDefinition, config: Readonly<Record<string, unknown>>, shapes: readonly Dims[], macs: number): Promise<void> {
  const known = definition.config.parse(config) as Record<string, unknown>
  const plain = { ...config, ...('useBias' in known ? { useBias: false } : {}), ...('activation' in known ? { activation: 'linear' } : {}) }
  const net = graphOfLayer(definition, plain, shapes)
  const open = await openLayer(net, WASM)
  const [output] = open.predict(shapes.map((shape) => filled(batched(shape), 1)), weightsOf(net, (shape) => filled(shape, 1)))
  const { data } = output as WeightArray
  open.close()
  expect(Math.round(data.reduce((most, one) => Math.max(most, one), 0)) * (data.length / BATCH)).toBe(macs)
}

function checkConfig(definition: LayerDefinition, config: unknown): void {
  const parsed = definition.config.parse(config)
  expect(definition.config.parse(parsed)).toEqual(parsed)
  expect(definition.config.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
}

function examples(definition: LayerDefinition, options: SuiteOptions): void {
  const cases = definition.examples.map(({ config, inputs }) =>
    ({ config: config as Readonly<Record<string, unknown>>, inputs, title: `${JSON.stringify(config)} on ${inputs.map(showDims).join(' and ')}` }))
  describe.each(cases)('$title', ({ config, inputs }) => {
    const net = graphOfLayer(definition, config, inputs)
    const xs = inputs.map((shape, index) => randomArray(batched(shape), 20 + index, 2))

    test('its config is idempotent and survives JSON', () => checkConfig(definition, config))

    test('gives the shapes that infer says, the same numbers on wasm and on the reference', async () => {
      const expected = net.nodes[0]?.site.outputs.map(batched)
      const weights = someWeights(net)
      const values: (readonly WeightArray[])[] = []
      for (const backend of ['wasm', 'cpu'] as const) {
        for (const training of [false, true]) {
          const open = await openLayer(net, { backend, training, seed: 5 })
          const ran = open.run(xs, weights)
          expect(ran.outputs.map(({ shape }) => shape)).toEqual(expected)
          values.push([...ran.outputs, ...ran.inputGradients, ...Object.values(ran.weightGradients), ...Object.values(ran.updates)])
          open.close()
        }
      }
      for (const mode of [0, 1]) {
        for (const [index, { data }] of (values[mode] as readonly WeightArray[]).entries()) {
          expectNear(data, values[mode + 2]?.[index]?.data as Float32Array, { relative: 1e-4, absolute: 1e-4 })
        }
      }
    })

    test('its gradients are its slopes', () => checkSlopes(net, xs, (options.smooth ?? ((weights) => weights))(someWeights(net))))

    const { macs } = analyze(net).nodes[0] ?? {}
    if (options.noCount === undefined && macs !== 0) {
      test('its multiply-accumulates are those of a count', () => checkMacs(definition, config, inputs, macs as number))
    }
    if (options.noField === undefined) {
      test('its receptive field is that of the pixels that move an output', () => checkField(net, someWeights(net)))
    }
  })
}

function fixtures(definition: LayerDefinition, { noFixture, tolerance = NEAR }: SuiteOptions): void {
  const cases = readFixture(definition.kind)
  if (noFixture !== undefined) return
  test('has values from PyTorch', () => expect(cases?.length ?? 0).toBeGreaterThan(0))
  describe.each(cases ?? [])('as PyTorch: $name', (one) => {
    test.each(['wasm', 'cpu'] as const)('on %s', async (backend) => {
      const net = graphOfLayer(definition, one.config, one.inputs.map(({ shape }) => shape.slice(1)))
      const open = await openLayer(net, { backend, training: one.training, seed: 5 })
      const ran = open.run(one.inputs, one.weights, one.cotangents)
      const near = (what: string, ours: WeightArray | undefined, theirs: WeightArray): void => {
        expect(ours?.shape, what).toEqual(theirs.shape)
        const most = theirs.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
        expectNear(ours?.data as Float32Array, theirs.data, { ...tolerance, absolute: tolerance.absolute * Math.max(1, most) })
      }
      for (const [index, output] of one.outputs.entries()) near(`output ${index}`, ran.outputs[index], output)
      for (const [index, gradient] of one.inputGradients.entries()) {
        if (gradient !== null) near(`gradient of input ${index}`, ran.inputGradients[index], gradient)
      }
      for (const [name, gradient] of Object.entries(one.weightGradients)) near(`gradient of ${name}`, ran.weightGradients[name], gradient)
      for (const [name, update] of Object.entries(one.updates)) near(`update of ${name}`, ran.updates[name], update)
      open.close()
    })
  })
}

function refusals(definition: LayerDefinition, refuses: readonly Refusal[]): void {
  test('refuses something', () => expect(refuses.length).toBeGreaterThan(0))
  test.each(refuses)('refuses: $says', ({ config = {}, inputs, says }) => {
    expect(() => graphOfLayer(definition, config, inputs)).toThrow(says)
  })
  test('refuses a config key it does not know', () => {
    const [example] = definition.examples
    expect(() => leafLayer(definition, { ...(example?.config as object), kernelSise: 3 })).toThrow('kernelSise')
  })
}

/** Puts a layer through everything that all layers must do. */
export function layerSuite(layer: LayerSpec<never, never> | LayerSpec<any, any>, options: SuiteOptions): void {
  const definition = layer as unknown as LayerDefinition
  describe(definition.kind, () => {
    test('has examples and a formula', () => {
      expect(definition.examples.length).toBeGreaterThan(0)
      expect(definition.formula ?? '').not.toBe('')
    })
    examples(definition, options)
    fixtures(definition, options)
    refusals(definition, options.refuses)
  })
}
