// What became of the model since it was opened.
import { diff, isSame } from '../../analysis/diff.ts'
import { surveyDocument } from '../../graph/document.ts'
import { showBytes, showCount } from '../../report/numbers.ts'
import { Fold, NodeLink } from './parts.tsx'
import type { Store } from './store.ts'

const NAMES = {
  params: 'parameters', trainableParams: 'trainable', macs: 'MACs', weights: 'weights', activations: 'activations', peak: 'peak, inference', trainingPeak: 'peak, training',
} as const

const BYTES: readonly string[] = ['weights', 'activations', 'peak', 'trainingPeak']

export function Changes({ store }: { readonly store: Store }) {
  const { document, start } = store.history.value.present
  const { sound, survey } = store.project.value
  if (document === start || !sound) return null
  const before = surveyDocument(start, store.definitions.value)
  if (before.issues.length > 0) return null
  const found = diff(before.graph, survey.graph)
  if (isSame(found)) return null
  return (
    <Fold title="Changes since it was opened">
      <table class="changes">
        <thead><tr><th scope="col">total</th><th scope="col" class="n">before</th><th scope="col" class="n">now</th></tr></thead>
        <tbody>
          {found.metrics.filter((one) => one.before !== one.after).map((one) => {
            const show = BYTES.includes(one.name) ? showBytes : showCount
            return <tr key={one.name}><td>{NAMES[one.name]}</td><td>{show(one.before)}</td><td>{show(one.after)}</td></tr>
          })}
        </tbody>
      </table>
      {found.changed.length === 0 ? null : (
        <ul class="plain">
          {found.changed.map(({ id, changes }) => (
            <li key={id}><NodeLink store={store} id={id} /> <span class="soft">{changes.map(({ key, before: was, after }) => `${key} ${JSON.stringify(was)} → ${JSON.stringify(after)}`).join(', ')}</span></li>
          ))}
        </ul>
      )}
      {found.affected.length === 0 ? null : <p class="soft">{showCount(found.affected.length)} more {found.affected.length === 1 ? 'layer follows' : 'layers follow'} from that.</p>}
    </Fold>
  )
}
