// Files of a run that need not be there.
import { existsSync, readFileSync } from 'node:fs'
import { failure } from '../spec/issue.ts'

/** What the file says, not yet checked; `undefined` when there is none. @throws LayergraphError `store/corrupt` with this cure. */
export function readJsonFile(path: string, hint: string): unknown {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (error) {
    throw failure('store/corrupt', path, `is not JSON: ${(error as Error).message}`, hint, error)
  }
}
