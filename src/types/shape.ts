// The vocabulary of shapes in the types, shared by the layer pages.
//
// A shape is a tuple of sizes without the batch dimension: [height, width, channels] for an image, [features]
// for a vector. A size that is not known is `number`; a shape of unknown rank is `number[]`. A layer that cannot
// accept its input answers with a sentence (a string literal type) in place of a shape; the same sentence comes
// from `infer` at run time. A page composes its output type from the helpers below.
import type { Add, Div, Mod, Mul, Sub } from './arith.ts'

/** Sizes without the batch dimension; `number` is a size that is not known. */
export type Shape = readonly number[]
export type Shapes = readonly Shape[]
/** What travels along an edge: one shape, or the shapes of several tensors (a list of one counts as its tensor). */
export type Value = Shape | Shapes
/** One size for every axis, or one for each. */
export type Sizes = number | readonly number[]
/** The same for the one axis of a sequence. */
export type Size1d = number | readonly [steps: number]
/** A size on both axes, or one for each. */
export type Size2d = number | readonly [height: number, width: number]
/** A size on all three axes, or one for each. */
export type Size3d = number | readonly [depth: number, height: number, width: number]
/** Zeros on each side of a sequence. */
export type Sides1d = readonly [steps: readonly [before: number, after: number]]
/** Zeros on each side of an image. */
export type Sides2d = readonly [
  height: readonly [top: number, bottom: number],
  width: readonly [left: number, right: number],
]
/** Zeros on each side of a volume. */
export type Sides3d = readonly [
  depth: readonly [front: number, back: number],
  height: readonly [top: number, bottom: number],
  width: readonly [left: number, right: number],
]
/** No padding; as much as keeps ceil(size / stride); so many on every side; or so many on each side. */
export type Padding1d = 'valid' | 'same' | number | Sides1d
export type Padding2d = 'valid' | 'same' | number | Sides2d
export type Padding3d = 'valid' | 'same' | number | Sides3d

// ── words for sentences ─────────────────────────────────────────────────────

/** A number as text, `?` when it is not known. */
export type Num<N extends number> = number extends N ? '?' : `${N}`

/** "5×5×64", with ? for a size that is not known. */
export type Show<S> = S extends readonly [infer A extends number, ...infer T extends Shape]
  ? T extends readonly [] ? Num<A> : `${Num<A>}×${Show<T>}`
  : S extends readonly [] ? 'scalar' : S extends Shapes ? `${S['length']} tensors` : '?'

// ── questions about sizes ───────────────────────────────────────────────────

/** Could these two sizes be the same number? (`number` could be anything.) */
export type MayEqual<A, B> = [A & B] extends [never] ? false : true

/** Is B certain not to divide A? */
export type Indivisible<A extends number, B extends number> =
  0 extends Mod<A, B> ? false : number extends Mod<A, B> ? false : true

/** The last size of a shape: the channels of an image, the features of a vector. */
export type Channels<X> = X extends readonly [...unknown[], infer C] ? C & number : number

/** How many numbers a shape holds. */
export type Count<X, N extends number = 1> =
  X extends readonly [infer A extends number, ...infer T] ? Count<T, Mul<N, A>> : X extends readonly [] ? N : number

// The compiler answers a question about [number, number, F] with a generic F only when it does not hang on F. The
// questions below are put so, and layers can be chained inside a generic function.

type Several<X, Kind extends string> = `${Kind}: needs one tensor, but gets ${Show<X>}`

/** X when it is one tensor, or a sentence. */
export type One<X, Kind extends string> =
  X extends readonly [] | readonly [unknown] ? X
  : X extends readonly [readonly unknown[], ...unknown[]] ? Several<X, Kind>
  : X extends readonly unknown[] ? number extends X['length'] ? X extends Shapes ? Several<X, Kind> : X : X
  : X

/** X when it is one tensor with a last axis, or a sentence. */
export type Ranked<X, Kind extends string> =
  X extends readonly [] ? `${Kind}: needs at least one dimension, but gets a scalar` : One<X, Kind>

