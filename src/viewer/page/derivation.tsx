// A derivation: each number with its formula, first in letters, then in numbers.
import { type Bilingual, inLanguage, type Step } from '../../analysis/derivation.ts'

function Line({ step }: { readonly step: Step }) {
  const [formula, numbers, result] = [step.formula, step.numbers, step.result].map((words) => inLanguage(words, 'en')) as [string, string, string]
  return (
    <div class="step">
      <dt>{step.label.en}</dt>
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

export const Derivation = ({ sections }: { readonly sections: readonly Section[] }) => (
  <>
    {sections.map(({ title, steps }) => (
      <div key={title.en} class="derivation">
        <h4>{title.en} <span lang="zh" class="soft">{title.zh}</span></h4>
        <dl>{steps.map((step, index) => <Line key={index} step={step} />)}</dl>
      </div>
    ))}
  </>
)
