// The digits that the page trains on, as files beside it.
import { decodeIdx } from '../../train/idx.ts'
import { type ImageSet, pairUp } from '../../train/mnist.ts'

/** Reads a file beside the page. */
export type Fetch = (name: string) => Promise<Uint8Array>

const readSet = async (fetch: Fetch, prefix: string): Promise<ImageSet> => {
  const [images, labels] = [`${prefix}-images.idx3-ubyte.gz`, `${prefix}-labels.idx1-ubyte.gz`]
  const [pictures, classes] = await Promise.all([images, labels].map(async (name) => decodeIdx(await fetch(name), name)))
  return pairUp(pictures as Awaited<ReturnType<typeof decodeIdx>>, classes as Awaited<ReturnType<typeof decodeIdx>>, 'digits')
}

/** The digits, each part read when it is first asked for. */
export function makeDigits(fetch: Fetch): { train(): Promise<ImageSet>; heldOut(): Promise<ImageSet> } {
  const once = (prefix: string): (() => Promise<ImageSet>) => {
    let set: Promise<ImageSet> | null = null
    return () => {
      set ??= readSet(fetch, prefix).catch((error: unknown) => {
        set = null
        throw error
      })
      return set
    }
  }
  return { train: once('train'), heldOut: once('t10k') }
}