/** The image [h, w, c] that X is, or a sentence saying it is not one. */
export type Image<X, Kind extends string> =
  X extends readonly [unknown, unknown, unknown] ? X[0] extends readonly unknown[] ? Several<X, Kind> : X
  : One<X, Kind> extends infer T
    ? T extends string ? T
      : T extends readonly unknown[] ? number extends T['length'] ? [number, number, number] : NoImage<T, Kind>
      : never
    : never
type NoImage<X, Kind extends string> = `${Kind}: needs an image (height × width × channels), but gets ${Show<X>}`

/** The sequence [steps, c] that X is, or a sentence saying it is not one. */
export type Series<X, Kind extends string> =
  X extends readonly [unknown, unknown] ? X[0] extends readonly unknown[] ? Several<X, Kind> : X
  : One<X, Kind> extends infer T
    ? T extends string ? T
      : T extends readonly unknown[]
        ? number extends T['length'] ? [number, number] : `${Kind}: needs a sequence (steps × channels), but gets ${Show<T>}`
      : never
    : never

/** The volume [d, h, w, c] that X is, or a sentence saying it is not one. */
export type Volume<X, Kind extends string> =
  X extends readonly [unknown, unknown, unknown, unknown] ? X[0] extends readonly unknown[] ? Several<X, Kind> : X
  : One<X, Kind> extends infer T
    ? T extends string ? T
      : T extends readonly unknown[]
        ? number extends T['length'] ? [number, number, number, number]
          : `${Kind}: needs a volume (depth × height × width × channels), but gets ${Show<T>}`
      : never
    : never

// ── sliding windows ─────────────────────────────────────────────────────────

/** The setting for axis A: 0 is the first. */
export type At<P, A extends number> = P extends number ? P : P extends readonly unknown[] ? P[A] & number : never
/** The zeros in front of axis A. */
type Before<P, A extends number> =
  P extends readonly (readonly [number, number])[] ? P[A][0] : P extends number ? P : 0
/** The zeros on both sides of axis A. */
type Around<P, A extends number> =
  P extends readonly (readonly [number, number])[] ? Add<P[A][0], P[A][1]> : P extends number ? Mul<P, 2> : 0

/** How many taps a two-dimensional kernel of K has. */
export type Taps<K> = Mul<At<K, 0>, At<K, 1>>

/** How far a kernel of K reaches when dilated by D: D·(K−1) + 1. */
export type Reach<K extends number, D extends number> = D extends 1 ? K : Add<Mul<Sub<K, 1>, D>, 1>

type CeilDiv<N extends number, S extends number> = S extends 1 ? N : Div<Add<N, Sub<S, 1>>, S>

/**
 * One side of a sliding window over N pixels with Pads zeros added; `never` when it does not fit. An unknown N is
 * answered first, so that layers with generic settings still work inside a generic function.
 */
type Slide<N extends number, K extends number, S extends number, Same, Pads extends number, D extends number> =
  number extends N ? number : Same extends 'same' ? CeilDiv<N, S> : Fit<Add<N, Pads>, Reach<K, D>, S>
type Fit<N extends number, K extends number, S extends number> =
  [Sub<N, K>] extends [never] ? never : Add<Div<Sub<N, K>, S>, 1>

/** The same in ceil mode: rounded up, without a last window that starts behind the image and its zeros in front. */
type SlideCeil<N extends number, K extends number, S extends number, Before extends number, Pads extends number> =
  number extends N ? number
  : [Sub<Add<N, Pads>, K>] extends [never] ? never : Within<CeilDiv<Sub<Add<N, Pads>, K>, S>, S, Add<N, Before>>
type Within<Last extends number, S extends number, End extends number> =
  Last extends unknown ? S extends unknown ? End extends unknown
    ? [Sub<Mul<Last, S>, End>] extends [never] ? Add<Last, 1> : Last
  : never : never : never

