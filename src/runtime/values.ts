// What goes into predict and what comes out of it.
import type { Tensor } from '@tensorflow/tfjs-core'
import { cast, Tensor as TensorClass } from '@tensorflow/tfjs-core'
import type { GraphData } from '../graph/graph.ts'
import { countOf } from '../spec/tensor.ts'
import type { Op, SETTINGS } from '../types/layer.ts'
import { type ArrayTensor, type Bundle, byName, type TensorLike } from '../train/data.ts'
import { fromArray } from './network.ts'
import type { Tensors } from './program.ts'
import { readArray, type WeightArray } from './weights.ts'

/** The outputs of a graph by name, as far as its type knows them. */
export type OutputsOf<G> = G extends Op & { readonly [SETTINGS]: [unknown, infer O] } ? O : Readonly<Record<string, unknown>>

type IsSeveral<K, All = K> = [K] extends [never] ? false : K extends All ? ([All] extends [K] ? false : true) : never

/**
 * What predict gives: the output of a graph that has one, else a record of outputs by name. A graph whose outputs the
 * types do not know, such as a loaded one, is taken to have one output; say otherwise: `loadModel<{ a: unknown; b: unknown }>(…)`.
 */
export type Prediction<T, O> = string extends keyof O ? T : IsSeveral<keyof O> extends false ? T : { readonly [K in keyof O]: T }

/** What goes into predict, by input name. */
export const byInput = (graph: GraphData, inputs: Bundle): Readonly<Record<string, TensorLike>> =>
  byName(inputs, graph.inputs.map(({ id }) => id), 'predict')

/** Float32 tensors; those that had to be made are disposed of by the surrounding tidy. */
export function toTensors(inputs: Readonly<Record<string, TensorLike>>): Tensors {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => {
    const tensor = value instanceof TensorClass ? value : fromArray(value)
    return [name, tensor.dtype === 'float32' ? tensor : cast(tensor, 'float32')]
  }))
}

/** Are these tensors, rather than plain arrays? */
export function areTensors(inputs: Bundle): boolean {
  if (inputs instanceof TensorClass) return true
  return Object.values(inputs as Readonly<Record<string, unknown>>).some((value) => value instanceof TensorClass)
}

/** Outputs the caller may dispose of one by one: none is an input, a weight, or another output. */
export function separate(outputs: Tensors, others: readonly Tensor[]): Tensors {
  const taken = new Set<Tensor>(others)
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => {
    const own = taken.has(tensor) || tensor.kept ? tensor.clone() : tensor
    taken.add(own)
    return [name, own]
  }))
}

/** The numbers of each input, `null` when one has not as many as its shape says. */
export function numbersOf(inputs: Readonly<Record<string, TensorLike>>): Readonly<Record<string, ArrayLike<number>>> | null {
  const all = Object.entries(inputs).map(([name, value]) => [name, value instanceof TensorClass ? value.dataSync() : value.data] as const)
  const fits = all.every(([name, { length }]) => length === countOf((inputs[name] as TensorLike).shape))
  return fits ? Object.fromEntries(all) : null
}

/** The only value of a record with one, else the record. */
export function single<T>(record: Readonly<Record<string, T>>): T | Readonly<Record<string, T>> {
  const values = Object.values(record)
  return values.length === 1 ? values[0] as T : record
}

/** Plain arrays of tensors, which are disposed of. */
export function toArrays(outputs: Tensors): Readonly<Record<string, WeightArray>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => {
    const array = readArray(tensor)
    tensor.dispose()
    return [name, array]
  }))
}

/** Tensors of plain arrays. */
export function fromArrays(arrays: Readonly<Record<string, WeightArray>>): Tensors {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, fromArray(array)]))
}

export type { ArrayTensor }
