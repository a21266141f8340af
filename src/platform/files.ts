// Files, as Node has them. In a page files.browser.ts stands in for this module.
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { failure } from '../spec/issue.ts'

/** The path of a file in a folder. */
export const fileIn = (folder: string, name: string): string => join(folder, name)

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Bytes of a file. @throws LayergraphError of this code when it is not there. */
export async function readBytes(path: string, { code, hint }: { readonly code: string; readonly hint: string }): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) as string)) throw error
    throw failure(code, path, codeOf(error) === 'EISDIR' ? 'is a directory' : 'there is no such file', hint, error)
  }
}

/** Names of the files in a folder, in order. @throws LayergraphError of this code when there is none. */
export async function namesIn(folder: string, { code, hint }: { readonly code: string; readonly hint: string }): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error
    throw failure(code, folder, 'there is no such directory', hint, error)
  }
}

/** The folder of an installed package, seen from the program first, then from here; `null` where there is none. */
export function packageFolder(name: string): string | null {
  for (const place of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return dirname(createRequire(place).resolve(`${name}/package.json`))
    } catch (error) {
      if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error
    }
  }
  return null
}

/**
 * Writes a file so that a reader, or a crash, never meets half of it: into a temporary file beside it, flushed to the
 * disk, then renamed over it. Directories are made as needed.
 *
 * @throws The error of the file system. The temporary file is removed.
 */
export async function writeAtomic(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
