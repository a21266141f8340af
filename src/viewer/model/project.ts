// A document with everything that follows from it, faults and all: what the page shows.
import { type Analysis, analyze } from '../../analysis/analyze.ts'
import { lint } from '../../analysis/lint/index.ts'
import { type DocumentSurvey, type GraphDocument, surveyDocument, type UnfitNode } from '../../graph/document.ts'
import type { GraphNode } from '../../graph/graph.ts'
import type { Issue } from '../../spec/issue.ts'
import type { LayerDefinition } from '../../spec/layer.ts'

export interface Project {
  readonly document: GraphDocument
  readonly survey: DocumentSurvey
  /** Of the nodes that fit. */
  readonly analysis: Analysis
  /** The faults of the document, then what deserves a look. */
  readonly findings: readonly Issue[]
  readonly nodes: ReadonlyMap<string, GraphNode | UnfitNode>
  /** Are all nodes sound? */
  readonly sound: boolean
}

/** Everything there is to say about a document. */
export function projectOf(document: GraphDocument, definitions: readonly LayerDefinition[]): Project {
  const survey = surveyDocument(document, definitions)
  const { graph, unfit, issues } = survey
  const sound = issues.length === 0
  return {
    document, survey, sound,
    analysis: analyze(graph),
    // Nodes behind a fault are missing, so that what lint says of dead ends and sizes would be of another graph.
    findings: sound ? lint(graph) : issues,
    nodes: new Map([...graph.nodes, ...unfit].map((node) => [node.id, node])),
  }
}

export const isFit = (node: GraphNode | UnfitNode): node is GraphNode => 'site' in node
