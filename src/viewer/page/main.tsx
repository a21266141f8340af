// The page: what it is given, a store, the application.
import { render } from 'preact'
import { graphs, mnistNet } from '../../../graphs/index.ts'
import { printDocument } from '../../graph/document.ts'
import type { Given } from '../model/given.ts'
import type { Pages } from './about.tsx'
import { App } from './app.tsx'
import { createStore } from './store.ts'
import { askedView, followLinks } from './links.ts'
import { views } from './views.ts'

const given = JSON.parse(document.querySelector('#given')?.textContent ?? 'null') as Given | null
const builtIn = (name: string) => {
  const model = graphs.find((one) => one.name === name)
  return model === undefined ? null : { document: printDocument(model({})), source: name }
}
const asked = askedView(given)
const store = createStore(given, given ?? { document: printDocument(mnistNet({})), source: mnistNet.name }, asked)
// What is seen first is fetched beside the rest.
const view = views.find(({ id }) => id === store.view.value)
if (view?.worker !== undefined) store.starts.start(view.worker)
// Whoever shows it loads it again, and says so where that fails.
view?.load().catch(() => undefined)
await followLinks(store, builtIn)
const place = document.querySelector('#app') as HTMLElement
place.replaceChildren()
render(<App store={store} />, place)
fetch('layers.json').then((response) => response.json() as Promise<Pages>).then(
  (pages) => { store.pages.value = pages }, () => { store.notice.value = 'The pages of the layers cannot be loaded.' },
)
