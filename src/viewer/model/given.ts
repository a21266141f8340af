// What a page is given to begin with: by the server of `layergraph view`, or by whoever hosts the files.
import type { GraphDocument } from '../../graph/document.ts'
import type { KnownLayer } from './known.ts'
import type { Run } from './training.ts'

/** The model that the page opens with, and what else there is to see of it. */
export interface Given {
  readonly document: GraphDocument
  /** Where it comes from, as the user named it: "digits.ts", "runs/digits". */
  readonly source: string
  /** The address of the report of its training, from the page. */
  readonly report?: string
  /** What is known of layers that are not standard ones. */
  readonly layers?: readonly KnownLayer[]
  /** Trainings that have ended, to be compared: that of the model first. */
  readonly runs?: readonly Run[]
  /** The address of the events of its training, from the page: what is shown first. */
  readonly training?: string
}

const PLACE = '<script type="application/json" id="given">null</script>'

/** The page with what it is given. @throws Error for a page without the place for it. */
export function withGiven(page: string, given: Given): string {
  if (!page.includes(PLACE)) throw new Error('the page has no place for a model')
  // "<" cannot be part of the text of a script.
  const json = JSON.stringify(given).replaceAll('<', String.raw`\u003c`)
  return page.replace(PLACE, () => PLACE.replace('null', () => json))
}
