// A layer as a function on shapes, in the types.
//
// A layer type says what it does through two phantom members: its output shape [OUT] is written in terms of
// `this[typeof IN]`, and `Apply` fills IN in. (Neither member exists at run time.) [SETTINGS] holds the literals the
// layer was made with, so that layers that differ have types that differ.
import type { One, Ranked, Shape, Shapes, Show, Unify } from './shape.ts'

export declare const IN: unique symbol
export declare const OUT: unique symbol
export declare const SETTINGS: unique symbol
export declare const SHAPE: unique symbol

/** A symbolic tensor of known shape (the batch dimension is not part of it). */
export interface Tensor<out S extends Shape = Shape> {
  /** Sizes without the batch dimension; `null` is a size that is not known. */
  readonly shape: readonly (number | null)[]
  readonly [SHAPE]: S
}
export type Tensors = readonly Tensor[]

export type ShapeOf<T> = T extends Tensor<infer S> ? S : T extends Tensors ? ShapesOf<T> : never
/** A list of one tensor counts as that tensor, as at run time. */
export type ShapesOf<T> =
  T extends readonly [Tensor<infer S>] ? S : { [K in keyof T]: T[K] extends Tensor<infer S> ? S : never }

/** The tensors of a value; a sentence (already reported where it arose) gives a tensor of unknown shape. */
export type TensorOf<V> =
  V extends Shape ? Tensor<V>
  : V extends Shapes ? { -readonly [K in keyof V]: V[K] extends Shape ? Tensor<V[K]> : never }
  : Tensor<number[]>

/**
 * Anything that says what it does to a shape. It has no call signature: a constraint with one would be checked
 * without end.
 */
export interface Op {
  readonly kind: string
  readonly [IN]: unknown
  readonly [OUT]: unknown
}

/** Any layer: what a function that takes "a layer" asks for. */
export interface Layer extends Op {
  // Inputs are contravariant and differ from layer to layer: only `any` accepts them all.
  (input: any): Tensor | Tensors
}

/** The output shape of layer L for input X, or the sentence that says why there is none. */
export type Apply<L, X> =
  L extends Op ? (string extends L['kind'] ? number[] : (L & { readonly [IN]: X })[typeof OUT]) : never

/** T itself where layer L accepts it, else the sentence that says why not. */
export type Fits<L, T> = Apply<L, ShapeOf<T>> extends infer R extends string ? R : T

/** The call signature that all layers share. */
export interface Callable extends Op {
  <const T extends Tensor | Tensors>(input: Fits<this, T>): TensorOf<Apply<this, ShapeOf<T>>>
}

/** A layer that keeps the shape of whatever it gets. */
export interface KeepsShape<Kind extends string> extends Callable {
  readonly kind: Kind
  readonly [OUT]: One<this[typeof IN], Kind>
}

/** The same for a layer that works along the last axis, so that there must be one. */
export interface KeepsRankedShape<Kind extends string> extends Callable {
  readonly kind: Kind
  readonly [OUT]: Ranked<this[typeof IN], Kind>
}

/** A layer of the user's own whose output shape the types do not know. */
export interface OwnLayer<Kind extends string = string> extends Callable {
  readonly kind: Kind
  readonly [OUT]: number[]
}

// ── chains of layers ────────────────────────────────────────────────────────

/** Shape after all the layers, or the first sentence. */
export type Fold<L, X> =
  L extends readonly [infer H, ...infer T]
    ? Apply<H, X> extends infer Y ? (Y extends string ? Y : Fold<T, Y>) : never
    : L extends readonly [] ? X : number[]

/** Index and sentence of the first layer that does not accept what reaches it. */
export type Fault<L, X, N extends 0[] = []> =
  L extends readonly [infer H, ...infer T]
    ? Apply<H, X> extends infer Y ? ([Y] extends [string] ? [`${N['length']}`, Y] : Fault<T, Y, [...N, 0]>) : never
    : never

/** L, with the layer that cannot work replaced by the sentence that says why. */
export type Checked<L extends readonly Op[], X, E = Fault<L, X>> =
  [E] extends [never] ? L : { [K in keyof L]: E extends [K, infer M] ? M : L[K] }

