// The graph beside what there is to say of the selected node, or of the whole.
import { useEffect, useRef } from 'preact/hooks'
import { Canvas } from './canvas.tsx'
import { Overview } from './overview.tsx'
import { NodePanel, ScopePanel } from './panel.tsx'
import type { Store } from './store.ts'

function Side({ store }: { readonly store: Store }) {
  const id = store.selected.value
  if (id === null) return <Overview store={store} />
  const node = store.project.value.nodes.get(id)
  return node === undefined ? <ScopePanel key={id} store={store} scope={id} /> : <NodePanel key={id} store={store} node={node} />
}

export function Graph({ store }: { readonly store: Store }) {
  const panel = useRef<HTMLElement>(null)
  const [selected, opened] = [store.selected.value, store.opened.value]
  // What is new is read from its beginning.
  useEffect(() => panel.current?.scrollTo(0, 0), [selected, opened])
  return (
    <main class="graph">
      <Canvas store={store} />
      <aside ref={panel} class="panel" aria-label="Details"><Side store={store} /></aside>
    </main>
  )
}
