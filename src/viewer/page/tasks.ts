// What takes long enough to be done beside the page, in a worker.
import { type Gridding, griddingOf } from '../../analysis/gridding.ts'
import { type UnitField, unitField } from '../../analysis/unit.ts'
import { type Layout, layOut } from '../../draw/layout.ts'
import type { Outline } from '../../draw/outline.ts'
import type { GraphDocument } from '../../graph/document.ts'
import { surveyDocument } from '../../graph/document.ts'
import { layers } from '../../../layers/index.ts'

/** A node of a document. */
export interface NodeQuestion {
  readonly document: GraphDocument
  readonly id: string
  /** A unit of it: [y, x]. Default the one in the middle. */
  readonly at?: readonly number[]
}

export interface Tasks {
  layout(outline: Outline): Layout
  unit(question: NodeQuestion): UnitField
  gridding(question: NodeQuestion): readonly Gridding[]
}

export const tasks: Tasks = {
  layout: layOut,
  unit: ({ document, id, at }) => unitField(surveyDocument(document, layers).graph, id, at),
  gridding: ({ document, id }) => griddingOf(surveyDocument(document, layers).graph, id),
}

export interface Question {
  readonly task: keyof Tasks
  readonly input: never
}

/** What a worker answers. */
export type Reply = { readonly answer: unknown } | { readonly refused: string }
