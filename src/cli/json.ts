// layergraph json <model>
import { loadModel } from './model.ts'
import type { ModelOptions } from './options.ts'
import { readSettings } from './settings.ts'

/** Prints the model's graph document. */
export async function json(model: string, options: ModelOptions): Promise<void> {
  const graph = await loadModel(model, readSettings(options.set))
  process.stdout.write(`${JSON.stringify(graph.toJSON(), null, 2)}\n`)
}
