// In a page there are no files: what would read or write one says how else it goes.
import { failure, type LayergraphError } from '../spec/issue.ts'

const none = (path: string): LayergraphError =>
  failure('platform/no-files', path, 'a page has no files', 'use bytes: loadModel(bytes), model.encode(), checkpoint: (bytes) => …')

export const fileIn = (folder: string, name: string): string => `${folder}/${name}`

export async function readBytes(path: string): Promise<Uint8Array> {
  throw none(path)
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  throw none(folder)
}

export const packageFolder = (name: string): string => `node_modules/${name}`

export async function writeAtomic(path: string): Promise<void> {
  throw none(path)
}