type AxesOf<X> = X extends readonly [unknown, ...infer A] ? A['length'] : 0
/** "3×3" for as many axes as the input has. */
type By<K, N> =
  N extends 2 ? `${Num<At<K, 0>>}×${Num<At<K, 1>>}`
  : N extends 1 ? Num<At<K, 0>>
  : `${Num<At<K, 0>>}×${Num<At<K, 1>>}×${Num<At<K, 2>>}`
/** What the places of the input are called. */
type Places<N> = N extends 2 ? 'pixels' : N extends 1 ? 'steps' : 'voxels'
/** "2" when D is 2 on every axis, else "2×1". */
type ShowDilation<D, N> =
  D extends readonly [infer A extends number, ...infer R] ? (R extends readonly A[] ? Num<A> : By<D, N>)
  : D extends number ? Num<D> : By<D, N>
/** "3×3", or "3×3 dilated by 2". */
type ShowWindow<K, D, N> =
  ShowDilation<D, N> extends '1' ? By<K, N> : `${By<K, N>} dilated by ${ShowDilation<D, N>}`
type Reaches<K, D> = [Reach<At<K, 0>, At<D, 0>>, Reach<At<K, 1>, At<D, 1>>, Reach<At<K, 2>, At<D, 2>>]
type ShowSpan<K, D, N> =
  ShowDilation<D, N> extends '1' ? '' : ` (it spans ${By<Reaches<K, D>, N>} ${Places<N>})`
type TooLarge<X, Kind extends string, K, D> =
  `${Kind}: a window of ${ShowWindow<K, D, AxesOf<X>>} does not fit into ${Show<X>}${ShowSpan<K, D, AxesOf<X>>}`

type Frame1<A extends number, C extends number, Sentence> = [A] extends [never] ? Sentence : [A, C]
type Frame2<A extends number, B extends number, C extends number, Sentence> =
  [A] extends [never] ? Sentence : [B] extends [never] ? Sentence : [A, B, C]
type Frame3<A extends number, B extends number, D extends number, C extends number, Sentence> =
  [A] extends [never] ? Sentence : [B] extends [never] ? Sentence : [D] extends [never] ? Sentence : [A, B, D, C]

type SlideAt<N extends number, A extends number, K, S, P, D> =
  Slide<N, At<K, A>, At<S, A>, P, Around<P, A>, At<D, A>>

/**
 * The sequence, image or volume after a window of size K slid over it, with C channels, or a sentence.
 *
 * X is what `Series`, `Image` or `Volume` gave.
 */
export type WindowOut<X, Kind extends string, C extends number, K extends Sizes, S extends Sizes, P, D extends Sizes> =
  X extends readonly [infer H extends number, infer W extends number, unknown]
    ? Frame2<SlideAt<H, 0, K, S, P, D>, SlideAt<W, 1, K, S, P, D>, C, TooLarge<X, Kind, K, D>>
  : X extends readonly [infer L extends number, unknown]
    ? Frame1<SlideAt<L, 0, K, S, P, D>, C, TooLarge<X, Kind, K, D>>
  : X extends readonly [infer E extends number, infer H extends number, infer W extends number, unknown]
    ? Frame3<
        SlideAt<E, 0, K, S, P, D>, SlideAt<H, 1, K, S, P, D>, SlideAt<W, 2, K, S, P, D>, C, TooLarge<X, Kind, K, D>
      >
  : X

/** What a convolution with F filters in G groups gives, or a sentence. */
export type ConvOut<
  X, Kind extends string, F extends number, K extends Sizes, S extends Sizes, P, D extends Sizes, G extends number,
> = G extends 1 ? WindowOut<X, Kind, F, K, S, P, D> : GroupsFit<X, Kind, F, G> extends infer Y
  ? Y extends string ? Y : WindowOut<Y, Kind, F, K, S, P, D> : never
/** X, or the sentence that says why G groups do not fit. */
export type GroupsFit<X, Kind extends string, F extends number, G extends number> =
  X extends string ? X
  : Indivisible<F, G> extends true ? `${Kind}: ${Num<G>} groups do not divide ${Num<F>} filters`
  : Indivisible<Channels<X>, G> extends true ? `${Kind}: ${Num<G>} groups do not divide ${Num<Channels<X>>} channels`
  : X

