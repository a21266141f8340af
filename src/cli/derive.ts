// layergraph explain <model> <node>, layergraph explain --concept <name> [numbers…]
import { layers } from '../../layers/index.ts'
import { concepts, explainConcept, type Letters } from '../analysis/concepts/index.ts'
import type { Language } from '../analysis/derivation.ts'
import { explain } from '../analysis/explain.ts'
import { conceptList, conceptText, explanationText } from '../report/explain.ts'
import { numbersOnLines } from '../report/json.ts'
import { exampleGraph } from '../report/layerPage.ts'
import type { LayerDefinition } from '../spec/layer.ts'
import { UsageError } from './failure.ts'
import { findNode, loadSized } from './node.ts'
import type { SizedOptions } from './options.ts'

export interface DeriveOptions extends SizedOptions {
  readonly concept?: string | boolean
  readonly lang: Language
  readonly json?: boolean
}

/** ['1,2,9', 'K=3'] by letter; a value without one belongs to the concept's first. */
function readLetters(id: string, texts: readonly string[]): Letters {
  const first = Object.keys(concepts.find((one) => one.id.toLowerCase() === id.toLowerCase())?.letters ?? {})[0] ?? ''
  return Object.fromEntries(texts.map((text) => {
    const cut = text.indexOf('=')
    const [letter, values] = cut < 0 ? [first, text] : [text.slice(0, cut), text.slice(cut + 1)]
    const numbers = values.split(',').map((one) => (one.trim() === '' ? Number.NaN : Number(one)))
    if (numbers.some(Number.isNaN)) throw new UsageError(`${letter} takes numbers such as 1,2,5, but gets "${values}"`)
    return [letter, numbers]
  }))
}

/** A layer by the first example of its page. */
function explainLayer(definition: LayerDefinition, options: DeriveOptions): string {
  const explanation = explain(exampleGraph(definition), definition.kind)
  return options.json ? numbersOnLines(explanation) : explanationText(explanation, options)
}

async function explainNode(words: readonly string[], options: DeriveOptions): Promise<string> {
  const [model, name, ...rest] = words
  const layer = name === undefined ? layers.find(({ kind }) => kind === model) : undefined
  if (layer !== undefined) return explainLayer(layer, options)
  if (model === undefined || name === undefined || rest.length > 0) {
    throw new UsageError('explain takes a model and a node, or a layer', 'or a concept: layergraph explain --concept hdc 1,2,9')
  }
  const graph = await loadSized(model, options)
  const explanation = explain(graph, findNode(graph, name).id)
  return options.json ? numbersOnLines(explanation) : explanationText(explanation, options)
}

/** Prints a derivation. */
export async function derive(words: readonly string[], options: DeriveOptions): Promise<void> {
  const { concept } = options
  let text: string
  if (concept === undefined || concept === false) text = await explainNode(words, options)
  else if (concept === true) text = conceptList(concepts)
  else {
    const explanation = explainConcept(concept, readLetters(concept, words))
    text = options.json ? numbersOnLines(explanation) : conceptText(explanation, options)
  }
  process.stdout.write(text)
}
