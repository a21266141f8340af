// What takes long enough to be done beside the page, in a worker.
import { type Gridding, griddingOf } from '../../analysis/gridding.ts'
import { type UnitField, unitField } from '../../analysis/unit.ts'
import { type Layout, layOut } from '../../draw/layout.ts'
import type { Outline } from '../../draw/outline.ts'
import type { GraphDocument } from '../../graph/document.ts'
import { surveyDocument } from '../../graph/document.ts'
import type { GraphData } from '../../graph/graph.ts'
import { definitionOf, type KnownLayer } from '../model/known.ts'
import { layers } from '../../../layers/index.ts'

/** A node of a document. */
export interface NodeQuestion {
  readonly document: GraphDocument
  readonly id: string
  /** A unit of it: [y, x]. Default the one in the middle. */
  readonly at?: readonly number[]
  /** What is known of layers that are not standard ones. */
  readonly known: readonly KnownLayer[]
}

export interface Tasks {
  layout(outline: Outline): Layout
  unit(question: NodeQuestion): UnitField
  gridding(question: NodeQuestion): readonly Gridding[]
}

const graphOf = ({ document, known }: NodeQuestion): GraphData => surveyDocument(document, [...known.map(definitionOf), ...layers]).graph

export const tasks: Tasks = {
  layout: layOut,
  unit: (question) => unitField(graphOf(question), question.id, question.at),
  gridding: (question) => griddingOf(graphOf(question), question.id),
}

export interface Question {
  readonly task: keyof Tasks
  readonly input: never
}

/** What a worker answers. */
export type Reply = { readonly answer: unknown } | { readonly refused: string }
