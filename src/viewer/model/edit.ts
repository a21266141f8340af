// Changes to a document: each gives another one.
import type { GraphDocument } from '../../graph/document.ts'
import type { Dims } from '../../spec/tensor.ts'

type Node = GraphDocument['nodes'][number]

/** The document with other settings of a node. */
export const withConfig = (document: GraphDocument, id: string, config: Readonly<Record<string, unknown>>): GraphDocument =>
  ({ ...document, nodes: document.nodes.map((node) => (node.id === id ? { ...node, config: config as Node['config'] } : node)) })

/** The document with another shape of an input. */
export const withShape = (document: GraphDocument, id: string, shape: Dims): GraphDocument =>
  ({ ...document, inputs: document.inputs.map((input) => (input.id === id ? { ...input, shape: [...shape] } : input)) })

/** As it is saved: the way `layergraph json` prints it. */
export const documentText = (document: GraphDocument): string => `${JSON.stringify(document, null, 2)}\n`
