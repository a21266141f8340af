// The bar at the top: which model, which view, search.
import { graphs } from '../../../graphs/index.ts'
import { printDocument } from '../../graph/document.ts'
import { downloadDocument, OpenButton } from './files.tsx'
import { IconButton } from './icon.tsx'
import { copyLink } from './links.ts'
import { Search } from './search.tsx'
import type { Store } from './store.ts'
import { views } from './views.ts'

function Models({ store }: { readonly store: Store }) {
  const { source } = store.history.value.present
  const isBuiltIn = graphs.some(({ name }) => name === source)
  const choose = (name: string): void => {
    const model = graphs.find((one) => one.name === name)
    if (model !== undefined) store.open({ document: printDocument(model({})), source: name })
  }
  return (
    <select class="models" aria-label="Model" value={source} onChange={(event) => choose(event.currentTarget.value)}>
      {isBuiltIn ? null : <option value={source}>{source}</option>}
      <optgroup label="Built-in models">{graphs.map(({ name }) => <option key={name} value={name}>{name}</option>)}</optgroup>
    </select>
  )
}

function Tabs({ store }: { readonly store: Store }) {
  const shown = views.filter(({ has }) => has(store.given))
  if (shown.length === 0) return null
  return (
    <nav class="tabs" aria-label="Views">
      {[{ id: 'graph', title: 'Graph' }, ...shown].map(({ id, title }) => (
        <button key={id} type="button" aria-current={store.view.value === id ? 'page' : undefined} onClick={() => { store.view.value = id }}>{title}</button>
      ))}
    </nav>
  )
}

export function Bar({ store }: { readonly store: Store }) {
  const { past, future } = store.history.value
  return (
    <header class="bar">
      <h1 class="brand"><svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1" width="9" height="4" rx="1.5" class="seen" /><rect x="6" y="11" width="9" height="4" rx="1.5" class="unit" /><path d="M5 5v4h6v2" class="faint-line" /></svg><span>layergraph</span></h1>
      <Models store={store} />
      <div class="tools" role="toolbar" aria-label="Document">
        <OpenButton store={store} />
        <IconButton name="undo" label="Undo" disabled={past.length === 0} onClick={store.undo} />
        <IconButton name="redo" label="Redo" disabled={future.length === 0} onClick={store.redo} />
        <IconButton name="save" label="Download the graph document" onClick={() => downloadDocument(store)} />
        <IconButton name="link" label="Copy a link to this" onClick={() => { void copyLink(store) }} />
      </div>
      <Tabs store={store} />
      <Search store={store} />
    </header>
  )
}