/** B, with every branch that cannot work whatever it gets replaced by the sentence that says why. */
export type CheckedEach<B extends readonly Op[]> = {
  [K in keyof B]: Apply<B[K], number[]> extends infer M extends string ? M : B[K]
}

export interface Sequence<L extends readonly Op[]> extends Callable {
  readonly kind: 'sequence'
  readonly [SETTINGS]: L
  readonly [OUT]: Fold<L, this[typeof IN]>
}

type Spread<B, X, R extends readonly unknown[] = []> =
  B extends readonly [infer H, ...infer T]
    ? Apply<H, X> extends infer Y ? (Y extends string ? Y : Spread<T, X, [...R, Y]>) : never
    : B extends readonly [] ? (R extends readonly [infer Y] ? Y : R) : number[][]
type ParallelOut<B, M, X> = Spread<B, X> extends infer Y ? (Y extends string ? Y : Apply<M, Y>) : never

export interface Parallel<B extends readonly Op[], M extends Op> extends Callable {
  readonly kind: 'parallel'
  readonly [SETTINGS]: [B, M]
  readonly [OUT]: ParallelOut<B, M, this[typeof IN]>
}

/** A layer wrapped without a change of what it does to shapes: `shared`, `named`. */
export interface Wrapped<Kind extends string, L extends Op> extends Callable {
  readonly kind: Kind
  readonly [SETTINGS]: L
  readonly [OUT]: Apply<L, this[typeof IN]>
}

type ResidualOut<B, S> =
  B extends string ? B
  : S extends string ? S
  : Unify<B, S> extends infer U extends Shape ? U : `residual: the branch gives ${Show<B>}, but the shortcut gives ${Show<S>}`

export interface Residual<L extends Op, S extends Op | undefined> extends Callable {
  readonly kind: 'residual'
  readonly [SETTINGS]: [L, S]
  readonly [OUT]: ResidualOut<
    Apply<L, this[typeof IN]>,
    S extends Op ? Apply<S, this[typeof IN]> : this[typeof IN]
  >
}

// ── graphs ──────────────────────────────────────────────────────────────────

type Only<R> = { [K in keyof R]: R[K] }[keyof R]
type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never
/** The one tensor of a record that has one; `never` when it has several. */
export type Single<R> = IsUnion<keyof R> extends true ? never : Only<R>

type Takes<X, I, O> =
  X extends Shape
    ? Unify<X, I> extends Shape ? O : `graph: takes ${Show<I>}, but gets ${Show<X>}`
    : `graph: needs one tensor, but gets ${Show<X>}`

/** What a graph gives: the tensor itself when it has one output, else a record of them. */
export type Outputs<O extends Readonly<Record<string, Tensor>>> = [Single<O>] extends [never]
  ? { readonly [K in keyof O]: Tensor<ShapeOf<O[K]>> }
  : Tensor<ShapeOf<Single<O>>>

type FitsRecord<I, X> = {
  [K in keyof I]: K extends keyof X
    ? Unify<ShapeOf<X[K]>, ShapeOf<I[K]>> extends Shape ? X[K]
      : `graph: takes ${Show<ShapeOf<I[K]>>}, but gets ${Show<ShapeOf<X[K]>>}`
    : I[K]
}

/** A graph between its inputs and its outputs, as a layer: of one tensor when it has one input, else of a record. */
export interface GraphLayer<
  I extends Readonly<Record<string, Tensor>>,
  O extends Readonly<Record<string, Tensor>>,
> extends Op {
  readonly kind: 'graph'
  readonly [SETTINGS]: [I, O]
  readonly [OUT]: [Single<I>] extends [never]
    ? 'graph: has several inputs, call it on a record of tensors'
    : Takes<this[typeof IN], ShapeOf<Single<I>>, [Single<O>] extends [never] ? number[] : ShapeOf<Single<O>>>
  <const X extends Tensor | { readonly [K in keyof I]: Tensor }>(
    inputs: X extends Tensor ? Fits<this, X> : X & FitsRecord<I, X>,
  ): Outputs<O>
}
