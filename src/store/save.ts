// A model on disk: graph.json and weights.safetensors in one directory.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GraphDocument } from '../graph/document.ts'
import { failure } from '../spec/issue.ts'
import { writeAtomic } from './atomic.ts'
import { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorFile } from './safetensors.ts'

export const GRAPH_FILE = 'graph.json'
export const WEIGHTS_FILE = 'weights.safetensors'

/** What the metadata of every file of ours says it is. */
const FORMAT = 'layergraph/1'

type Tensors = Readonly<Record<string, StoredTensor>>

/** A short name of what a graph document says, whatever its whitespace. */
export function graphHash(document: unknown): string {
  const { $schema: _editorsOnly, ...content } = document as Record<string, unknown>
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
}

/** Bytes of a file. @throws LayergraphError `store/missing` when it is not there. */
export async function readBytes(path: string, hint: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') throw error
    throw failure('store/missing', path, code === 'EISDIR' ? 'is a directory' : 'there is no such file', hint, error)
  }
}

/** Writes tensors that belong to a graph, atomically. */
export async function writeTensors(path: string, document: GraphDocument, { tensors, metadata }: TensorFile): Promise<void> {
  await writeAtomic(path, encodeSafetensors({ tensors, metadata: { ...metadata, format: FORMAT, graph: graphHash(document) } }))
}

/**
 * Reads tensors that belong to a graph.
 *
 * @throws LayergraphError `store/missing`, `store/corrupt`, and `store/other-graph` when they were saved for another graph.
 */
export async function readTensors(path: string, document: unknown): Promise<TensorFile> {
  const file = decodeSafetensors(await readBytes(path, 'name a directory that model.save wrote'), path)
  const { graph } = file.metadata
  // Files made by other tools say nothing about the graph; then the names and shapes alone must fit.
  if (graph !== undefined && graph !== graphHash(document)) {
    throw failure(
      'store/other-graph', path, `was saved for another graph (${graph}) than the one it is used with (${graphHash(document)})`,
      'use the graph.json it was saved with, or save the model again',
    )
  }
  return file
}

/** Writes graph.json and weights.safetensors into `directory`, each atomically. */
export async function saveModel(directory: string, document: GraphDocument, weights: Tensors): Promise<void> {
  await writeAtomic(join(directory, GRAPH_FILE), `${JSON.stringify(document, null, 2)}\n`)
  await writeTensors(join(directory, WEIGHTS_FILE), document, { tensors: weights, metadata: {} })
}

/** The graph document of a saved model, not yet checked. @throws LayergraphError `store/missing`, `store/corrupt`. */
export async function readDocumentFile(directory: string): Promise<unknown> {
  const path = join(directory, GRAPH_FILE)
  const bytes = await readBytes(path, 'name a directory that model.save wrote')
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw failure('store/corrupt', path, `is not JSON: ${(error as Error).message}`, 'save the model again', error)
  }
}

/** What `saveModel` wrote; the document is not yet checked. @throws LayergraphError */
export async function readModel(directory: string): Promise<{ readonly document: unknown; readonly weights: Tensors }> {
  const document = await readDocumentFile(directory)
  const { tensors } = await readTensors(join(directory, WEIGHTS_FILE), document)
  return { document, weights: tensors }
}
