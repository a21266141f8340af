// Wiring: layers made of layers. None of these knows a layer by name.
import { failure } from '../spec/issue.ts'
import {
  APPLY, type Context, inputTensor, isLayerValue, type LayerValue, layerValue, ROOT, type Scope, type SharedSlot,
  type SymbolicTensor, tensorsOf,
} from '../spec/symbolic.ts'
import type { Dims as DimsOf, Shape } from '../types/shape.ts'
import type {
  Checked, CheckedEach, Fold, Op, Parallel, Residual, Sequence, Tensor, TensorOf, Wrapped,
} from '../types/layer.ts'

type Tensors = readonly SymbolicTensor[]

/** The context inside a composite: a name that was given becomes a scope. */
export function enter(context: Context, fallback: string | null = null): Context {
  const name = context.name ?? fallback
  if (name === null) return context
  const scope: Scope = Object.freeze({ name, parent: context.scope })
  return { ...context, scope, name: null }
}

function checkLayers(layers: readonly unknown[], kind: string): readonly LayerValue[] {
  const wrong = layers.findIndex((layer) => !isLayerValue(layer))
  if (wrong < 0) return layers as readonly LayerValue[]
  throw failure('graph/not-a-layer', kind, `argument ${wrong} is not a layer, but ${typeof layers[wrong]}`, 'give layers, such as conv2d({ … })')
}

function chain(layers: readonly LayerValue[], inputs: Tensors, context: Context): Tensors {
  return layers.reduce((tensors, layer) => layer[APPLY](tensors, context), inputs)
}

/**
 * A place where a tensor enters the graph.
 *
 * @param shape Sizes without the batch dimension, [height, width, channels] for images; `null` for one not known.
 */
export function input<const S extends readonly (number | null)[]>(shape: S): Tensor<DimsOf<S>> {
  const wrong = shape.find((size) => size !== null && !(Number.isInteger(size) && size > 0))
  if (wrong !== undefined) {
    throw failure('config/invalid', 'input', `sizes are positive whole numbers or null, but one is ${wrong}`, 'leave out the batch dimension')
  }
  return inputTensor(Object.freeze([...shape])) as unknown as Tensor<DimsOf<S>>
}

/** Runs x through the layers; each is checked against what reaches it. */
export function pipe<S extends Shape, L extends readonly Op[]>(x: Tensor<S>, ...layers: Checked<L, S>): TensorOf<Fold<L, S>> {
  const outputs = chain(checkLayers(layers, 'pipe'), tensorsOf(x, 'pipe'), ROOT)
  return (outputs.length === 1 ? outputs[0] : outputs) as TensorOf<Fold<L, S>>
}

/** Layers one after another, as one layer. Each use has weights of its own. */
export function sequence<L extends readonly Op[]>(...layers: Checked<L, number[]>): Sequence<L> {
  const list = checkLayers(layers, 'sequence')
  return layerValue('sequence', {}, (inputs, context) => chain(list, inputs, enter(context))) as unknown as Sequence<L>
}

/** The same tensor through several branches, then merged. */
export function parallel<B extends readonly Op[], M extends Op>(
  branches: readonly [...CheckedEach<B>], merge: M,
): Parallel<B, M> {
  const list = checkLayers(branches, 'parallel')
  const [join] = checkLayers([merge], 'parallel')
  return layerValue('parallel', {}, (inputs, context) => {
    const inner = enter(context)
    return (join as LayerValue)[APPLY](list.flatMap((branch) => branch[APPLY](inputs, inner)), inner)
  }) as unknown as Parallel<B, M>
}

/** The body's output merged with the shortcut's, which is the input itself when left out. */
export function residualOf<L extends Op, S extends Op | undefined>(body: L, shortcut: S, merge: Op): Residual<L, S> {
  const [main, join] = checkLayers([body, merge], 'residual')
  const around = shortcut === undefined ? null : (checkLayers([shortcut], 'residual')[0] as LayerValue)
  return layerValue('residual', {}, (inputs, context) => {
    const inner = enter(context)
    const branch = (main as LayerValue)[APPLY](inputs, inner)
    const kept = around === null ? inputs : around[APPLY](inputs, inner)
    return (join as LayerValue)[APPLY]([...branch, ...kept], inner)
  }) as unknown as Residual<L, S>
}

/** One set of weights, used wherever the returned layer is applied. */
export function shared<L extends Op>(layer: L): Wrapped<'shared', L> {
  const [inner] = checkLayers([layer], 'shared')
  const owner = Object.freeze({})
  return layerValue('shared', {}, (inputs, context) => {
    let ordinal = 0
    const share = (): SharedSlot => ({ owner, ordinal: ordinal++ })
    return (inner as LayerValue)[APPLY](inputs, { ...context, share })
  }) as unknown as Wrapped<'shared', L>
}

/** A name for the nodes of a layer: of a single layer its own id, of several the scope they are in. */
export function named<L extends Op>(name: string, layer: L): Wrapped<'named', L> {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
    throw failure('config/invalid', 'named', `"${name}" is not a name`, 'use letters, digits, "_", "-" and ".", and nest named() for paths')
  }
  const [inner] = checkLayers([layer], 'named')
  return layerValue('named', {}, (inputs, context) =>
    (inner as LayerValue)[APPLY](inputs, { ...enter(context), name })) as unknown as Wrapped<'named', L>
}
