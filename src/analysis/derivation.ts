// Derivations as data: a formula, the same with numbers, and what comes out.
import { grouped } from './digits.ts'

/** A text in each language. */
export interface Bilingual {
  readonly en: string
  readonly zh: string
}

export type Language = keyof Bilingual

/** Symbols are the same in every language. */
export type Words = string | Bilingual

/** One line of a derivation. */
export interface Step {
  readonly label: Bilingual
  /** With letters: "out = floor((in + 2P − D(K−1) − 1)/S) + 1". */
  readonly formula: Words
  /** With numbers; empty where the formula has none. */
  readonly numbers: Words
  readonly result: Words
}

export const both = (en: string, zh: string): Bilingual => ({ en, zh })

/** The words in a language. */
export const inLanguage = (words: Words, lang: Language): string => (typeof words === 'string' ? words : words[lang])

export const step = (label: Bilingual, formula: Words, numbers: Words, result: number | Words): Step =>
  ({ label, formula, numbers, result: typeof result === 'number' ? show(result) : result })

/** "1,234,567", "0.25", "1.2e-7". */
export function show(value: number): string {
  if (Number.isInteger(value)) return grouped(value)
  const short = Number(value.toPrecision(6))
  return Math.abs(short) < 1e-4 ? short.toExponential() : String(short)
}

/** "(-2)" for a negative number after an operator. */
export const inBrackets = (value: number): string => (value < 0 ? `(${show(value)})` : show(value))
/** "1, 2.5, 3". */
export const listed = (values: readonly number[]): string => values.map(show).join(', ')

/** "3 · 3 · 64". */
export const times = (...factors: readonly number[]): string => factors.map(show).join(' · ')
export const product = (...factors: readonly number[]): number => factors.reduce((all, one) => all * one, 1)

/** "− 2" or "+ 2", to go on after a term. */
export const signed = (value: number): string => (value < 0 ? `− ${show(-value)}` : `+ ${show(value)}`)

// ── words that several derivations share ────────────────────────────────────

export const WORDS = {
  shape: both('output shape', '输出形状'),
  size: both('output size', '输出尺寸'),
  params: both('parameters', '参数量'),
  macs: both('multiply-accumulates', '乘加次数'),
  field: both('receptive field', '感受野'),
  stride: both('stride on the input', '输入上的步长'),
  padding: both('reach over the edge', '越界像素数'),
  deviation: both('standard deviation of the paths', '路径的标准差'),
} as const
