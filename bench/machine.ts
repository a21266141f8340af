// The machine that a measurement is worth something on.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly node: string
  readonly v8: string
  readonly system: string
  readonly date: string
}

const version = (path: string): string =>
  (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { readonly version: string }).version

export const machine = (): Machine => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, node: process.versions.node, v8: process.versions.v8,
  system: `${process.platform} ${process.arch}`, date: new Date().toISOString().slice(0, 10),
})

/** layergraph's own version and that of the library beneath. */
export const ownVersions = (): string =>
  `layergraph ${version('../package.json')}, tfjs ${version('../node_modules/@tensorflow/tfjs-core/package.json')}`
