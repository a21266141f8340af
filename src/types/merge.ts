// What merging, splitting, cutting and turning do to shapes, in the types.
import type { Add, Div, Sub } from './arith.ts'
import type { ConcatOut, Indivisible, MayEqual, Num, Shape, Show } from './shape.ts'

/** Sizes as tuple positions: the place of axis A, counted as in Keras, or `never`. 1 follows the batch, −1 is the last. */
export type Place<X extends readonly unknown[], A extends number> =
  (`${A}` extends `-${infer N extends number}` ? Sub<X['length'] & number, N> : Sub<A, 1>) extends infer I extends number
    ? `${I}` extends keyof X ? I : never
    : never

/** X with another size at place I. */
type With<X, I extends number, V> = { -readonly [K in keyof X]: K extends `${I}` ? V : X[K] }

type NoAxis<X, Kind extends string, A extends number> = `${Kind}: there is no axis ${A} in ${Show<X>}`

// ── joining ─────────────────────────────────────────────────────────────────

/** The shapes side by side along axis A, or a sentence. */
export type ConcatAlong<X, A extends number> =
  A extends -1 ? ConcatOut<X, 'concat'>
  : number extends A ? number[]
  : X extends Shape ? ConcatOut<X, 'concat'>
  : X extends readonly [infer F extends Shape, ...infer T]
    ? number extends F['length'] ? number[]
      : [Place<F, A>] extends [never] ? NoAxis<F, 'concat', A> : JoinRest<F, T, Place<F, A>, A>
    : number[]
type JoinRest<F, T, I extends number, A extends number> =
  T extends readonly [infer B, ...infer R]
    ? JoinAt<F, B, I> extends infer U extends Shape ? JoinRest<U, R, I, A>
      : `concat: only axis ${A} may differ, but ${Show<F>} meets ${Show<B>}`
    : T extends readonly [] ? F : number[]
/** Both side by side along place I; 0 when they differ elsewhere. */
type JoinAt<A, B, I extends number, R extends Shape = []> =
  A extends readonly [infer P extends number, ...infer S]
    ? B extends readonly [infer Q extends number, ...infer T]
      ? R['length'] extends I ? JoinAt<S, T, I, [...R, Add<P, Q>]>
        : MayEqual<P, Q> extends true ? JoinAt<S, T, I, [...R, P & Q]> : 0
      : B extends readonly [] ? 0 : number[]
    : B extends readonly [] ? R : B extends readonly [unknown, ...unknown[]] ? 0 : number[]

/** The shape of a product of several shapes, sizes of 1 repeated and missing ones in front, or a sentence. */
export type ProductOut<X, Kind extends string> =
  X extends Shape ? (number extends X['length'] ? number[] : `${Kind}: needs several tensors, but gets one of ${Show<X>}`)
  : X extends readonly [infer A extends Shape, ...infer T] ? ProductRest<A, T, Kind>
  : number[]
type ProductRest<A, T, Kind extends string> =
  T extends readonly [infer B, ...infer R]
    ? Spread<A, B> extends infer U extends Shape ? ProductRest<U, R, Kind>
      : `${Kind}: ${Show<A>} and ${Show<B>} do not go together`
    : T extends readonly [] ? A : number[]
type Spread<A, B, R extends Shape = []> =
  A extends readonly [...infer P extends Shape, infer M extends number]
    ? B extends readonly [...infer Q extends Shape, infer N extends number]
      ? [Wider<M, N>] extends [never] ? 0 : Spread<P, Q, [Wider<M, N>, ...R]>
      : B extends readonly [] ? [...A, ...R] : number[]
    : A extends readonly [] ? (B extends readonly [] ? R : B extends readonly [unknown, ...unknown[]] ? [...B, ...R] : number[])
    : number[]
type Wider<M extends number, N extends number> =
  M extends 1 ? N : N extends 1 ? M : MayEqual<M, N> extends true ? M & N : never

// ── parting ─────────────────────────────────────────────────────────────────

type Total<N extends Shape, S extends number = 0> =
  N extends readonly [infer A extends number, ...infer R extends Shape] ? Total<R, Add<S, A>> : N extends readonly [] ? S : number

/** The shapes of the parts along axis A: so many equal ones, or of the given sizes; or a sentence. */
export type SplitOut<X, N extends number | Shape, A extends number> =
  X extends readonly unknown[]
    ? number extends X['length'] | A ? UnknownParts<N>
      : [Place<X, A>] extends [never] ? NoAxis<X, 'split', A> : Parts<X, N, Place<X, A>, X[Place<X, A>] & number>
    : X
type UnknownParts<N> = N extends Shape ? { -readonly [K in keyof N]: number[] } : number[][]
type Parts<X, N extends number | Shape, I extends number, S extends number> =
  N extends number
    ? Indivisible<S, N> extends true ? `split: ${Num<N>} parts do not divide a size of ${Num<S>}`
      : Repeated<With<X, I, Div<S, N>>, N>
    : N extends Shape
      ? MayEqual<S, Total<N>> extends true ? { -readonly [K in keyof N]: With<X, I, N[K]> }
        : `split: parts of ${Num<Total<N>>} in all do not make up a size of ${Num<S>}`
      : never
type Repeated<V, N extends number, R extends V[] = []> =
  number extends N ? V[] : R['length'] extends N ? R : Repeated<V, N, [...R, V]>

/** What is left of X when S numbers from B on are taken along every axis (−1: all the rest), or a sentence. */
export type SliceOut<X, B extends Shape, S extends Shape> =
  X extends readonly unknown[]
    ? number extends X['length'] ? UnknownRest<S>
      : X['length'] extends B['length'] ? SliceAxes<X, B, S>
      : `slice: begin and size are for ${B['length']} axes, but the input is ${Show<X>}`
    : X
type UnknownRest<S> = { -readonly [K in keyof S]: S[K] extends -1 ? number : S[K] }
type SliceAxes<X, B, S, R extends Shape = []> =
  X extends readonly [infer N extends number, ...infer XR]
    ? B extends readonly [infer P extends number, ...infer BR]
      ? S extends readonly [infer C extends number, ...infer SR]
        ? SliceAt<N, P, C> extends infer U extends number ? SliceAxes<XR, BR, SR, [...R, U]> : SliceAt<N, P, C>
        : number[]
      : number[]
    : R
type SliceAt<N extends number, P extends number, C extends number> =
  C extends -1
    ? [Sub<N, Add<P, 1>>] extends [never] ? `slice: there is nothing from ${P} on in a size of ${Num<N>}` : Sub<N, P>
    : number extends N ? C
    : [Sub<N, Add<P, C>>] extends [never] ? `slice: ${C} from ${P} on do not fit into a size of ${Num<N>}` : C

// ── turning ─────────────────────────────────────────────────────────────────

/** X with its axes in another order, or a sentence. Axis 1 is the first. */
export type PermuteOut<X, D extends Shape> =
  X extends readonly unknown[]
    ? number extends X['length'] ? { -readonly [K in keyof D]: number }
      : X['length'] extends D['length'] ? { -readonly [K in keyof D]: X[Sub<D[K], 1>] }
      : `permute: orders ${D['length']} axes, but the input is ${Show<X>}`
    : X
