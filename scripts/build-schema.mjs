// Writes dist/schema/: the JSON Schemas of the graph document and of `summary --json`, for editors. Runs after tsc.
import { mkdirSync, writeFileSync } from 'node:fs'
import { documentSchema } from '../dist/src/graph/document.js'
import { summaryJsonSchema } from '../dist/src/report/schema.js'

const folder = new URL('../dist/schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, schema] of [['graph', documentSchema()], ['summary', summaryJsonSchema()]]) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(schema, null, 2)}\n`)
}
