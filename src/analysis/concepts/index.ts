// Every concept that can be explained by name.
import { failure } from '../../spec/issue.ts'
import type { Bilingual, Step } from '../derivation.ts'
import { activations } from './activation.ts'
import { type Concept, deriveConcept, type Letters } from './concept.ts'
import { convolutions } from './convolution.ts'
import { fields } from './field.ts'
import { normalizations } from './normalization.ts'
import { poolings } from './pooling.ts'
import { trainings } from './training.ts'

export type { Concept, Letters }

export const concepts: readonly Concept[] = [
  ...convolutions, ...fields, ...poolings, ...activations, ...normalizations, ...trainings,
]

/** A concept with numbers filled in. */
export interface ConceptExplanation {
  readonly id: string
  readonly name: Bilingual
  readonly meaning: Bilingual
  readonly steps: readonly Step[]
}

/**
 * A concept's formula with these numbers: `explainConcept('hdc', { rates: [1, 2, 9] })`. Letters that are left out
 * keep those of its worked example.
 *
 * @throws LayergraphError `explain/concept`, `explain/letter`, `explain/number`.
 */
export function explainConcept(id: string, letters: Letters = {}): ConceptExplanation {
  const concept = concepts.find((one) => one.id.toLowerCase() === id.toLowerCase() || Object.values(one.name).includes(id))
  if (concept === undefined) {
    throw failure('explain/concept', id, 'is not a concept that can be explained', `concepts are ${concepts.map((one) => one.id).join(', ')}`)
  }
  return { id: concept.id, name: concept.name, meaning: concept.meaning, steps: deriveConcept(concept, letters) }
}
