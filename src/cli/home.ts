// Where this package is: the sources or the build.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the package, and its version. */
export interface Home {
  readonly folder: string
  readonly version: string
}

/** Goes up from this file to the package.json, which is further from the built file than from the source. */
export function home(): Home {
  let folder = new URL('.', import.meta.url)
  for (;;) {
    try {
      const text = readFileSync(new URL('package.json', folder), 'utf8')
      return { folder: fileURLToPath(folder), version: (JSON.parse(text) as { version: string }).version }
    } catch (error) {
      const above = new URL('..', folder)
      if (above.href === folder.href) throw error
      folder = above
    }
  }
}
