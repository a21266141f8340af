// Derivations, for the terminal.
import type { ConceptExplanation } from '../analysis/concepts/index.ts'
import { type Bilingual, inLanguage, type Language, type Step } from '../analysis/derivation.ts'
import type { Explanation } from '../analysis/explain.ts'
import { showDims } from '../spec/tensor.ts'

export interface ExplainOptions {
  /** Default 'en': English, with the concepts' Chinese names beside. */
  readonly lang?: Language
}

/** "gridding effect 网格效应", or the Chinese alone. */
const named = (text: Bilingual, lang: Language): string =>
  (lang === 'zh' || text.en === text.zh ? text.zh : `${text.en} ${text.zh}`)

/** Columns that a text takes in a terminal: Chinese characters take two. */
const columns = (text: string): number => [...text].reduce((sum, letter) => sum + (/[\u2e80-\u9fff\uff00-\uff60]/.test(letter) ? 2 : 1), 0)
const padTo = (text: string, width: number): string => text + ' '.repeat(Math.max(width - columns(text), 0))

const isNumber = (text: string): boolean => /^[-−\d.,e×? ]+$/.test(text)

/** A label with the formula, and below it the numbers and what they give. */
function stepLines(steps: readonly Step[], lang: Language): string {
  const width = Math.max(...steps.map(({ label }) => columns(named(label, lang))))
  return steps.flatMap((one) => {
    const [formula, numbers, result] = [one.formula, one.numbers, one.result].map((words) => inLanguage(words, lang)) as [string, string, string]
    const name = `  ${padTo(named(one.label, lang), width)}  `
    const rest = ' '.repeat(width + 4)
    if (formula === '') return [`${name}${result}`]
    const equals = isNumber(result) ? '=' : '→'
    return [`${name}${formula}`, `${rest}${numbers === '' || numbers === result ? `${equals} ${result}` : `= ${numbers} ${equals} ${result}`}`]
  }).join('\n')
}

/** Every number of a node. */
export function explanationText({ id, kind, summary, summaryZh, paper, concepts, from, sections }: Explanation, { lang = 'en' }: ExplainOptions = {}): string {
  const head = [
    `${id} (${kind})  ${concepts.map((concept) => named(concept, lang)).join(', ')}`,
    lang === 'zh' ? summaryZh ?? summary : summary,
    ...from.map((source) => `${lang === 'zh' ? '来自' : 'from'} ${source.id} ${showDims(source.shape)}`),
  ]
  const parts = sections.map(({ title, steps }) => `${named(title, lang)}\n${stepLines(steps, lang)}`)
  const source = paper === undefined ? [] : [`${paper.authors}, "${paper.title}", ${paper.year}${paper.url === undefined ? '' : `, ${paper.url}`}`]
  return `${[head.join('\n'), ...parts, ...source].join('\n\n')}\n`
}

/** A concept with its numbers. */
export function conceptText({ name, meaning, steps }: ConceptExplanation, { lang = 'en' }: ExplainOptions = {}): string {
  return `${named(name, lang)}\n${meaning[lang]}\n\n${stepLines(steps, lang)}\n`
}

/** What can be explained by name. */
export function conceptList(concepts: readonly { readonly id: string; readonly name: Bilingual; readonly letters: Readonly<Record<string, readonly number[]>> }[]): string {
  const width = Math.max(...concepts.map(({ id }) => id.length))
  return `${concepts.map(({ id, name, letters }) =>
    `${id.padEnd(width)}  ${named(name, 'en')}  ${Object.entries(letters).map(([letter, values]) => `${letter}=${values.join(',')}`).join(' ')}`).join('\n')}\n`
}
