// The whole page: a bar, the view that is shown, what is said for a moment.
import { useSignal, useSignalEffect } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { Bar } from './bar.tsx'
import { DropZone, Problem } from './files.tsx'
import { Graph } from './graph.tsx'
import { followKeys } from './shortcuts.ts'
import type { Store } from './store.ts'
import { type View, type ViewProps, views } from './views.ts'

function Loaded({ view, store }: { readonly view: View } & ViewProps) {
  const shown = useSignal<ComponentType<ViewProps> | null>(null)
  useEffect(() => {
    view.load().then((module) => { shown.value = module.default }, () => { store.notice.value = `${view.title} cannot be loaded.` })
  }, [view])
  const Shown = shown.value
  return Shown === null ? <p class="waiting">Loading …</p> : <Shown store={store} />
}

export function App({ store }: { readonly store: Store }) {
  useEffect(() => followKeys(store), [store])
  useSignalEffect(() => {
    if (store.notice.value === '') return undefined
    const timer = setTimeout(() => { store.notice.value = '' }, 4000)
    return () => clearTimeout(timer)
  })
  const view = views.find(({ id }) => id === store.view.value)
  return (
    <>
      <Bar store={store} />
      {view === undefined ? <Graph store={store} /> : <main class="other"><Loaded key={view.id} view={view} store={store} /></main>}
      <div class="notice" role="status">{store.notice.value}</div>
      <Problem store={store} />
      <DropZone store={store} />
    </>
  )
}
