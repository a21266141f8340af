// A link that holds what is looked at: the document itself, compressed, or the name of a built-in model; what is known of
// layers that are not standard ones; the node; the view.
import { type GraphDocument, parseDocument } from '../../graph/document.ts'
import { base64 } from '../../report/base64.ts'
import { type KnownLayer, readKnown } from './known.ts'

export interface Linked {
  readonly document: GraphDocument | null
  /** The name of a built-in model, where it is as it was made. */
  readonly model: string | null
  readonly node: string | null
  /** The id of the view; `null` for the one that comes first. */
  readonly view: string | null
  /** What is known of the document's layers that are not standard ones. */
  readonly layers: readonly KnownLayer[]
}

async function piped(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())
}

const toText = (bytes: Uint8Array): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const pack = async (value: unknown): Promise<string> =>
  toText(await piped(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream('deflate-raw')))

/** What stands behind the # of the link. */
export async function writeLink({ document, model, node, view, layers }: Linked): Promise<string> {
  const parts = new URLSearchParams()
  if (model !== null) parts.set('m', model)
  else if (document !== null) {
    parts.set('g', await pack(document))
    if (layers.length > 0) parts.set('l', await pack(layers))
  }
  if (view !== null) parts.set('v', view)
  if (node !== null) parts.set('n', node)
  return parts.toString().replaceAll('%2F', '/')
}

/** The contents of a link. @throws LayergraphError for a document that is none, Error for a link that is damaged. */
export async function readLink(hash: string): Promise<Linked> {
  const parts = new URLSearchParams(hash.replace(/^#/, ''))
  const [document, layers] = [parts.get('g'), parts.get('l')]
  return {
    document: document === null ? null : parseDocument(await unpacked(document)),
    layers: layers === null ? [] : readKnown(await unpacked(layers)),
    model: parts.get('m'), node: parts.get('n'), view: parts.get('v'),
  }
}

async function unpacked(text: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await piped(toBytes(text), new DecompressionStream('deflate-raw'))))
  } catch (cause) {
    throw new Error('the link is damaged: not all of it is there', { cause })
  }
}
