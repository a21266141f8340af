// Exact arithmetic on non-negative integer literal types, digit by digit.
//
// A number is a string of decimal digits, least significant first ("28" is '82'),
// while it is being worked on. `number` in gives `number` out; a union of literals
// in gives the union of the results; anything that is not a plain non-negative
// integer ('1e21', '-3', '0.5') gives `number`.
import type { Bit, Diff, Digit, Prod, Quot, Sum } from './tables.ts'

/** Turn a digit string around. */
type Rev<S extends string, R extends string = ''> = S extends `${infer D}${infer T}` ? Rev<T, `${D}${R}`> : R

/** Drop leading zeros of a most-significant-first digit string. */
type Trim<S extends string> = S extends `0${infer T}` ? (T extends '' ? '0' : Trim<T>) : S

/** A most-significant-first digit string as a number literal. */
type ToNumber<S extends string> = S extends `${infer N extends number}` ? N : number

/** A least-significant-first digit string as a number literal. */
type Out<S extends string> = ToNumber<Trim<Rev<S>>>

// ── on least-significant-first strings ──────────────────────────────────────

type AddS<X extends string, Y extends string, C extends Bit = '0', R extends string = ''> =
  X extends `${infer A extends Digit}${infer XT}`
    ? Y extends `${infer B extends Digit}${infer YT}`
      ? AddS<XT, YT, Sum[C][A][B][1], `${R}${Sum[C][A][B][0]}`>
      : C extends '0' ? `${R}${X}` : AddS<X, '1', '0', R>
    : C extends '0' ? `${R}${Y}` : Y extends '' ? `${R}1` : AddS<'1', Y, '0', R>

/** X - Y, or `never` when that is negative. May leave zeros at the (most significant) end. */
type SubS<X extends string, Y extends string, C extends Bit = '0', R extends string = ''> =
  X extends `${infer A extends Digit}${infer XT}`
    ? Y extends `${infer B extends Digit}${infer YT}`
      ? SubS<XT, YT, Diff[C][A][B][1], `${R}${Diff[C][A][B][0]}`>
      : C extends '0' ? `${R}${X}` : SubS<X, '1', '0', R>
    : C extends '0' ? (Y extends '' ? R : never) : never

type MulDigit<X extends string, D extends Digit, C extends Digit = '0', R extends string = ''> =
  X extends `${infer A extends Digit}${infer XT}`
    ? Prod[A][D] extends [infer Lo extends Digit, infer Hi extends Digit]
      ? MulDigit<XT, D, Sum[Sum['0'][Lo][C][1]][Hi]['0'][0], `${R}${Sum['0'][Lo][C][0]}`>
      : never
    : C extends '0' ? R : `${R}${C}`

/** X * Y; Y is taken digit by digit, most significant first (Horner). */
type MulS<X extends string, YMsd extends string, R extends string = ''> =
  YMsd extends `${infer D extends Digit}${infer YT}`
    ? MulS<X, YT, D extends '0' ? (R extends '' ? '' : `0${R}`) : D extends '1' ? AddS<`0${R}`, X> : AddS<`0${R}`, MulDigit<X, D>>>
    : R

/** Most-significant-first X divided by one digit: [quotient (most significant first), remainder]. */
type DivDigit<X extends string, Y extends keyof Quot, M extends string = '0', R extends string = ''> =
  X extends `${infer D}${infer T}`
    ? Quot[Y][M & keyof Quot[Y]][D & keyof Quot[Y][M & keyof Quot[Y]]] extends [infer Q extends string, infer N extends string]
      ? DivDigit<T, Y, N, `${R}${Q}`> : never
    : [R, M]

/** How often Y goes into X (at most nine times): [times, rest]. */
type Times<X extends string, Y extends string, N extends 0[] = []> =
  [SubS<X, Y>] extends [never] ? [`${N['length']}`, X] : Times<SubS<X, Y>, Y, [...N, 0]>

/** Strip zeros at the most significant end of a least-significant-first string. */
type Tidy<S extends string> = S extends `${infer T}0` ? Tidy<T> : S

/** Long division of most-significant-first X by least-significant-first Y. */
type DivLong<X extends string, Y extends string, M extends string = '', R extends string = ''> =
  X extends `${infer D}${infer T}`
    ? Times<`${D}${M}`, Y> extends [infer Q extends string, infer N extends string]
      ? DivLong<T, Y, Tidy<N>, `${R}${Q}`> : never
    : [R, Rev<M>]

type DivS<X extends string, Y extends string> =
  Y extends `${keyof Quot}` ? DivDigit<X, ToNumber<Y> & keyof Quot> : DivLong<X, Rev<Y>>

// ── on number literals ──────────────────────────────────────────────────────

/** Are all of these plain non-negative integer literals? */
type Odd = `-${string}` | `${string}.${string}` | `${string}e${string}`
export type Known<N extends number> = number extends N ? false : [N] extends [never] ? false : `${N}` extends Odd ? false : true

export type Add<A extends number, B extends number> =
  number extends A ? number : number extends B ? number : B extends 0 ? A : A extends 0 ? B : Out<AddS<Rev<`${A}`>, Rev<`${B}`>>>

/** A - B; `never` when it would be negative. */
export type Sub<A extends number, B extends number> =
  number extends A | B ? number : B extends 0 ? A : Out<SubS<Rev<`${A}`>, Rev<`${B}`>>>

export type Mul<A extends number, B extends number> =
  number extends A ? number : number extends B ? number : B extends 0 ? 0 : B extends 1 ? A : A extends 1 ? B : Out<MulS<Rev<`${A}`>, `${B}`>>

/** floor(A / B); B = 0 gives `number`. */
export type Div<A extends number, B extends number> =
  number extends A | B ? number : B extends 0 ? number : B extends 1 ? A
  : DivS<`${A}`, `${B}`> extends [infer Q extends string, string] ? ToNumber<Trim<Q>> : never

/** A mod B; B = 0 gives `number`. */
export type Mod<A extends number, B extends number> =
  number extends A | B ? number : B extends 0 ? number : B extends 1 ? 0
  : DivS<`${A}`, `${B}`> extends [string, infer M extends string] ? (M extends '' ? 0 : ToNumber<Trim<M>>) : never
