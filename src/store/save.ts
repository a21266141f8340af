// A model on disk: graph.json and weights.safetensors in one directory, or both in one file.
import type { GraphDocument } from '../graph/document.ts'
import { fileIn, readBytes, writeAtomic } from '../platform/files.ts'
import { decodeModel, decodeTensors, documentText, encodeTensors, readDocument, type StoredModel, type StoredTensors } from './bytes.ts'
import type { TensorFile } from './safetensors.ts'

export const GRAPH_FILE = 'graph.json'
export const WEIGHTS_FILE = 'weights.safetensors'

/** How the name of a file ends that holds a whole model, or weights. */
export const MODEL_ENDING = '.safetensors'

const MISSING = { code: 'store/missing', hint: 'name a directory that model.save wrote' }

/** Writes tensors that belong to a graph, atomically. */
export async function writeTensors(path: string, document: GraphDocument, file: TensorFile): Promise<void> {
  await writeAtomic(path, encodeTensors(document, file))
}

/**
 * Reads tensors that belong to a graph.
 *
 * @throws LayergraphError `store/missing`, `store/corrupt`, and `store/other-graph` when they were saved for another graph.
 */
export async function readTensors(path: string, document: unknown): Promise<TensorFile> {
  return decodeTensors(await readBytes(path, MISSING), path, document)
}

/** Writes graph.json and weights.safetensors into `directory`, each atomically. */
export async function saveModel(directory: string, document: GraphDocument, weights: StoredTensors): Promise<void> {
  await writeAtomic(fileIn(directory, GRAPH_FILE), documentText(document))
  await writeTensors(fileIn(directory, WEIGHTS_FILE), document, { tensors: weights, metadata: {} })
}

/** The graph document of a saved model, not yet checked. @throws LayergraphError `store/missing`, `store/corrupt`. */
export async function readDocumentFile(directory: string): Promise<unknown> {
  const path = fileIn(directory, GRAPH_FILE)
  return readDocument(new TextDecoder().decode(await readBytes(path, MISSING)), path)
}

/** What `saveModel` wrote into a directory, or one file that holds both. @throws LayergraphError */
export async function readModel(path: string): Promise<StoredModel> {
  if (path.endsWith(MODEL_ENDING)) return decodeModel(await readBytes(path, MISSING), path)
  const document = await readDocumentFile(path)
  const { tensors } = await readTensors(fileIn(path, WEIGHTS_FILE), document)
  return { document, weights: tensors }
}