/** The same for a pooling window, which keeps the channels and may round up. */
export type PoolOut<X, Kind extends string, K extends Sizes, S extends Sizes, P, Ceil extends boolean> =
  Ceil extends true ? PoolCeil<X, Kind, K, S, P> : WindowOut<X, Kind, Channels<X>, K, S, P, 1>
type CeilAt<N extends number, A extends number, K, S, P> =
  SlideCeil<N, At<K, A>, At<S, A>, Before<P, A>, Around<P, A>>
type PoolCeil<X, Kind extends string, K extends Sizes, S extends Sizes, P> =
  P extends 'same' ? WindowOut<X, Kind, Channels<X>, K, S, P, 1>
  : X extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? Frame2<CeilAt<H, 0, K, S, P>, CeilAt<W, 1, K, S, P>, C, TooLarge<X, Kind, K, 1>>
  : X extends readonly [infer L extends number, infer C extends number]
    ? Frame1<CeilAt<L, 0, K, S, P>, C, TooLarge<X, Kind, K, 1>>
  : X extends readonly [infer E extends number, infer H extends number, infer W extends number, infer C extends number]
    ? Frame3<CeilAt<E, 0, K, S, P>, CeilAt<H, 1, K, S, P>, CeilAt<W, 2, K, S, P>, C, TooLarge<X, Kind, K, 1>>
  : X

/** N less what is cut off; `never` when nothing is left. */
type Cut<N extends number, C extends number> =
  [Sub<N, C>] extends [never] ? never : Sub<N, C> extends 0 ? never : Sub<N, C>
/** One side of what a window makes of N pixels when it is transposed. */
type Spread<N extends number, K extends number, S extends number, Same, Pads extends number, D extends number, O extends number> =
  number extends N ? number
  : Same extends 'same' ? Mul<N, S> : Cut<Add<Add<Mul<Sub<N, 1>, S>, Reach<K, D>>, O>, Pads>
type SpreadAt<N extends number, A extends number, K, S, P, D, O> =
  Spread<N, At<K, A>, At<S, A>, P, Around<P, A>, At<D, A>, At<O, A>>

/** The image that a transposed convolution with F filters makes, O pixels larger at the end, or a sentence. */
export type TransposedOut<
  X, Kind extends string, F extends number, K extends Sizes, S extends Sizes, P, D extends Sizes, O extends Sizes,
> = X extends readonly [infer H extends number, infer W extends number, unknown]
  ? Frame2<
      SpreadAt<H, 0, K, S, P, D, O>, SpreadAt<W, 1, K, S, P, D, O>, F,
      `${Kind}: padding cuts off all that a window of ${ShowWindow<K, D, 2>} makes of ${Show<X>}`
    >
  : X

type CutOff<X, Kind extends string, Off extends string> =
  `${Kind}: cutting off ${Off} ${Places<AxesOf<X>>} leaves nothing of ${Show<X>}`

/** The sequence, image or volume without so much on each side, or a sentence. X is what `Series`, `Image` or `Volume` gave. */
export type CropOut<X, Kind extends string, P> =
  X extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? Frame2<
        Cut<H, Around<P, 0>>, Cut<W, Around<P, 1>>, C, CutOff<X, Kind, `${Num<Around<P, 0>>}×${Num<Around<P, 1>>}`>
      >
  : X extends readonly [infer L extends number, infer C extends number]
    ? Frame1<Cut<L, Around<P, 0>>, C, CutOff<X, Kind, Num<Around<P, 0>>>>
  : X extends readonly [infer E extends number, infer H extends number, infer W extends number, infer C extends number]
    ? Frame3<
        Cut<E, Around<P, 0>>, Cut<H, Around<P, 1>>, Cut<W, Around<P, 2>>, C,
        CutOff<X, Kind, `${Num<Around<P, 0>>}×${Num<Around<P, 1>>}×${Num<Around<P, 2>>}`>
      >
  : X

