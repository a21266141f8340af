// Writes dist/schema/graph.json: the JSON Schema of the graph document, for editors. Runs after tsc.
import { mkdirSync, writeFileSync } from 'node:fs'
import { documentSchema } from '../dist/src/graph/document.js'

const folder = new URL('../dist/schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('graph.json', folder), `${JSON.stringify(documentSchema(), null, 2)}\n`)
