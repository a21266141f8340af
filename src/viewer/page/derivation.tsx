// A derivation: each number with its formula, first in letters, then in numbers.
import { type Bilingual, inLanguage, type Step } from '../../analysis/derivation.ts'
import type { Language, Store } from './store.ts'

function Line({ step, language }: { readonly step: Step; readonly language: Language }) {
  const [formula, numbers, result] = [step.formula, step.numbers, step.result].map((words) => inLanguage(words, language)) as [string, string, string]
  return (
    <div class="step">
      <dt>{step.label[language]}</dt>
      <dd>
        {formula === '' ? null : <div class="formula">{formula}</div>}
        <div>{numbers === '' || numbers === result ? null : <span class="formula">{numbers} = </span>}<b>{result}</b></div>
      </dd>
    </div>
  )
}

interface Section {
  readonly title: Bilingual
  readonly steps: readonly Step[]
}

interface DerivationProps {
  readonly store: Store
  readonly sections: readonly Section[]
}

const NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }
const LANGUAGES = Object.keys(NAMES) as readonly Language[]
const OTHER: Readonly<Record<Language, Language>> = { en: 'zh', zh: 'en' }

export function Derivation({ store, sections }: DerivationProps) {
  const language = store.language.value
  const other = OTHER[language]
  return (
    <>
      <div class="languages" role="group" aria-label="Language of the explanation">
        {LANGUAGES.map((one) => (
          <button key={one} type="button" class="action" lang={one} aria-pressed={one === language} onClick={() => { store.language.value = one }}>{NAMES[one]}</button>
        ))}
      </div>
      <div lang={language}>
        {sections.map(({ title, steps }) => (
          <div key={title.en} class="derivation">
            <h4>{title[language]} <span lang={other} class="soft">{title[other]}</span></h4>
            <dl>{steps.map((step, index) => <Line key={index} step={step} language={language} />)}</dl>
          </div>
        ))}
      </div>
    </>
  )
}
