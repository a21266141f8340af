// A link that holds what is looked at: the document itself, compressed, or the name of a built-in model; and the node.
import { type GraphDocument, parseDocument } from '../../graph/document.ts'
import { base64 } from '../../report/base64.ts'

export interface Linked {
  readonly document: GraphDocument | null
  /** The name of a built-in model, where it is as it was made. */
  readonly model: string | null
  readonly node: string | null
}

async function piped(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())
}

const toText = (bytes: Uint8Array): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

/** What stands behind the # of the link. */
export async function writeLink({ document, model, node }: Linked): Promise<string> {
  const parts = new URLSearchParams()
  if (model !== null) parts.set('m', model)
  else if (document !== null) parts.set('g', toText(await piped(new TextEncoder().encode(JSON.stringify(document)), new CompressionStream('deflate-raw'))))
  if (node !== null) parts.set('n', node)
  return parts.toString().replaceAll('%2F', '/')
}

/** The contents of a link. @throws LayergraphError for a document that is none, Error for a link that is damaged. */
export async function readLink(hash: string): Promise<Linked> {
  const parts = new URLSearchParams(hash.replace(/^#/, ''))
  const packed = parts.get('g')
  return {
    document: packed === null ? null : parseDocument(JSON.parse(new TextDecoder().decode(await unpacked(packed)))),
    model: parts.get('m'), node: parts.get('n'),
  }
}

async function unpacked(text: string): Promise<Uint8Array> {
  try {
    return await piped(toBytes(text), new DecompressionStream('deflate-raw'))
  } catch (cause) {
    throw new Error('the link is damaged: not all of it is there', { cause })
  }
}