/** The sequence, image or volume with everything repeated S times along each axis. */
export type UpsampleOut<X, S> =
  X extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? [Mul<H, At<S, 0>>, Mul<W, At<S, 1>>, C]
  : X extends readonly [infer L extends number, infer C extends number] ? [Mul<L, At<S, 0>>, C]
  : X extends readonly [infer E extends number, infer H extends number, infer W extends number, infer C extends number]
    ? [Mul<E, At<S, 0>>, Mul<H, At<S, 1>>, Mul<W, At<S, 2>>, C]
  : X

/** The sequence, image or volume with zeros around it. */
export type PadOut<X, P> =
  X extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? [Add<H, Around<P, 0>>, Add<W, Around<P, 1>>, C]
  : X extends readonly [infer L extends number, infer C extends number] ? [Add<L, Around<P, 0>>, C]
  : X extends readonly [infer E extends number, infer H extends number, infer W extends number, infer C extends number]
    ? [Add<E, Around<P, 0>>, Add<H, Around<P, 1>>, Add<W, Around<P, 2>>, C]
  : X

/** The channels of an image alone. */
export type ChannelsOnly<X> = X extends readonly [unknown, unknown, infer C] ? [C & number] : X

/** The image pooled into O bins. */
export type BinsOut<X, O> = X extends readonly [unknown, unknown, infer C] ? [At<O, 0>, At<O, 1>, C & number] : X

// ── several shapes at once ──────────────────────────────────────────────────

/** The same shape for both, sizes known in one standing in for sizes not known in the other; 0 when they differ. */
export type Unify<A, B> =
  A extends readonly [infer P, ...infer R]
    ? B extends readonly [infer Q, ...infer T]
      ? MayEqual<P, Q> extends true ? (Unify<R, T> extends infer U extends Shape ? [P & Q & number, ...U] : 0) : 0
      : B extends readonly [] ? 0 : A
    : A extends readonly [] ? (B extends readonly [] ? [] : B extends readonly [unknown, ...unknown[]] ? 0 : []) : B

/** One shape that all inputs have, or a sentence. */
export type SameOut<X, Kind extends string> =
  X extends Shape ? (number extends X['length'] ? number[] : `${Kind}: needs several tensors, but gets one of ${Show<X>}`)
  : X extends readonly [infer A extends Shape, ...infer T] ? SameRest<A, T, Kind>
  : X extends readonly (infer A extends Shape)[] ? A : number[]
type SameRest<A, T, Kind extends string> =
  T extends readonly [infer B, ...infer R]
    ? Unify<A, B> extends infer U extends Shape ? SameRest<U, R, Kind> : `${Kind}: shapes differ, ${Show<A>} and ${Show<B>}`
    : A

/** The shapes side by side along the last axis, or a sentence. */
export type ConcatOut<X, Kind extends string> =
  X extends Shape ? (number extends X['length'] ? number[] : `${Kind}: needs several tensors, but gets one of ${Show<X>}`)
  : X extends readonly [infer A extends Shape, ...infer T] ? ConcatRest<A, T, Kind>
  : X extends readonly (infer A extends Shape)[] ? Widened<A> : number[]
type ConcatRest<A, T, Kind extends string> =
  T extends readonly [infer B, ...infer R]
    ? Join<A, B> extends infer U extends Shape ? ConcatRest<U, R, Kind>
      : `${Kind}: only the channels may differ, but ${Show<A>} meets ${Show<B>}`
    : T extends readonly [] ? A : Widened<A>
type Join<A, B> =
  A extends readonly [...infer P, infer M extends number]
    ? B extends readonly [...infer Q, infer N extends number]
      ? Unify<P, Q> extends infer U extends Shape ? [...U, Add<M, N>] : 0
      : B extends readonly [] ? 0 : number[]
    : A extends readonly [] ? 0 : number[]
/** A with a last size that is not known. */
type Widened<A> = A extends readonly [...infer P extends Shape, number] ? [...P, number] : number[]

/** Sizes as written by a user, where `null` is a size that is not known. */
export type Dims<S extends readonly (number | null)[]> = {
  -readonly [K in keyof S]: S[K] extends null ? number : S[K] & number
}
