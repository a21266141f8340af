// A model as bytes: graph.json and weights.safetensors, or one safetensors file that has the graph in its metadata.
import { sha256 } from '@noble/hashes/sha2'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils'
import type { GraphDocument } from '../graph/document.ts'
import { failure } from '../spec/issue.ts'
import { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorFile } from './safetensors.ts'

/** What the metadata of every file of ours says it is. */
const FORMAT = 'layergraph/1'

export type StoredTensors = Readonly<Record<string, StoredTensor>>

/** A model as it is stored; the document is not yet checked. */
export interface StoredModel {
  readonly document: unknown
  readonly weights: StoredTensors
}

/** A short name of what a graph document says, whatever its whitespace. */
export function graphHash(document: unknown): string {
  const { $schema: _editorsOnly, ...content } = document as Record<string, unknown>
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(content)))).slice(0, 16)
}

/** The text of a graph document. */
export const documentText = (document: GraphDocument): string => `${JSON.stringify(document, null, 2)}\n`

/** The graph document of a text, not yet checked. @throws LayergraphError `store/corrupt` naming `file`. */
export function readDocument(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw failure('store/corrupt', file, `is not JSON: ${(error as Error).message}`, 'save the model again', error)
  }
}

/** Tensors that belong to a graph. */
export function encodeTensors(document: GraphDocument, { tensors, metadata }: TensorFile): Uint8Array {
  return encodeSafetensors({ tensors, metadata: { ...metadata, format: FORMAT, graph: graphHash(document) } })
}

/**
 * Tensors that belong to a graph.
 *
 * @throws LayergraphError `store/corrupt`, and `store/other-graph` when they were saved for another graph.
 */
export function decodeTensors(bytes: Uint8Array, file: string, document: unknown): TensorFile {
  const decoded = decodeSafetensors(bytes, file)
  checkGraph(decoded, file, document)
  return decoded
}

function checkGraph({ metadata: { graph } }: TensorFile, file: string, document: unknown): void {
  // Files made by other tools say nothing about the graph; then the names and shapes alone must fit.
  if (graph === undefined || graph === graphHash(document)) return
  throw failure(
    'store/other-graph', file, `was saved for another graph (${graph}) than the one it is used with (${graphHash(document)})`,
    'use the graph.json it was saved with, or save the model again',
  )
}

/** A model as one file. */
export function encodeModel(document: GraphDocument, weights: StoredTensors): Uint8Array {
  return encodeTensors(document, { tensors: weights, metadata: { document: JSON.stringify(document) } })
}

/** The model of one file. @throws LayergraphError `store/corrupt` naming `file`. */
export function decodeModel(bytes: Uint8Array, file: string): StoredModel {
  const decoded = decodeSafetensors(bytes, file)
  const { document: text } = decoded.metadata
  if (text === undefined) throw failure('store/no-graph', file, 'has weights, but no graph', 'give the graph.json beside it, too')
  const document = readDocument(text, `${file}: its graph`)
  checkGraph(decoded, file, document)
  return { document, weights: decoded.tensors }
}
