// What a first visit of the viewer's page loads: little, and no tensor library.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'

interface Metafile {
  readonly outputs: Readonly<Record<string, {
    readonly imports: readonly { readonly path: string; readonly kind: string }[]
    readonly inputs: Readonly<Record<string, unknown>>
  }>>
}

const { outputs } = JSON.parse(readFileSync(join(ROOT, 'dist/viewer-files.json'), 'utf8')) as Metafile

/** A file and all that it imports at once. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === 'import-statement') loadedWith(path, seen)
  return seen
}

const first = [...loadedWith('dist/viewer/viewer.js'), ...loadedWith('dist/viewer/worker.js')]

describe('a first visit', () => {
  test('loads less than 300 kB compressed', () => {
    const files = new Set([...first, 'dist/viewer/viewer.css', 'dist/viewer/index.html'])
    const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(ROOT, file))).length, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(300_000)
  })

  test('loads no tfjs, no kernels and nothing of Node', () => {
    const sources = first.flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}))
    expect(sources).toContain('src/viewer/page/main.tsx')
    expect(sources.filter((source) => /@tensorflow|src\/(kernels|ops|runtime|train)\/|^node:/.test(source))).toEqual([])
  })
})
