// A concept of the field: its name in both languages, what it means, and its formula with the reader's numbers.
import { failure } from '../../spec/issue.ts'
import type { Bilingual, Step } from '../derivation.ts'

/** Numbers by letter. A letter with several holds a list. */
export type Letters = Readonly<Record<string, readonly number[]>>

export interface Concept {
  /** As it is asked for: hdc. */
  readonly id: string
  readonly name: Bilingual
  readonly meaning: Bilingual
  /** The letters it takes, in order, each with the numbers of a worked example. */
  readonly letters: Letters
  /** Letters that take any number; the others take whole ones. */
  readonly real?: readonly string[]
  /** The least that a whole letter may be where that is not 1. */
  readonly least?: Readonly<Record<string, number>>
  derive(numbers: Numbers): readonly Step[]
}

/** The numbers of a derivation. */
export interface Numbers {
  one(letter: string): number
  list(letter: string): readonly number[]
}

function check(concept: Concept, letter: string, values: readonly number[]): void {
  const whole = concept.real?.includes(letter) !== true
  const wrong = values.find((value) => !Number.isFinite(value) || (whole && !(Number.isInteger(value) && value >= 0)))
  const least = concept.least?.[letter] ?? 1
  const small = whole && values.find((value) => value < least)
  const seen = wrong ?? small
  if (values.length > 0 && (seen === undefined || seen === false)) return
  throw failure(
    'explain/number', concept.id, `${letter} is ${values.length === 0 ? 'empty' : seen}`,
    whole ? `${letter} takes whole numbers from ${least}` : `${letter} takes numbers`,
  )
}

/** The derivation with these numbers; letters that are left out keep those of the example. @throws LayergraphError */
export function deriveConcept(concept: Concept, given: Letters): readonly Step[] {
  const known = Object.keys(concept.letters)
  for (const [letter, values] of Object.entries(given)) {
    if (!known.includes(letter)) {
      throw failure('explain/letter', concept.id, `has no letter ${letter}`, `it takes ${known.join(', ')}`)
    }
    check(concept, letter, values)
  }
  const letters = { ...concept.letters, ...given }
  return concept.derive({
    one: (letter) => (letters[letter] as readonly number[])[0] as number,
    list: (letter) => letters[letter] as readonly number[],
  })
}
