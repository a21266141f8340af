// The page: what it is given, a store, the application.
import { render } from 'preact'
import { graphs, mnistNet } from '../../../graphs/index.ts'
import { printDocument } from '../../graph/document.ts'
import type { Given } from '../model/given.ts'
import { App } from './app.tsx'
import { createStore } from './store.ts'
import { followLinks } from './links.ts'

const given = JSON.parse(document.querySelector('#given')?.textContent ?? 'null') as Given | null
const builtIn = (name: string) => {
  const model = graphs.find((one) => one.name === name)
  return model === undefined ? null : { document: printDocument(model({})), source: name }
}
const store = createStore(given, given ?? { document: printDocument(mnistNet({})), source: mnistNet.name })
await followLinks(store, builtIn)
const place = document.querySelector('#app') as HTMLElement
place.replaceChildren()
render(<App store={store} />, place)
