// The report of a training, as it was saved.
import type { ViewProps } from './views.ts'

export default function Report({ store }: ViewProps) {
  return <iframe class="report" title="Training report" src={store.given?.report} sandbox="" />
}
