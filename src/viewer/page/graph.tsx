// The graph beside what there is to say of the selected node, or of the whole.
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

export const Graph = ({ store }: { readonly store: Store }) => (
  <main class="graph">
    <Canvas store={store} />
    <aside class="panel" aria-label="Details"><Side store={store} /></aside>
  </main>
)
