// The gallery as Markdown: every model and every concept, with a picture.
import type { Analysis } from '../analysis/analyze.ts'
import { type Bilingual, inLanguage, type Step } from '../analysis/derivation.ts'
import { showCount } from './numbers.ts'
import { showInputs } from './rows.ts'

export interface GalleryModel {
  readonly name: string
  readonly summary: string
  readonly analysis: Analysis
  /** A file, from the page. */
  readonly picture: string
}

export interface GalleryConcept {
  readonly id: string
  readonly name: Bilingual
  readonly meaning: Bilingual
  /** Of its worked example. */
  readonly steps: readonly Step[]
  /** A file, from the page; `null` where nothing can be drawn. */
  readonly picture: string | null
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const image = (file: string, alt: string, height: number): string => `<a href="${file}"><img src="${file}" alt="${alt}" height="${height}"></a>`

function modelRow({ name, summary, analysis, picture }: GalleryModel): string {
  const { params, macs } = analysis.totals
  const numbers = `${analysis.nodes.length} layers, ${showCount(params)} parameters, ${showCount(macs)} MACs for ${showInputs(analysis)}`
  return `| ${image(picture, `${name}, drawn`, 240)} | **${name}** ${cell(summary)}<br>${numbers}<br>\`npx layergraph view ${name}\` |`
}

function conceptRow({ id, name, meaning, steps, picture }: GalleryConcept): string {
  const last = steps.at(-1)
  const example = last === undefined ? '' : `<br>${cell([last.label.en, inLanguage(last.formula, 'en'), inLanguage(last.numbers, 'en'), inLanguage(last.result, 'en')].filter((text) => text !== '').join('; '))}`
  const drawn = picture === null ? '' : image(picture, name.en, 120)
  return `| ${drawn} | **${name.en}**${name.zh === name.en ? '' : ` ${name.zh}`}<br>${cell(meaning.en)}${example}<br>\`npx layergraph explain --concept ${id}\` |`
}

/** The page, with a line break at its end. */
export const galleryPage = (models: readonly GalleryModel[], concepts: readonly GalleryConcept[]): string => [
  '# Gallery', '', 'Every built-in model and every concept that can be explained. Large models are folded into their blocks; the viewer unfolds them.',
  '', '## Models', '', '| | |', '|---|---|', ...models.map(modelRow),
  '', '## Concepts', '', '| | |', '|---|---|', ...concepts.map(conceptRow), '',
].join('\n')
